/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/state_row.h"

#include <arpa/inet.h>

#include "record/process_row.h"

/* Points in time are cut to microseconds, and not what lies between: as in the session's own row.
 */
static void set_times(const struct state_event *e, struct tlz_row *ret)
{
    uint64_t time_us = e->time_ns / 1000;
    uint64_t since_us = e->since_ns / 1000;

    tlz_row_set(ret, TLZ_TIME_US, time_us);
    if (since_us) /* processors may disagree by some nanoseconds */
        tlz_row_set(ret, TLZ_IN_OLD_US, since_us < time_us ? time_us - since_us : 0);
}

/* The idle task is a process here, of number 0: tcpstates shows it. */
static void set_task(const struct state_event *e, struct tlz_row *ret)
{
    tlz_row_set(ret, TLZ_TASK_PID, e->task.pid);
    tlz_row_set_name(ret, TLZ_TASK_COMM, e->task.comm, sizeof e->task.comm);
}

static void set_address(const struct state_event *e, enum tlz_field field, const __be32 *from,
                        struct tlz_row *ret)
{
    struct tlz_bytes address;

    if (e->flags & EVENT_V6_SOCKET)
        memcpy(address.b, from, sizeof address.b);
    else
        tlz_address_from_v4(&address, (const uint8_t *)from);
    tlz_row_set_address(ret, field, address.b);
}

static void set_place(const struct state_event *e, struct tlz_row *ret)
{
    set_address(e, TLZ_LADDR, e->laddr, ret);
    set_address(e, TLZ_RADDR, e->raddr, ret);
    tlz_row_set(ret, TLZ_LPORT, ntohs(e->lport));
    tlz_row_set(ret, TLZ_RPORT, ntohs(e->rport));
    tlz_row_set(ret, TLZ_V6_SOCKET, !!(e->flags & EVENT_V6_SOCKET));
    tlz_row_set(ret, TLZ_UID, e->uid);
    tlz_row_set(ret, TLZ_NETNS, e->netns);
    if (e->cgroup)
        tlz_row_set(ret, TLZ_CGROUP, e->cgroup);
}

void state_from_event(const struct state_event *e, uint64_t socket, struct tlz_row *ret)
{
    tlz_row_clear(ret);
    set_times(e, ret);
    tlz_row_set(ret, TLZ_SOCKET, socket);
    tlz_row_set(ret, TLZ_OLD_STATE, e->old_state);
    tlz_row_set(ret, TLZ_NEW_STATE, e->new_state);
    set_task(e, ret);
    set_processes(e->flags, &e->origin, &e->user, &e->closer, &e->acceptor, ret);
    set_place(e, ret);
}

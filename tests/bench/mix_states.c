/* SPDX-License-Identifier: BSD-2-Clause */
#include "mix_states.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "mix_random.h"
#include "mix_tcp.h"
#include "record/session_row.h"

#define CHANGES_MAX 8 /* of a session */
#define SWAPPERS    16

/* The states in an order that every path through TCP's state machine keeps. */
static const enum tlz_state path[] = {
    TLZ_STATE_SYN_SENT,  TLZ_STATE_SYN_RECV, TLZ_STATE_ESTABLISHED, TLZ_STATE_FIN_WAIT1,
    TLZ_STATE_FIN_WAIT2, TLZ_STATE_CLOSING,  TLZ_STATE_CLOSE_WAIT,  TLZ_STATE_LAST_ACK,
};

/* To which state a session goes, and when. */
struct change {
    uint64_t ns;
    uint64_t in_old_ns; /* 0 = not known */
    uint32_t session;
    uint8_t old_state, new_state;
};

struct mix_states {
    struct mix_random random;
    struct event *events;
    uint32_t sessions;
    struct change *changes;
    size_t count, next;
};

static void add_change(struct mix_states *m, uint32_t session, enum tlz_state old_state,
                       enum tlz_state new_state, uint64_t ns, uint64_t before_ns)
{
    m->changes[m->count++] = (struct change){.ns = ns,
                                             .in_old_ns = before_ns ? ns - before_ns : 0,
                                             .session = session,
                                             .old_state = (uint8_t)old_state,
                                             .new_state = (uint8_t)new_state};
}

static void add_changes(struct mix_states *m, uint32_t session)
{
    const struct event *e = &m->events[session];
    enum tlz_state state =
        e->visited & 1u << TLZ_STATE_SYN_RECV ? TLZ_STATE_LISTEN : TLZ_STATE_CLOSE;
    uint64_t before_ns = 0;

    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        uint64_t ns = event_at(e, path[i]);

        if (!(e->visited & 1u << path[i]))
            continue;
        if (ns && e->flags & EVENT_BEGUN)
            add_change(m, session, state, path[i], ns, before_ns);
        before_ns = ns;
        state = path[i];
    }
    add_change(m, session, state, TLZ_STATE_CLOSE, e->entered_ns[EVENT_CLOSE], before_ns);
}

static int compare_changes(const void *a, const void *b)
{
    const struct change *x = a, *y = b;

    return (x->ns > y->ns) - (x->ns < y->ns);
}

int mix_states_open(struct mix_states **ret, uint64_t seed, uint32_t sessions)
{
    struct mix_states *m = calloc(1, sizeof *m);
    struct mix *mix = NULL;

    if (!m || mix_open(&mix, seed) < 0) {
        free(m);
        return -ENOMEM;
    }
    m->sessions = sessions;
    random_seed(&m->random, seed);
    m->events = calloc(sessions, sizeof *m->events);
    m->changes = calloc(sessions, CHANGES_MAX * sizeof *m->changes);
    if (!m->events || !m->changes) {
        mix_free(mix);
        mix_states_free(m);
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < sessions; i++) {
        mix_next_event(mix, &m->events[i]);
        add_changes(m, i);
    }
    mix_free(mix);
    qsort(m->changes, m->count, sizeof *m->changes, compare_changes);
    *ret = m;
    return 0;
}

struct mix_states *mix_states_free(struct mix_states *m)
{
    if (m) {
        free(m->events);
        free(m->changes);
        free(m);
    }
    return NULL;
}

/* In connect(), close() and the like the session's process runs; in a soft interrupt an idle
 * processor, or whoever was interrupted. */
static void set_task(struct mix_states *m, const struct change *c, struct tlz_row *ret)
{
    const struct event *e = &m->events[c->session];
    bool is_own = c->new_state == TLZ_STATE_SYN_SENT || c->new_state == TLZ_STATE_FIN_WAIT1 ||
                  c->new_state == TLZ_STATE_LAST_ACK;
    char swapper[16];

    if (!is_own && random_below(&m->random, 5) < 3) {
        snprintf(swapper, sizeof swapper, "swapper/%u",
                 (unsigned)random_below(&m->random, SWAPPERS));
        tlz_row_set(ret, TLZ_TASK_PID, 0);
        tlz_row_set_name(ret, TLZ_TASK_COMM, swapper, sizeof swapper);
        return;
    }
    if (!is_own)
        e = &m->events[random_below(&m->random, m->sessions)];
    tlz_row_set(ret, TLZ_TASK_PID, e->closer.pid ? e->closer.pid : e->origin.pid);
    tlz_row_set_name(ret, TLZ_TASK_COMM, e->closer.pid ? e->closer.comm : e->origin.comm,
                     sizeof e->origin.comm);
}

/* What is known of the session's processes by then. */
static void set_owner(const struct change *c, const struct tlz_row *session, struct tlz_row *ret)
{
    static const enum tlz_field fields[] = {TLZ_CONNECT_PID, TLZ_CONNECT_COMM, TLZ_LISTEN_PID,
                                            TLZ_LISTEN_COMM, TLZ_CLOSER_PID,   TLZ_CLOSER_COMM};
    bool is_closing = session->value[TLZ_FIN_US].u <= c->ns / 1000;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!tlz_row_has(session, fields[i]) || (i >= 4 && !is_closing))
            continue;
        tlz_fieldset_add(&ret->present, fields[i]);
        ret->value[fields[i]] = session->value[fields[i]];
    }
}

/* A connecting socket has no port yet, and one that a listener makes has the listener's addresses.
 */
static void set_addresses(const struct change *c, const struct tlz_row *session,
                          struct tlz_row *ret)
{
    static const uint8_t zeros[4];
    bool is_child = c->new_state == TLZ_STATE_SYN_RECV && c->old_state == TLZ_STATE_LISTEN;
    struct tlz_bytes none;

    tlz_address_from_v4(&none, zeros);
    tlz_row_set_address(ret, TLZ_LADDR, is_child ? none.b : session->value[TLZ_LADDR].bytes.b);
    tlz_row_set_address(ret, TLZ_RADDR, is_child ? none.b : session->value[TLZ_RADDR].bytes.b);
    tlz_row_set(ret, TLZ_LPORT,
                c->new_state == TLZ_STATE_SYN_SENT ? 0 : session->value[TLZ_LPORT].u);
    tlz_row_set(ret, TLZ_RPORT, is_child ? 0 : session->value[TLZ_RPORT].u);
}

bool mix_states_next(struct mix_states *m, struct tlz_row *ret)
{
    static const enum tlz_field same[] = {TLZ_UID, TLZ_NETNS, TLZ_CGROUP, TLZ_V6_SOCKET};
    const struct change *c = &m->changes[m->next];
    struct tlz_row session;

    if (m->next == m->count)
        return false;
    m->next++;
    session_from_event(&m->events[c->session], &session);
    tlz_row_clear(ret);
    tlz_row_set(ret, TLZ_TIME_US, c->ns / 1000);
    tlz_row_set(ret, TLZ_SOCKET, c->session * 0x9e3779b97f4a7c15 >> 16);
    tlz_row_set(ret, TLZ_OLD_STATE, c->old_state);
    tlz_row_set(ret, TLZ_NEW_STATE, c->new_state);
    if (c->in_old_ns)
        tlz_row_set(ret, TLZ_IN_OLD_US, c->in_old_ns / 1000);
    set_task(m, c, ret);
    set_owner(c, &session, ret);
    set_addresses(c, &session, ret);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (tlz_row_has(&session, same[i]))
            tlz_row_set(ret, same[i], session.value[same[i]].u);
    }
    return true;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which sessions are wanted, asked of the event when everything is known. */
#ifndef BPF_SESSION_FILTER_H
#define BPF_SESSION_FILTER_H

#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>

#include "event.h"
#include "event_fill.h"

/* The numbers of a filter; the recorder sets their sizes. */
#define NUMBERS_MAP(name)                                                                          \
    struct {                                                                                       \
        __uint(type, BPF_MAP_TYPE_HASH);                                                           \
        __uint(max_entries, 1);                                                                    \
        __type(key, __u32);                                                                        \
        __type(value, __u8);                                                                       \
    } name SEC(".maps")

NUMBERS_MAP(wanted_pids);
NUMBERS_MAP(wanted_uids);

/* Bitmaps of ports as they stand in memory, in network order, so that nothing is swapped here. */
__u64 wanted_lports[65536 / 64];
__u64 wanted_rports[65536 / 64];

static __always_inline bool port_is_in(const __u64 *bitmap, __u16 port)
{
    return bitmap[port / 64] >> (port % 64) & 1;
}

/* The owner's pid by the one rule (enum tlz_owner in format/field.h), 0 = not known. */
static __always_inline __u32 owner_pid(const struct event *e)
{
    if (e->flags & EVENT_CONNECTED && e->origin.pid)
        return e->origin.pid;
    return e->user.pid ?: e->closer.pid ?: e->acceptor.pid ?: e->origin.pid;
}

static __always_inline bool netns_is_wanted(const struct event *e)
{
    return !settings.filter_netns || e->netns == settings.filter_netns;
}

static __always_inline bool ports_are_wanted(__be16 lport, __be16 rport)
{
    if (settings.filter_lports && !port_is_in(wanted_lports, lport))
        return false;
    return !settings.filter_rports || port_is_in(wanted_rports, rport);
}

static __always_inline bool user_is_wanted(__u32 uid)
{
    return !settings.filter_uids || bpf_map_lookup_elem(&wanted_uids, &uid);
}

static __always_inline bool process_is_wanted(__u32 pid)
{
    return !settings.filter_pids || (pid && bpf_map_lookup_elem(&wanted_pids, &pid));
}

/* All but the process. */
static __always_inline bool socket_is_wanted(const struct event *e)
{
    if (settings.filter_family && (e->flags & EVENT_V6 ? 6 : 4) != settings.filter_family)
        return false;
    if (!ports_are_wanted(e->lport, e->rport) || !netns_is_wanted(e))
        return false;
    if (settings.wanted_cgroup && !(e->flags & EVENT_IN_CGROUP))
        return false;
    return user_is_wanted(e->uid);
}

static __always_inline bool event_is_wanted(const struct event *e)
{
    return socket_is_wanted(e) && process_is_wanted(owner_pid(e));
}

#endif

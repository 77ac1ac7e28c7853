/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The way of an event to the recorder, and the count of those that do not get there. */
#ifndef BPF_SESSION_SEND_H
#define BPF_SESSION_SEND_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "event.h"
#include "session_filter.h"
#include "session_store.h"

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, EVENT_LOSSES);
    __type(key, __u32);
    __type(value, __u64);
} losses SEC(".maps");

/* A place in which the event of a lost session is made, to ask the filters. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct event);
} lost_event SEC(".maps");

static __always_inline void count_losses(__u32 cause, __u32 number)
{
    __u64 *count = bpf_map_lookup_elem(&losses, &cause);

    if (count)
        __sync_fetch_and_add(count, number); /* an interrupt may count, too */
}

static __always_inline void count_loss(__u32 cause)
{
    count_losses(cause, 1);
}

#ifdef PERF_BUFFER
#include "output_perf.h"
#else
#include "output_ring.h"
#endif

static __always_inline void event_send(struct event *e, void *context)
{
    if (!event_is_wanted(e))
        return;
    if (ring_output(context, e, event_bytes(e), e->entered_ns[EVENT_CLOSE], EVENT_LOSS_RING_FULL) &&
        e->flags & EVENT_GAP)
        count_loss(EVENT_LOSS_UNSEEN);
}

/* A session that got no place has ended. Who owned it is not known, so -p leaves nothing out. */
static __always_inline void count_unstored(struct sock *sk, struct tcp_sock *tp)
{
    __u32 zero = 0;
    struct event *e = bpf_map_lookup_elem(&lost_event, &zero);

    if (!e)
        return;
    e->flags = 0;
    fill_context(e, sk, tp, SOCKETS_ARE_PROBED);
    fill_addresses(e, tp, SOCKETS_ARE_PROBED);
    if (socket_is_wanted(e))
        count_loss(EVENT_LOSS_NO_STORAGE);
}

#endif

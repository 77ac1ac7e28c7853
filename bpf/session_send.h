/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The way of an event to the recorder, and the count of those that do not get there. */
#ifndef BPF_SESSION_SEND_H
#define BPF_SESSION_SEND_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "event.h"
#include "session_filter.h"
#include "session_table.h"

struct events_of_some {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
};

/*
 * Several rings, so that processors seldom wait for each other's. The recorder makes them, and sets
 * how many.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct events_of_some);
} rings SEC(".maps");

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

/* Set by the recorder before the program is loaded: the number of rings less one; wake it when so
 * much waits in a ring, and look at the ring when these bits of a number made of an event's time
 * are 0. */
const volatile __u32 ring_mask;
const volatile __u64 wakeup_bytes;
const volatile __u64 wakeup_look_mask;

/* A wakeup is under way. The recorder clears it when it has emptied the rings. */
volatile __u32 wakeup_sent __attribute__((aligned(64)));

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

/* Waking the recorder for each event costs it 2.5 us; so only when a share of the ring is filled,
 * and once. */
static __always_inline __u64 wakeup_flags(__u64 time_ns, void *ring)
{
    /* Of a clock that goes in steps the lower bits may always be the same. */
    __u32 turn = (__u32)time_ns * 0x9e3779b1u >> 27;

    if (turn & wakeup_look_mask || wakeup_sent ||
        bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) < wakeup_bytes)
        return BPF_RB_NO_WAKEUP;
    return BPF_RB_FORCE_WAKEUP;
}

/* Puts an event of that time into this processor's ring. False: it is full, which is counted. */
static __always_inline bool ring_output(void *event, __u32 bytes, __u64 time_ns, __u32 loss)
{
    __u32 i = bpf_get_smp_processor_id() & ring_mask;
    void *ring = bpf_map_lookup_elem(&rings, &i);
    __u64 flags;

    if (!ring)
        return false;
    flags = wakeup_flags(time_ns, ring);
    if (bpf_ringbuf_output(ring, event, bytes, flags) < 0) {
        count_loss(loss);
        return false;
    }
    if (flags == BPF_RB_FORCE_WAKEUP)
        wakeup_sent = 1;
    return true;
}

static __always_inline void event_send(struct event *e)
{
    if (!event_is_wanted(e))
        return;
    if (ring_output(e, event_bytes(e), e->entered_ns[EVENT_CLOSE], EVENT_LOSS_RING_FULL) &&
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
    fill_context(e, sk, tp, false);
    fill_addresses(e, tp, false);
    if (socket_is_wanted(e))
        count_loss(EVENT_LOSS_NO_STORAGE);
}

#endif

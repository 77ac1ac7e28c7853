/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Events go through ring buffers (Linux 5.8). Only session_send.h includes this. */
#ifndef BPF_OUTPUT_RING_H
#define BPF_OUTPUT_RING_H

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

/* A wakeup is under way. The recorder clears it when it has emptied the rings. */
volatile __u32 wakeup_sent __attribute__((aligned(64)));

/* Waking the recorder for each event costs it 2.5 us; so only when a share of the ring is filled,
 * and once. */
static __always_inline __u64 wakeup_flags(__u64 time_ns, void *ring)
{
    /* Of a clock that goes in steps the lower bits may always be the same. */
    __u32 turn = (__u32)time_ns * 0x9e3779b1u >> 27;

    if (turn & settings.wakeup_look_mask || wakeup_sent ||
        bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) < settings.wakeup_bytes)
        return BPF_RB_NO_WAKEUP;
    return BPF_RB_FORCE_WAKEUP;
}

/* Puts an event of that time into this processor's ring. False: it is full, which is counted. */
static __always_inline bool ring_output(void *context, void *event, __u32 bytes, __u64 time_ns,
                                        __u32 loss)
{
    __u32 i = bpf_get_smp_processor_id() & settings.ring_mask;
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

#endif

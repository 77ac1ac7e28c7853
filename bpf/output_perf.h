/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Events go through a perf buffer for each processor, on any kernel. Only session_send.h includes
 * this. */
#ifndef BPF_OUTPUT_PERF_H
#define BPF_OUTPUT_PERF_H

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
} events SEC(".maps");

/* An update of it waits for all program runs from before. */
struct fence_inner {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct fence_inner);
} fence SEC(".maps");

/* Puts an event into this processor's buffer, which wakes the recorder by itself. False: it is
 * full, which is counted. */
static __always_inline bool ring_output(void *context, void *event, __u32 bytes, __u64 time_ns,
                                        __u32 loss)
{
    if (bpf_perf_event_output(context, &events, BPF_F_CURRENT_CPU, event, bytes) == 0)
        return true;
    count_loss(loss);
    return false;
}

#endif

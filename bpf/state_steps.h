/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The order of TCP's states (RFC 9293, figure 5), for changes that were not seen. */
#ifndef BPF_STATE_STEPS_H
#define BPF_STATE_STEPS_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "event.h"

/* The state that it was last seen in: of those visited, the furthest on the way (RFC 9293). */
static __always_inline __u32 last_state(const struct event *e)
{
    const __u8 order[] = {TCP_LAST_ACK,  TCP_CLOSING,     TCP_FIN_WAIT2, TCP_CLOSE_WAIT,
                          TCP_FIN_WAIT1, TCP_ESTABLISHED, TCP_SYN_RECV};

    for (unsigned i = 0; i < sizeof order; i++)
        if (e->visited & 1 << order[i])
            return order[i];
    return TCP_SYN_SENT;
}

/* By how many changes at least a state comes after CLOSE or LISTEN, by four bits a state. */
#define STEPS_OF_STATES                                                                            \
    (1ULL << 4 * TCP_SYN_SENT | 1ULL << 4 * TCP_SYN_RECV | 2ULL << 4 * TCP_ESTABLISHED |           \
     3ULL << 4 * TCP_FIN_WAIT1 | 3ULL << 4 * TCP_CLOSE_WAIT | 4ULL << 4 * TCP_FIN_WAIT2 |          \
     4ULL << 4 * TCP_CLOSING | 4ULL << 4 * TCP_LAST_ACK)

/* How many changes led to that state unseen, at least. */
static __always_inline __u32 unseen_before(const struct event *e, __u32 state)
{
    __u32 seen = e->visited ? STEPS_OF_STATES >> 4 * last_state(e) & 15 : 0;
    __u32 steps = STEPS_OF_STATES >> 4 * (state & 15) & 15;

    return steps > seen ? steps - seen : 1;
}

#endif

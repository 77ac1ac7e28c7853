/* SPDX-License-Identifier: BSD-2-Clause */
/* A TCP session of the reference mix, from what the programs do to what the kernel counts of it. */
#ifndef BENCH_MIX_TCP_H
#define BENCH_MIX_TCP_H

#include <stddef.h>

#include "bpf/event.h"
#include "format/field.h"
#include "mix_hosts.h"

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

/* What two programs do with a session, seen from this side. */
struct tcp_plan {
    uint64_t open_ns;
    const struct process *process;  /* that connects, or that accepts */
    const struct process *listener; /* NULL: this side connects */
    const uint8_t *laddr;
    const struct peer *peer;
    uint16_t lport;
    uint16_t rport;
    bool v6_socket;
    bool bbr;
    uint64_t tx_bytes; /* payload */
    uint64_t rx_bytes;
    uint32_t exchanges;        /* of requests and replies */
    uint64_t work_ns;          /* from the handshake to the first FIN or reset; or of an attempt */
    uint64_t react_ns;         /* from a FIN to the other side's close() */
    uint32_t fin_ack_permille; /* how often the peer's FIN comes with its acknowledgement of ours */
    bool fins_cross;           /* CLOSED_HERE: both sides close before they hear of it */
    uint32_t loss_permille;    /* how many such sessions lose segments */
    enum tlz_end end;
};

/* The event of such a session; its cookie is left out. */
void tcp_run(struct mix_random *r, const struct tcp_plan *plan, struct event *ret);

/* The other side of a session over loopback, from the side that connected, where both run here. */
void tcp_mirror(struct mix_random *r, const struct event *connector, const struct process *process,
                const struct process *listener, struct event *ret);

/* Parts of making an event: it comes into a state; that process did it. */
void event_enter(struct event *e, enum tlz_state state, uint64_t ns);
void event_set_process(struct event_process *ret, const struct process *process);
/* Either may be IPv4's in its mapped form. */
void event_set_addresses(struct event *e, const uint8_t laddr[16], const uint8_t raddr[16]);

/* When it came into that state; 0 = it did not. */
static inline uint64_t event_at(const struct event *e, enum tlz_state state)
{
    return e->visited >> state & 1 ? e->entered_ns[event_time_of(state)] : 0;
}

/* How long such a transfer takes beyond the round trips. */
uint64_t tcp_transfer_ns(uint64_t bytes, uint64_t bytes_per_ms);

#endif

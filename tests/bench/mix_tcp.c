/* SPDX-License-Identifier: BSD-2-Clause */
#include "mix_tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "format/row.h"

#define INITIAL_CWND    10
#define SHUTDOWN_MASK   3
#define MIN_RTT_NONE    UINT32_MAX
#define MSS_OF_ATTEMPT  524 /* before the peer said its own: 536 less the time stamps */
#define SAMPLES_MAX     10  /* of the round-trip time that matter for srtt */
#define FIN_RETRIES_OUT 8   /* net.ipv4.tcp_orphan_retries */

/* Between two states that one segment leads through. */
static uint64_t instant_ns(struct mix_random *r)
{
    return random_lognormal(r, 1800, 600);
}

static uint64_t rtt_sample_ns(struct mix_random *r, const struct tcp_plan *plan)
{
    return plan->peer->rtt_us * NS_PER_US +
           random_exponential(r, plan->peer->jitter_us * NS_PER_US);
}

void event_enter(struct event *e, enum tlz_state state, uint64_t ns)
{
    e->entered_ns[event_time_of(state)] = ns;
    e->visited |= (uint16_t)(1u << state);
    e->old_state = (uint8_t)state;
}

void event_set_process(struct event_process *ret, const struct process *process)
{
    ret->pid = process->pid;
    memcpy(ret->comm, process->comm, sizeof process->comm);
}

void event_set_addresses(struct event *e, const uint8_t laddr[16], const uint8_t raddr[16])
{
    if (tlz_address_family((const struct tlz_bytes *)raddr) == 6)
        e->flags |= EVENT_V6;
    memcpy(e->laddr6, laddr, sizeof e->laddr6);
    memcpy(e->raddr6, raddr, sizeof e->raddr6);
    e->laddr = e->laddr6[3];
    e->raddr = e->raddr6[3];
}

static void set_context(const struct tcp_plan *plan, struct event *e)
{
    event_set_addresses(e, plan->laddr, plan->peer->address);
    e->lport = htons(plan->lport);
    e->rport = htons(plan->rport);
    e->uid = plan->process->uid;
    e->cgroup = plan->process->cgroup;
    e->netns = plan->process->netns;
    memcpy(e->congestion, plan->bbr ? "bbr" : "cubic", plan->bbr ? 3 : 5);
    if (plan->v6_socket)
        e->flags |= EVENT_V6_SOCKET;
    event_set_process(&e->origin, plan->listener ? plan->listener : plan->process);
    e->flags |= EVENT_BEGUN | (plan->listener ? EVENT_ACCEPTED : EVENT_CONNECTED);
}

/* SYNs sent again after so long: first each second, then doubling (net.ipv4.tcp_syn_linear_timeouts
 * = 4). */
static uint32_t syn_retries(uint64_t ns)
{
    static const uint8_t at_s[] = {1, 2, 3, 4, 5, 7, 11, 19, 35};
    uint32_t n = 0;

    while (n < sizeof at_s && ns > at_s[n] * NS_PER_S)
        n++;
    return n;
}

static bool fails_in_handshake(const struct tcp_plan *plan)
{
    return plan->end == TLZ_END_REFUSED || plan->end == TLZ_END_UNREACHABLE ||
           plan->end == TLZ_END_GAVE_UP || (plan->end == TLZ_END_TIMED_OUT && !plan->listener);
}

static void run_attempt(const struct tcp_plan *plan, struct event *e)
{
    event_enter(e, TLZ_STATE_SYN_SENT, plan->open_ns);
    e->entered_ns[EVENT_CLOSE] = plan->open_ns + plan->work_ns;
    e->flags |= EVENT_HAS_SOCKET;
    e->retrans_segs = syn_retries(plan->work_ns);
    e->segs_out = 1 + e->retrans_segs;
    e->mss = MSS_OF_ATTEMPT;
    e->cwnd = e->retrans_segs ? 1 : INITIAL_CWND;
    e->min_rtt_us = MIN_RTT_NONE;
    switch (plan->end) {
    case TLZ_END_REFUSED:
        e->error = ECONNREFUSED;
        e->segs_in = 1;
        break;
    case TLZ_END_UNREACHABLE:
        e->error = EHOSTUNREACH;
        break;
    case TLZ_END_TIMED_OUT:
        e->error = ETIMEDOUT;
        break;
    default:
        e->flags |= EVENT_OWNED;
        e->shutdown = SHUTDOWN_MASK;
        event_set_process(&e->closer, plan->process);
    }
}

/* Segments of `bytes` in that many pieces, each of which begins a segment. */
static uint32_t segments(uint64_t bytes, uint32_t pieces, uint32_t mss)
{
    uint64_t piece = pieces ? (bytes + pieces - 1) / pieces : 0;

    if (!bytes)
        return 0;
    return (uint32_t)(pieces * ((piece + mss - 1) / mss ? (piece + mss - 1) / mss : 1));
}

/* Acknowledgements without data for that many segments, of which `pieces` are answered by data. */
static uint32_t bare_acks(struct mix_random *r, uint32_t segs, uint32_t pieces)
{
    uint32_t rest = segs > pieces ? segs - pieces : 0;
    uint32_t percent = (uint32_t)random_between(r, 30, 60);

    return rest * percent / 100 + random_below(r, pieces / 3 + 2);
}

/* The smoothed round-trip time as tcp_rtt_estimator() has it (net/ipv4/tcp_input.c). */
static void measure_rtt(struct mix_random *r, const struct tcp_plan *plan, struct event *e)
{
    uint64_t count = 1 + e->segs_out / 3, srtt8 = 0;

    e->min_rtt_us = MIN_RTT_NONE;
    for (uint64_t i = 0; i < count && i < SAMPLES_MAX; i++) {
        uint64_t sample_us = rtt_sample_ns(r, plan) / NS_PER_US;

        sample_us = sample_us ? sample_us : 1;
        e->min_rtt_us = sample_us < e->min_rtt_us ? (uint32_t)sample_us : e->min_rtt_us;
        if (i + 1 == count && random_permille(r, 60)) /* a delayed acknowledgement */
            sample_us += random_between(r, 2000, 41000);
        srtt8 = srtt8 ? srtt8 - srtt8 / 8 + sample_us : 8 * sample_us;
    }
    e->srtt_us_shifted = (uint32_t)srtt8;
}

static void lose_segments(struct mix_random *r, const struct tcp_plan *plan, uint32_t tx_segs,
                          struct event *e)
{
    uint64_t lost = 1 + random_exponential(r, tx_segs) / 90, piece;

    lost = lost < tx_segs ? lost : tx_segs;
    piece = plan->tx_bytes / (plan->exchanges ? plan->exchanges : 1);
    e->retrans_segs = (uint32_t)lost;
    e->retrans_bytes = lost * (piece < e->mss ? piece : e->mss);
    e->sent_bytes += e->retrans_bytes;
    e->segs_out += (uint32_t)lost;
}

/* The window after the last burst: it grew if the burst filled it, and fell if segments were lost.
 */
static uint32_t window(struct mix_random *r, const struct tcp_plan *plan, uint32_t burst, bool lost)
{
    uint32_t most = (uint32_t)random_lognormal(r, 90, 700);
    uint32_t cwnd = INITIAL_CWND;

    if (plan->bbr)
        cwnd += 2 + (burst < most ? burst : most);
    else if (burst > INITIAL_CWND / 2)
        cwnd += burst < most ? burst : most;
    if (lost)
        cwnd = cwnd * 7 / 10 > 2 ? cwnd * 7 / 10 : 2;
    return cwnd;
}

static void count_data(struct mix_random *r, const struct tcp_plan *plan, struct event *e)
{
    uint32_t pieces = plan->exchanges, tx_segs, rx_segs;
    bool lost;

    e->mss = plan->peer->mss;
    tx_segs = segments(plan->tx_bytes, pieces, e->mss);
    rx_segs = segments(plan->rx_bytes, pieces, e->mss);
    lost = tx_segs && random_permille(r, plan->loss_permille);
    /* The SYN is counted on both sides, the SYN-ACK only where it arrives. */
    e->segs_out = tx_segs + bare_acks(r, rx_segs, tx_segs ? pieces : 0) + (plan->listener ? 0 : 2);
    e->segs_in = rx_segs + bare_acks(r, tx_segs, rx_segs ? pieces : 0) + (plan->listener ? 2 : 1);
    e->tx_bytes = plan->tx_bytes + !plan->listener;
    e->rx_bytes = plan->rx_bytes;
    e->sent_bytes = plan->tx_bytes;
    if (lost)
        lose_segments(r, plan, tx_segs, e);
    e->cwnd = window(r, plan, pieces ? tx_segs / pieces : 0, lost);
    measure_rtt(r, plan, e);
}

/*
 * A TLS client says that it closes, and closes; the server hears the one before the other, and
 * closes too. On the server's side the client's FIN comes at once, and on the client's side the
 * acknowledgement comes right behind the server's FIN.
 */
static void cross_fins(struct mix_random *r, const struct tcp_plan *plan, uint64_t ns,
                       struct event *e)
{
    uint64_t soon_ns = random_lognormal(r, 22 * NS_PER_US, 700), rtt_ns = rtt_sample_ns(r, plan);

    event_enter(e, TLZ_STATE_CLOSING, ns + (plan->listener ? soon_ns : rtt_ns));
    e->entered_ns[EVENT_CLOSE] = ns + soon_ns + rtt_ns;
}

/* This side's FIN comes first. After close() the kernel waits for the peer's FIN in another kind of
 * socket, so FIN_WAIT2 is short whether it came or not (tcp_rcv_state_process()). */
static void close_here(struct mix_random *r, const struct tcp_plan *plan, uint64_t ns,
                       struct event *e)
{
    bool with_fin = plan->fins_cross || random_permille(r, plan->fin_ack_permille);

    event_enter(e, TLZ_STATE_FIN_WAIT1, ns);
    if (plan->fins_cross) {
        cross_fins(r, plan, ns, e);
    } else {
        ns += rtt_sample_ns(r, plan) + (with_fin ? plan->react_ns : 0);
        event_enter(e, TLZ_STATE_FIN_WAIT2, ns);
        e->entered_ns[EVENT_CLOSE] = ns + instant_ns(r);
    }
    e->shutdown = SHUTDOWN_MASK;
    event_set_process(&e->closer, plan->process);
    e->tx_bytes++;
    e->segs_out += 1 + with_fin;
    e->segs_in++;
    if (with_fin) {
        e->rx_bytes++;
        e->flags |= EVENT_FIN_RECEIVED;
    }
}

static void close_there(struct mix_random *r, const struct tcp_plan *plan, uint64_t ns,
                        struct event *e)
{
    event_enter(e, TLZ_STATE_CLOSE_WAIT, ns);
    event_enter(e, TLZ_STATE_LAST_ACK, ns += plan->react_ns);
    e->entered_ns[EVENT_CLOSE] = ns + rtt_sample_ns(r, plan);
    e->shutdown = SHUTDOWN_MASK;
    event_set_process(&e->closer, plan->process);
    e->tx_bytes++;
    e->rx_bytes++;
    e->segs_out += 1 + (plan->react_ns > 40 * NS_PER_MS);
    e->segs_in += 2;
    e->flags |= EVENT_FIN_RECEIVED;
}

/* The peer vanished: the FIN is sent again until the kernel gives up. */
static void vanish(const struct tcp_plan *plan, uint64_t ns, struct event *e)
{
    event_enter(e, TLZ_STATE_FIN_WAIT1, ns);
    e->entered_ns[EVENT_CLOSE] = ns + (200 * NS_PER_MS + e->srtt_us_shifted / 8 * 2 * NS_PER_US) *
                                          ((1 << FIN_RETRIES_OUT) - 1) / 2;
    e->error = ETIMEDOUT;
    e->shutdown = SHUTDOWN_MASK;
    e->retrans_segs += FIN_RETRIES_OUT;
    e->segs_out += 1 + FIN_RETRIES_OUT;
    e->cwnd = 1;
    event_set_process(&e->closer, plan->process);
}

static void reset_there(struct mix_random *r, const struct tcp_plan *plan, uint64_t ns,
                        struct event *e)
{
    e->error = ECONNRESET;
    if (random_permille(r, 200)) { /* after its FIN */
        event_enter(e, TLZ_STATE_CLOSE_WAIT, ns);
        ns += random_exponential(r, NS_PER_MS);
        e->error = EPIPE;
        e->rx_bytes++;
        e->segs_in++;
        e->flags |= EVENT_FIN_RECEIVED;
    }
    e->entered_ns[EVENT_CLOSE] = ns;
    e->flags |= EVENT_HAS_SOCKET;
    e->segs_in++;
    event_set_process(&e->closer, plan->process);
}

static void reset_here(const struct tcp_plan *plan, uint64_t ns, struct event *e)
{
    e->entered_ns[EVENT_CLOSE] = ns;
    e->flags |= EVENT_OWNED | EVENT_HAS_SOCKET;
    e->shutdown = SHUTDOWN_MASK;
    event_set_process(&e->closer, plan->process);
}

void tcp_run(struct mix_random *r, const struct tcp_plan *plan, struct event *e)
{
    uint64_t ns = plan->open_ns;

    *e = (struct event){0};
    set_context(plan, e);
    if (fails_in_handshake(plan)) {
        run_attempt(plan, e);
        return;
    }
    event_enter(e, plan->listener ? TLZ_STATE_SYN_RECV : TLZ_STATE_SYN_SENT, ns);
    ns += plan->listener ? instant_ns(r) : rtt_sample_ns(r, plan);
    event_enter(e, TLZ_STATE_ESTABLISHED, ns);
    count_data(r, plan, e);
    ns += plan->work_ns + e->retrans_segs * 2 * (uint64_t)e->srtt_us_shifted / 8 * NS_PER_US;
    switch (plan->end) {
    case TLZ_END_CLOSED_HERE:
        close_here(r, plan, ns, e);
        break;
    case TLZ_END_CLOSED_THERE:
        close_there(r, plan, ns, e);
        break;
    case TLZ_END_TIMED_OUT:
        vanish(plan, ns, e);
        break;
    case TLZ_END_RESET_THERE:
        reset_there(r, plan, ns, e);
        break;
    case TLZ_END_RESET_HERE:
        reset_here(plan, ns, e);
        break;
    default: /* TLZ_END_UNACCEPTED */
        e->uid = plan->listener->uid;
        e->entered_ns[EVENT_CLOSE] = ns;
    }
}

uint64_t tcp_transfer_ns(uint64_t bytes, uint64_t bytes_per_ms)
{
    return bytes * 1000 / bytes_per_ms * NS_PER_US;
}

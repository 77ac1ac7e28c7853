/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "mix_tcp.h"

/* A segment's way over loopback. */
static uint64_t way_ns(struct mix_random *r)
{
    return random_between(r, 3000, 9000);
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void mirror_times(struct mix_random *r, const struct event *c, struct event *s)
{
    uint64_t ns = event_at(c, TLZ_STATE_ESTABLISHED) + way_ns(r) / 3;

    event_enter(s, TLZ_STATE_SYN_RECV, ns);
    event_enter(s, TLZ_STATE_ESTABLISHED, ns += random_lognormal(r, 1800, 600));
    if (event_at(c, TLZ_STATE_CLOSE_WAIT)) {
        ns = later(ns, event_at(c, TLZ_STATE_CLOSE_WAIT) - way_ns(r));
        event_enter(s, TLZ_STATE_FIN_WAIT1, ns);
        event_enter(s, TLZ_STATE_FIN_WAIT2,
                    ns = later(ns, event_at(c, TLZ_STATE_LAST_ACK) + way_ns(r)));
        ns += random_lognormal(r, 1800, 600);
    } else if (event_at(c, TLZ_STATE_FIN_WAIT1)) {
        event_enter(s, TLZ_STATE_CLOSE_WAIT,
                    ns = later(ns, event_at(c, TLZ_STATE_FIN_WAIT1) + way_ns(r)));
        event_enter(s, TLZ_STATE_LAST_ACK, ns = later(ns, event_at(c, c->old_state) - way_ns(r)));
        ns = c->entered_ns[EVENT_CLOSE] + way_ns(r);
    } else {
        ns = later(ns, c->entered_ns[EVENT_CLOSE] - way_ns(r));
    }
    s->entered_ns[EVENT_CLOSE] = ns;
}

static void mirror_counters(struct mix_random *r, const struct event *c, struct event *s)
{
    static const uint16_t segment_sizes[] = {53760, 54272, 65483, 65483};
    bool c_fin = c->visited >> TLZ_STATE_FIN_WAIT1 & 1 || c->visited >> TLZ_STATE_LAST_ACK & 1;
    bool s_fin = c->flags & EVENT_FIN_RECEIVED;

    s->tx_bytes = c->rx_bytes; /* our FIN is acknowledged where the peer's came */
    s->rx_bytes = c->sent_bytes - c->retrans_bytes + c_fin;
    s->sent_bytes = c->rx_bytes - s_fin;
    s->segs_in = c->segs_out;
    s->segs_out = c->segs_in - 1;
    s->mss = s->sent_bytes < 2000 ? 32768 : segment_sizes[random_below(r, 4)];
    s->cwnd = c->cwnd;
    s->min_rtt_us = (uint32_t)random_between(r, 1, c->min_rtt_us + 2);
    s->srtt_us_shifted = (uint32_t)random_lognormal(r, c->srtt_us_shifted, 250) | 8;
}

void tcp_mirror(struct mix_random *r, const struct event *c, const struct process *process,
                const struct process *listener, struct event *s)
{
    *s =
        (struct event){.lport = c->rport, .rport = c->lport, .flags = EVENT_BEGUN | EVENT_ACCEPTED};
    event_set_addresses(s, (const uint8_t *)c->raddr6, (const uint8_t *)c->laddr6);
    memcpy(s->congestion, c->congestion, sizeof s->congestion);
    s->uid = process->uid;
    s->cgroup = process->cgroup;
    s->netns = process->netns;
    s->flags |= c->flags & EVENT_V6_SOCKET;
    mirror_times(r, c, s);
    mirror_counters(r, c, s);
    event_set_process(&s->origin, listener);
    event_set_process(&s->closer, process);
    if (c->visited >> TLZ_STATE_FIN_WAIT1 & 1 || c->visited >> TLZ_STATE_CLOSE_WAIT & 1) {
        s->flags |= EVENT_FIN_RECEIVED;
        s->shutdown = 3;
    } else {
        s->flags |= EVENT_HAS_SOCKET;
        s->error = ECONNRESET;
    }
}

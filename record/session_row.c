/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/session_row.h"

#include <arpa/inet.h>
#include <stdbool.h>

#include "record/end.h"
#include "record/process_row.h"

#define MIN_RTT_NONE UINT32_MAX

/*
 * The states in an order that every path through TCP's state machine keeps (RFC 9293, figure 5),
 * with the field that holds the time spent in each.
 */
static const struct {
    enum tlz_state state;
    enum tlz_field field;
} states[] = {
    {TLZ_STATE_SYN_SENT, TLZ_SYN_SENT_US},          {TLZ_STATE_SYN_RECV, TLZ_SYN_RECV_US},
    {TLZ_STATE_ESTABLISHED, TLZ_IN_ESTABLISHED_US}, {TLZ_STATE_FIN_WAIT1, TLZ_FIN_WAIT1_US},
    {TLZ_STATE_FIN_WAIT2, TLZ_FIN_WAIT2_US},        {TLZ_STATE_CLOSING, TLZ_CLOSING_US},
    {TLZ_STATE_CLOSE_WAIT, TLZ_CLOSE_WAIT_US},      {TLZ_STATE_LAST_ACK, TLZ_LAST_ACK_US},
};
#define STATES (sizeof states / sizeof *states)

static bool has_visited(const struct event *e, enum tlz_state state)
{
    return e->visited >> state & 1;
}

/*
 * The time at which the state was entered, never after `limit_us`: processors may disagree by some
 * nanoseconds, and the order of the states is certain. 0 = not known.
 */
static uint64_t entered_us(const struct event *e, enum tlz_state state, uint64_t limit_us)
{
    uint64_t us = e->entered_ns[event_time_of(state)] / 1000;

    return us < limit_us ? us : limit_us;
}

/*
 * All times, last to first. What is cut to microseconds are the points in time and not the
 * durations, so that the times in all states add up to the lifespan exactly.
 */
static void set_times(const struct event *e, struct tlz_row *ret)
{
    uint64_t close_us = e->entered_ns[EVENT_CLOSE] / 1000;
    uint64_t next_us = close_us;
    uint64_t fin_us = 0;

    tlz_row_set(ret, TLZ_CLOSE_US, close_us);
    for (size_t i = STATES; i-- > 0;) {
        uint64_t us = entered_us(e, states[i].state, next_us);

        if (!has_visited(e, states[i].state) || !us)
            continue;
        tlz_row_set(ret, states[i].field, next_us - us);
        next_us = us;
        if (states[i].state == TLZ_STATE_ESTABLISHED)
            tlz_row_set(ret, TLZ_ESTABLISHED_US, us);
        if (states[i].state == TLZ_STATE_FIN_WAIT1 || states[i].state == TLZ_STATE_CLOSE_WAIT)
            fin_us = us;
    }
    if (e->flags & EVENT_BEGUN)
        tlz_row_set(ret, TLZ_OPEN_US, next_us);
    if (fin_us)
        tlz_row_set(ret, TLZ_FIN_US, fin_us);
}

static enum tlz_direction direction(const struct event *e)
{
    if (e->flags & EVENT_ACCEPTED)
        return TLZ_DIRECTION_IN;
    return has_visited(e, TLZ_STATE_SYN_SENT) ? TLZ_DIRECTION_OUT : TLZ_DIRECTION_UNKNOWN;
}

static void set_address(const struct event *e, enum tlz_field field, const __be32 *v4,
                        const __be32 *v6, struct tlz_row *ret)
{
    struct tlz_bytes address;

    if (e->flags & EVENT_V6)
        memcpy(address.b, v6, sizeof address.b);
    else
        tlz_address_from_v4(&address, (const uint8_t *)v4);
    tlz_row_set_address(ret, field, address.b);
}

static void set_addresses(const struct event *e, struct tlz_row *ret)
{
    set_address(e, TLZ_LADDR, &e->laddr, e->laddr6, ret);
    set_address(e, TLZ_RADDR, &e->raddr, e->raddr6, ret);
    tlz_row_set(ret, TLZ_LPORT, ntohs(e->lport));
    tlz_row_set(ret, TLZ_RPORT, ntohs(e->rport));
    tlz_row_set(ret, TLZ_V6_SOCKET, !!(e->flags & EVENT_V6_SOCKET));
}

static void set_context(const struct event *e, struct tlz_row *ret)
{
    enum tlz_direction d = direction(e);

    tlz_row_set(ret, TLZ_DIRECTION, d);
    if (d != TLZ_DIRECTION_UNKNOWN)
        tlz_row_set(ret, TLZ_SERVICE, ntohs(d == TLZ_DIRECTION_IN ? e->lport : e->rport));
    tlz_row_set(ret, TLZ_UID, e->uid);
    tlz_row_set(ret, TLZ_NETNS, e->netns);
    if (e->cgroup)
        tlz_row_set(ret, TLZ_CGROUP, e->cgroup);
    tlz_row_set(ret, TLZ_MARK, e->mark);
    if (e->interface)
        tlz_row_set(ret, TLZ_INTERFACE, e->interface);
    tlz_row_set(ret, TLZ_MPTCP, !!(e->flags & EVENT_MPTCP));
    if (e->congestion[0])
        tlz_row_set_name(ret, TLZ_CONGESTION, e->congestion, sizeof e->congestion);
    if (e->cookie)
        tlz_row_set(ret, TLZ_COOKIE, e->cookie);
}

static void set_end(const struct event *e, struct tlz_row *ret)
{
    tlz_row_set(ret, TLZ_END, end_classify(e));
    tlz_row_set(ret, TLZ_ERROR, e->error);
    tlz_row_set(ret, TLZ_LAST_STATE, e->old_state);
    tlz_row_set(ret, TLZ_BEFORE_START, !(e->flags & EVENT_BEGUN));
    tlz_row_set(ret, TLZ_FIN_RECEIVED, !!(e->flags & EVENT_FIN_RECEIVED));
}

static void set_counters(const struct event *e, struct tlz_row *ret)
{
    tlz_row_set(ret, TLZ_TX_BYTES, e->tx_bytes);
    tlz_row_set(ret, TLZ_RX_BYTES, e->rx_bytes);
    tlz_row_set(ret, TLZ_SENT_BYTES, e->sent_bytes);
    tlz_row_set(ret, TLZ_RETRANS_BYTES, e->retrans_bytes);
    tlz_row_set(ret, TLZ_SEGS_OUT, e->segs_out);
    tlz_row_set(ret, TLZ_SEGS_IN, e->segs_in);
    tlz_row_set(ret, TLZ_RETRANS_SEGS, e->retrans_segs);
    if (e->srtt_us_shifted)
        tlz_row_set(ret, TLZ_SRTT_US, e->srtt_us_shifted >> 3);
    if (e->min_rtt_us != MIN_RTT_NONE)
        tlz_row_set(ret, TLZ_MIN_RTT_US, e->min_rtt_us);
    tlz_row_set(ret, TLZ_MSS, e->mss);
    tlz_row_set(ret, TLZ_CWND, e->cwnd);
}

void session_from_event(const struct event *e, struct tlz_row *ret)
{
    tlz_row_clear(ret);
    set_times(e, ret);
    set_processes(e->flags, &e->origin, &e->user, &e->closer, &e->acceptor, ret);
    set_context(e, ret);
    set_addresses(e, ret);
    set_end(e, ret);
    set_counters(e, ret);
}

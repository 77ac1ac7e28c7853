/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/end.h"

#include <errno.h>
#include <stdbool.h>

/* sk_shutdown, include/net/sock.h (Linux 6.18) */
#define RCV_SHUTDOWN  1
#define SHUTDOWN_MASK 3

static bool has_visited(const struct event *e, enum tlz_state state)
{
    return e->visited >> state & 1;
}

/* SYN_SENT, SYN_RECV. */
static bool is_handshake(const struct event *e)
{
    return e->old_state == TLZ_STATE_SYN_SENT || e->old_state == TLZ_STATE_SYN_RECV;
}

/*
 * After close(), data from the peer makes this side send a reset; the kernel then sets the error
 * that a reset from the peer would set (tcp_rcv_state_process() calls tcp_reset(),
 * net/ipv4/tcp_input.c, Linux 6.18). Before close() or once the peer's FIN is here, that cannot be.
 */
static bool may_have_reset_itself(const struct event *e)
{
    return has_visited(e, TLZ_STATE_FIN_WAIT1) && e->shutdown & RCV_SHUTDOWN &&
           !(e->flags & EVENT_FIN_RECEIVED);
}

static enum tlz_end end_by_error(const struct event *e)
{
    switch (e->error) {
    case ECONNREFUSED:
        return TLZ_END_REFUSED;
    case ETIMEDOUT:
        return TLZ_END_TIMED_OUT;
    case ECONNRESET:
        return may_have_reset_itself(e) ? TLZ_END_CLOSED_HERE : TLZ_END_RESET_THERE;
    case EPIPE: /* tcp_reset() in CLOSE_WAIT */
        return TLZ_END_RESET_THERE;
    case ECONNABORTED: /* tcp_abort(): an administrator's ss --kill */
        return TLZ_END_RESET_HERE;
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETDOWN:
    case ENONET:
    case ENOPROTOOPT: /* from ICMP, icmp_err_convert[] in net/ipv4/icmp.c (Linux 6.18) */
    case EOPNOTSUPP:
    case EPROTO:
    case EACCES:
    case EMSGSIZE:
        return TLZ_END_UNREACHABLE;
    default:
        return TLZ_END_UNKNOWN;
    }
}

/* Whose FIN came first. */
static enum tlz_end end_by_fin(const struct event *e)
{
    if (has_visited(e, TLZ_STATE_FIN_WAIT1) || has_visited(e, TLZ_STATE_FIN_WAIT2) ||
        has_visited(e, TLZ_STATE_CLOSING))
        return TLZ_END_CLOSED_HERE;
    if (has_visited(e, TLZ_STATE_CLOSE_WAIT) || has_visited(e, TLZ_STATE_LAST_ACK))
        return TLZ_END_CLOSED_THERE;
    return TLZ_END_UNKNOWN;
}

/*
 * The task that had the socket locked ended it before both FINs were exchanged: connect(AF_UNSPEC),
 * or close() with unread data or a linger time of 0. close() sets all of sk_shutdown first
 * (__tcp_close(), net/ipv4/tcp.c, Linux 6.18).
 */
static enum tlz_end end_by_task(const struct event *e)
{
    if (e->shutdown != SHUTDOWN_MASK)
        return TLZ_END_DISCONNECTED;
    switch (e->old_state) {
    case TLZ_STATE_ESTABLISHED:
    case TLZ_STATE_CLOSE_WAIT:
    case TLZ_STATE_FIN_WAIT1:
        return TLZ_END_RESET_HERE;
    case TLZ_STATE_FIN_WAIT2: /* with the peer's FIN it is the usual end */
        return e->flags & EVENT_FIN_RECEIVED ? TLZ_END_CLOSED_HERE : TLZ_END_RESET_HERE;
    default:
        return end_by_fin(e);
    }
}

/* A child that no accept() has taken has no struct socket; nor has a session after close(), but
 * then a FIN was sent. */
static bool is_unaccepted(const struct event *e)
{
    return !(e->flags & (EVENT_HAS_SOCKET | EVENT_OWNED)) &&
           (e->old_state == TLZ_STATE_SYN_RECV || e->old_state == TLZ_STATE_ESTABLISHED ||
            e->old_state == TLZ_STATE_CLOSE_WAIT);
}

/*
 * An error that came while the session lived and did not end it, such as an ICMP message that the
 * program wanted to hear of (IP_RECVERR), is still there when both FINs were exchanged, or when the
 * own one was acknowledged and there is no program any more: that is the end for the kernel, too
 * (tcp_rcv_state_process(), net/ipv4/tcp_input.c, Linux 6.18).
 */
static bool is_leftover(const struct event *e)
{
    bool ends_session = e->error == ECONNRESET || e->error == ETIMEDOUT || e->error == EPIPE ||
                        e->error == ECONNABORTED || e->error == ECONNREFUSED;
    bool has_both_fins = e->flags & EVENT_FIN_RECEIVED &&
                         (e->old_state == TLZ_STATE_FIN_WAIT2 ||
                          e->old_state == TLZ_STATE_CLOSING || e->old_state == TLZ_STATE_LAST_ACK);
    bool is_orphan = e->old_state == TLZ_STATE_FIN_WAIT2 && !(e->flags & EVENT_HAS_SOCKET);

    return !ends_session && (has_both_fins || is_orphan);
}

/* An MPTCP subflow has no struct socket of its own; that it was reset here shows by its state. */
static bool sent_no_fin(const struct event *e)
{
    return e->old_state == TLZ_STATE_ESTABLISHED || e->old_state == TLZ_STATE_CLOSE_WAIT;
}

enum tlz_end end_classify(const struct event *e)
{
    if (e->flags & EVENT_STILL_OPEN)
        return TLZ_END_STILL_OPEN;
    if (e->error && !is_leftover(e))
        return end_by_error(e);
    if (is_unaccepted(e))
        return TLZ_END_UNACCEPTED;
    if (is_handshake(e))
        return TLZ_END_GAVE_UP;
    if (e->flags & EVENT_OWNED && (e->flags & EVENT_HAS_SOCKET || sent_no_fin(e)))
        return end_by_task(e);
    return end_by_fin(e);
}

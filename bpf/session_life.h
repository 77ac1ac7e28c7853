/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A session from its first state to its last. */
#ifndef BPF_SESSION_LIFE_H
#define BPF_SESSION_LIFE_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event_fill.h"
#include "process.h"
#include "session_close.h"
#include "session_send.h"
#include "session_store.h"
#include "state_send.h"
#include "state_steps.h"

/* Of a session that will have ended unseen no more may be known than its namespace. */
static __always_inline void note_netns(struct session *s, struct sock *sk)
{
    if (settings.filter_netns)
        s->event.netns = netns_of(sk, SOCKETS_ARE_PROBED);
}

static __always_inline void enter_state(struct session *s, __u32 state, __u64 now_ns)
{
    s->event.entered_ns[event_time_of(state)] = now_ns;
    s->event.visited |= 1 << state;
}

/* context: of the program run. */
static __always_inline void session_finish(struct session *s, void *context)
{
    event_send(&s->event, context);
    session_release(s);
}

/* A session ended unseen, and its last change of state with it. */
static __always_inline void count_gone(const struct event *e)
{
    if (!netns_is_wanted(e))
        return;
    count_loss(EVENT_LOSS_UNSEEN);
    if (settings.record_states)
        count_loss(EVENT_LOSS_STATES_UNSEEN);
}

/*
 * The place of a session that begins now. A socket lives again after connect(AF_UNSPEC), and an
 * address is used again: a session that waits there for its closer will get none any more, and one
 * that has not ended has done so unseen.
 */
static __always_inline struct session *session_renew(struct sock *sk, const struct change *c)
{
    struct session *s = session_find(sk);

    session_take_failed(sk); /* of another that had this address */
    if (!s)
        s = session_claim(sk);
    if (!s)
        return 0;
    if (s->event.flags & EVENT_ENDED)
        event_send(&s->event, c->context);
    else if (s->event.visited)
        count_gone(&s->event);
    session_clear(s);
    return s;
}

/*
 * The listener of a child that was just made. The child is a copy of it (sk_clone_lock(),
 * net/core/sock.c), and its own list of segments to send is made empty only after this event
 * (tcp_create_openreq_child(), net/ipv4/tcp_minisocks.c; Linux 4.15 to 6.18): until then it points
 * to the listener's, which is empty and so points to itself. The address is only compared, never
 * read.
 */
static __always_inline const struct event_process *listener_of(struct tcp_sock *child)
{
    return listener_find((unsigned long)SEE(child, tsorted_sent_queue.next) -
                         bpf_core_field_offset(child->tsorted_sent_queue));
}

static __always_inline bool is_recorder(const struct event_process *process)
{
    const char name[sizeof process->comm] = "tcplife-record";

    return process->pid == table_state.recorder ||
           (((const __u64 *)process->comm)[0] == ((const __u64 *)name)[0] &&
            ((const __u64 *)process->comm)[1] == ((const __u64 *)name)[1]);
}

/*
 * The task that closes the socket. While a recorder looks at a file (iter/task_file) it holds it,
 * so that a close() just then is completed in the recorder, this one or another: who called it is
 * not known.
 */
static __always_inline void session_set_closer(struct session *s)
{
    struct event_process *closer = &s->event.closer;

    process_set_current(closer);
    if (is_recorder(closer))
        closer->pid = 0;
}

/*
 * What follows is told of a change of state. Each returns the session, with what the change tells
 * of it, or NULL when it is not followed.
 */

/* connect(). */
static __always_inline struct session *session_connect(struct sock *sk, struct change *c)
{
    struct session *s;

    if (table_state.ending)
        return 0;
    s = session_renew(sk, c);
    if (!s) {
        session_fail(sk);
        return 0;
    }
    s->event.flags = EVENT_BEGUN | EVENT_CONNECTED;
    note_netns(s, sk);
    if (sock_is_owned(sk))
        process_set_current(&s->event.origin);
    enter_state(s, TCP_SYN_SENT, change_time(c));
    s->event.cookie = socket_cookie(sk);
    return s;
}

/* A listener has made a child. */
static __always_inline struct session *session_arrive(struct sock *sk, struct change *c)
{
    const struct event_process *listener;
    struct tcp_sock *tp;
    struct session *s;

    if (table_state.ending)
        return 0;
    tp = tcp_sock_of(sk);
    if (!tp)
        return 0;
    s = session_renew(sk, c);
    if (!s) {
        session_fail(sk);
        return 0;
    }
    listener = listener_of(tp);
    if (listener)
        process_copy(&s->event.origin, listener);
    s->event.flags = EVENT_BEGUN | EVENT_ACCEPTED;
    note_netns(s, sk);
    enter_state(s, TCP_SYN_RECV, change_time(c));
    return s;
}

/* When a listener began is its time in the state that it has no other use for. */
static __always_inline struct session *listener_begin(struct sock *sk, struct change *c)
{
    struct session *s = session_renew(sk, c);

    if (!s)
        return 0;
    s->event.flags = EVENT_LISTENER;
    if (sock_is_owned(sk))
        process_set_current(&s->event.origin);
    listener_store(s, sk);
    return s;
}

static __always_inline struct session *listener_end(struct sock *sk, struct change *c)
{
    struct session *s = session_find(sk);

    if (!s || !session_take(s))
        return 0;
    if (!(s->event.flags & EVENT_LISTENER)) /* of another socket that had this address */
        session_clear(s);
    if (c->is_sent)
        c->since_ns = s->event.entered_ns[EVENT_CLOSE];
    return s;
}

static __always_inline void listener_release(struct session *s, struct sock *sk)
{
    listener_forget(s, sk);
    session_release(s);
}

/*
 * A session leaves a state. The kernel does not run this program for a change of state that an
 * interrupt brings while it runs on that processor: so the state may be one that it was not seen to
 * enter. Of a session that was open at the start that is so with the first.
 */
static __always_inline void leave_state(struct session *s, struct change *c)
{
    if (s->event.visited & 1 << c->old_state) {
        if (c->is_sent)
            c->since_ns = s->event.entered_ns[EVENT_CLOSE];
        return;
    }
    if (s->event.visited || s->event.flags & EVENT_BEGUN ||
        (table_state.adopted && !s->is_adopted)) {
        s->event.flags |= EVENT_GAP;
        if (c->is_sent)
            c->unseen = unseen_before(&s->event, c->old_state);
    }
    enter_state(s, c->old_state, 0);
}

static __always_inline struct session *session_advance(struct sock *sk, struct change *c)
{
    struct session *s;

    if (table_state.ending)
        return 0;
    s = session_find(sk);
    if (!s && !session_has_failed(sk)) /* met in the middle of its life */
        s = session_claim(sk);
    if (!s)
        return 0;
    leave_state(s, c);
    /* Only close(), shutdown() and exit lead here, in the task that calls them. */
    if ((c->state == TCP_FIN_WAIT1 || c->state == TCP_LAST_ACK) && sock_is_owned(sk) &&
        !s->event.closer.pid)
        session_set_closer(s);
    /* A socket is given its cookie, which one that is still open at the end could not get any more.
     * A child gets that of its request only after it was made (inet_csk_clone_lock()). */
    if (c->old_state == TCP_SYN_RECV)
        s->event.cookie = socket_cookie(sk);
    /* close() after shutdown() makes a change that is none: the state was entered before. */
    if (c->state != c->old_state)
        enter_state(s, c->state, change_time(c));
    return s;
}

/* What is remembered is of another socket that had this address and ended unseen, and the beginning
 * of this one was not seen either. */
static __always_inline void forget_other(struct session *s, __u32 old_state)
{
    session_clear(s);
    s->event.flags = EVENT_GAP;
    enter_state(s, old_state, 0);
}

static __always_inline void fill_whole(struct session *s, struct sock *sk, struct tcp_sock *tp,
                                       __u32 old_state, __u64 now_ns)
{
    __u64 cookie = s->event.cookie;

    if (cookie && cookie != (__u64)SEE(sk, __sk_common.skc_cookie.counter))
        forget_other(s, old_state);
    s->event.entered_ns[EVENT_CLOSE] = now_ns;
    fill_from_socket(&s->event, sk, tp, old_state, SOCKETS_ARE_PROBED);
    if (!s->event.cookie)
        s->event.cookie = socket_cookie(sk);
}

/* A session that ends without a place: it is lost, unless it is none of this recording. */
static __always_inline struct session *session_meet_at_end(struct sock *sk, struct tcp_sock *tp,
                                                           __u32 old_state)
{
    struct session *s;

    /* A connection attempt that was not found at the start is nothing that this recording can tell
     * of, nor is a session that began after its end. */
    if (old_state == TCP_SYN_SENT || old_state == TCP_SYN_RECV || table_state.ending)
        return 0;
    s = session_claim(sk);
    if (!s)
        count_unstored(sk, tp);
    return s;
}

static __always_inline struct session *session_end(struct sock *sk, struct change *c)
{
    struct tcp_sock *tp = tcp_sock_of(sk);
    struct session *s;

    if (!tp)
        return 0;
    if (session_take_failed(sk)) {
        count_unstored(sk, tp);
        return 0;
    }
    s = session_find(sk);
    if (!s)
        s = session_meet_at_end(sk, tp, c->old_state);
    if (!s || !session_take(s))
        return 0;
    leave_state(s, c);
    if (closes_here(sk, c->old_state) && !s->event.closer.pid)
        session_set_closer(s);
    fill_whole(s, sk, tp, c->old_state, change_time(c));
    return s;
}

/* What ends with the change that was told of it. */
static __always_inline void session_leave(struct session *s, struct sock *sk,
                                          const struct change *c)
{
    if (c->old_state == TCP_LISTEN)
        listener_release(s, sk);
    else if (is_twin(&s->event, sk))
        session_release(s);
    else if (waits_for_closer(&s->event, sk))
        s->event.flags |= EVENT_ENDED;
    else
        session_finish(s, c->context);
}

/*
 * The socket goes: whoever has it locked closes it. A session that is still here then was not seen
 * to end, a moment ago; what the socket says now is all but its last change of state.
 */
static __always_inline int socket_destroyed(void *context, struct sock *sk)
{
    struct session *s = session_find(sk);
    struct tcp_sock *tp;

    if (!s || s->event.flags & EVENT_LISTENER || !session_take(s))
        return 0;
    if (s->event.flags & EVENT_ENDED) {
        if (sock_is_owned(sk))
            session_set_closer(s);
        session_finish(s, context);
        return 0;
    }
    tp = tcp_sock_of(sk);
    if (!tp || !s->event.visited) {
        count_gone(&s->event);
        session_release(s);
        return 0;
    }
    s->event.flags |= EVENT_GAP;
    fill_whole(s, sk, tp, last_state(&s->event), clock_now());
    if (settings.record_states && socket_is_wanted(&s->event))
        count_loss(EVENT_LOSS_STATES_UNSEEN);
    session_finish(s, context);
    return 0;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the hooks do, whichever they are. */
#ifndef BPF_SESSION_CHANGE_H
#define BPF_SESSION_CHANGE_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "session_life.h"
#include "session_list.h"

/* With --states: one that has ended is closed by its process. */
static __always_inline struct session *session_closed(struct sock *sk, struct change *c)
{
    struct session *s = session_find(sk);

    if (s && s->event.flags & EVENT_ENDED)
        c->since_ns = s->event.entered_ns[EVENT_CLOSE];
    return s;
}

static __always_inline struct session *session_follow(struct sock *sk, struct change *c)
{
    switch (c->state) {
    case TCP_CLOSE:
        if (c->old_state == TCP_LISTEN)
            return listener_end(sk, c);
        if (c->old_state == TCP_CLOSE)
            return c->is_sent ? session_closed(sk, c) : 0;
        return session_end(sk, c);
    case TCP_SYN_SENT:
        return session_connect(sk, c);
    case TCP_LISTEN:
        return listener_begin(sk, c);
    case TCP_SYN_RECV:
        /* CLOSE: of a listener that is being closed. */
        if (c->old_state == TCP_LISTEN || c->old_state == TCP_CLOSE)
            return session_arrive(sk, c);
        /* A simultaneous open goes on. */
    default:
        return session_advance(sk, c);
    }
}

/* is_sent: a constant. With --states the change itself is sent, too. */
static __always_inline int state_changed(void *context, struct sock *sk, int old_state, int state,
                                         const bool is_sent)
{
    struct change change = {
        .context = context, .old_state = old_state, .state = state, .is_sent = is_sent};
    struct session *s;

    if (!is_tcp(sk, SOCKETS_ARE_PROBED))
        return 0;
    s = session_follow(sk, &change);
    if (is_sent && !table_state.ending)
        state_send(sk, s, &change);
    if (is_sent && s && state != TCP_CLOSE)
        s->event.entered_ns[EVENT_CLOSE] = change_time(&change);
    if (s && state == TCP_CLOSE && old_state != TCP_CLOSE)
        session_leave(s, sk, &change);
    return 0;
}

static __always_inline int accepted(struct sock *sk)
{
    struct session *s = sk && !table_state.ending ? session_find(sk) : 0;

    if (s && !s->event.acceptor.pid)
        process_set_current(&s->event.acceptor);
    return 0;
}

static __always_inline int used(struct sock *sk)
{
    struct session *s =
        is_tcp(sk, SOCKETS_ARE_PROBED) && !table_state.ending ? session_find(sk) : 0;

    if (s && !s->event.user.pid && !(s->event.flags & EVENT_LISTENER))
        process_set_current(&s->event.user);
    return 0;
}

/* The TCP socket that a file is; NULL = it is another file. */
static __always_inline struct sock *tcp_socket_of(struct file *file)
{
    struct socket *socket = file ? bpf_sock_from_file(file) : 0;
    struct sock *sk = socket ? socket->sk : 0;
    __u16 family = sk ? sk->__sk_common.skc_family : 0;

    return (family == AF_INET || family == AF_INET6) && is_tcp(sk, false) ? sk : 0;
}

#endif

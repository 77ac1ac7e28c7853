/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a session's way to CLOSE means: who closed it, whether more is to come, whether it was one.
 */
#ifndef BPF_SESSION_CLOSE_H
#define BPF_SESSION_CLOSE_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "process.h"
#include "session_store.h"

/*
 * The task that has the socket locked closed it, unless an error ended the session before: a reset
 * may be received by a task that has the socket locked for another reason. From the states left out
 * here the last segment of the peer leads to CLOSE, whoever has the lock.
 */
static __always_inline bool closes_here(struct sock *sk, __u32 old_state)
{
    const __u32 states =
        1 << TCP_SYN_SENT | 1 << TCP_SYN_RECV | 1 << TCP_ESTABLISHED | 1 << TCP_CLOSE_WAIT;

    return states >> old_state & 1 && sock_is_owned(sk) && !SEE(sk, sk_err);
}

/*
 * A session that an error ended, such as the peer's reset, has a socket that its process has yet to
 * close: then its closer is known (socket_destroyed()). That is so before accept(), too, which
 * gives out a socket that has ended. A socket that was closed is dead, and goes now.
 */
static __always_inline bool waits_for_closer(const struct event *e, struct sock *sk)
{
    const __u32 states = 1 << TCP_ESTABLISHED | 1 << TCP_CLOSE_WAIT;

    return e->error && states >> e->old_state & 1 &&
           !(SEE(sk, __sk_common.skc_flags) & 1UL << SOCK_DEAD) && !e->closer.pid &&
           !table_state.ending;
}

/*
 * Two segments of the peer that complete its handshake may make a child each, on two processors:
 * the second is dropped where it would become known (inet_ehash_nolisten(),
 * net/ipv4/inet_hashtables.c, Linux 3.18 to 6.18), and was never anyone's session. Unlike others
 * that end so early it is not dead yet, has no error, and no request of TCP Fast Open.
 */
static __always_inline bool is_twin(const struct event *e, struct sock *sk)
{
    struct tcp_sock *tp = tcp_sock_of(sk);

    return e->old_state == TCP_SYN_RECV && e->flags & EVENT_ACCEPTED && !e->error &&
           !(e->flags & EVENT_OWNED) && !(SEE(sk, __sk_common.skc_flags) & 1UL << SOCK_DEAD) &&
           tp && !SEE(tp, fastopen_rsk);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The hooks with types that the kernel checks (BTF), which are the same whichever program has them.
 * session.bpf.c and portable.bpf.c include this once; the recorder chooses what is loaded.
 */
#ifndef SESSION_HOOKS_H
#define SESSION_HOOKS_H

#include "session_change.h"

/* inet_sk_set_state() and inet_sk_state_store(), net/ipv4/af_inet.c, Linux 4.16 to 6.18 */
SEC("?tp_btf/inet_sock_set_state")
int BPF_PROG(session_state, struct sock *sk, int old_state, int state)
{
    return state_changed(ctx, sk, old_state, state, false);
}

SEC("?tp_btf/inet_sock_set_state")
int BPF_PROG(session_and_state, struct sock *sk, int old_state, int state)
{
    return state_changed(ctx, sk, old_state, state, true);
}

/* inet_csk_accept(), net/ipv4/inet_connection_sock.c: since Linux 6.10 */
SEC("?fexit/inet_csk_accept")
int BPF_PROG(session_accept, struct sock *listener, void *arguments, struct sock *sk)
{
    return accepted(sk);
}

/* and from 4.11 to 6.9. */
SEC("?fexit/inet_csk_accept")
int BPF_PROG(session_accept_old, struct sock *listener, int flags, int *error, bool kern,
             struct sock *sk)
{
    return accepted(sk);
}

/* sock_sendmsg() and sock_recvmsg(), net/socket.c, Linux 6.3 to 6.18 */
SEC("?tp_btf/sock_send_length")
int BPF_PROG(session_send_length, struct sock *sk, int result, int flags)
{
    return used(sk);
}

SEC("?tp_btf/sock_recv_length")
int BPF_PROG(session_recv_length, struct sock *sk, int result, int flags)
{
    return used(sk);
}

#endif

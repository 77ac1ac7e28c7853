/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What goes into an event, read from the socket at -> CLOSE. */
#ifndef BPF_EVENT_FILL_H
#define BPF_EVENT_FILL_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "live_session.h"

static __always_inline void fill_addresses(struct event *e, const struct tcp_sock *tp)
{
    const struct sock_common *common = &tp->inet_conn.icsk_inet.sk.__sk_common;

    /* skc_num is already 0 here; inet_sport still stands. */
    e->lport = tp->inet_conn.icsk_inet.inet_sport;
    e->rport = common->skc_dport;
    if (common->skc_family == AF_INET6) {
        const __u64 *laddr = (const void *)&common->skc_v6_rcv_saddr;
        const __u64 *raddr = (const void *)&common->skc_v6_daddr;

        ((__u64 *)e->laddr)[0] = laddr[0];
        ((__u64 *)e->laddr)[1] = laddr[1];
        ((__u64 *)e->raddr)[0] = raddr[0];
        ((__u64 *)e->raddr)[1] = raddr[1];
        e->flags |= EVENT_V6_SOCKET;
        return;
    }
    e->laddr[0] = e->laddr[1] = e->raddr[0] = e->raddr[1] = 0;
    e->laddr[2] = e->raddr[2] = __builtin_bswap32(0xffff);
    e->laddr[3] = common->skc_rcv_saddr;
    e->raddr[3] = common->skc_daddr;
}

/* Counters are not cleared before the socket is destroyed or disconnected, both after this event.
 */
static __always_inline void fill_counters(struct event *e, const struct tcp_sock *tp)
{
    e->tx_bytes = tp->bytes_acked;
    e->rx_bytes = tp->bytes_received;
    e->sent_bytes = tp->bytes_sent;
    e->retrans_bytes = tp->bytes_retrans;
    e->segs_out = tp->segs_out;
    e->segs_in = tp->segs_in;
    e->retrans_segs = tp->total_retrans;
    e->srtt_us_shifted = tp->srtt_us;
    e->min_rtt_us = tp->rtt_min.s[0].v;
    e->mss = tp->mss_cache;
    e->cwnd = tp->snd_cwnd;
}

/* From the socket and not from the running task: right in a soft interrupt too. */
static __always_inline void fill_context(struct event *e, struct sock *sk,
                                         const struct tcp_sock *tp)
{
    const __u64 *name = (const void *)tp->inet_conn.icsk_ca_ops->name;

    e->cookie = sk->__sk_common.skc_cookie.counter;
    if (!e->cookie)
        e->cookie = bpf_get_socket_cookie(sk);
    e->netns = sk->__sk_common.skc_net.net->ns.inum;
    e->uid = sk->sk_uid.val;
    e->cgroup = 0;
    if (bpf_core_field_exists(sk->sk_cgrp_data))
        e->cgroup = sk->sk_cgrp_data.cgroup->kn->id;
    e->mark = sk->sk_mark;
    e->interface = sk->__sk_common.skc_bound_dev_if;
    ((__u64 *)e->congestion)[0] = name[0];
    ((__u64 *)e->congestion)[1] = name[1];
    if (bpf_core_field_exists(tp->is_mptcp) && tp->is_mptcp)
        e->flags |= EVENT_MPTCP;
}

static __always_inline void fill_process(struct event_process *to, const struct event_process *from)
{
    to->pid = from->pid;
    if (!from->pid)
        return;
    ((__u64 *)to->comm)[0] = ((const __u64 *)from->comm)[0];
    ((__u64 *)to->comm)[1] = ((const __u64 *)from->comm)[1];
}

static __always_inline void fill_life(struct event *e, const struct live_session *live)
{
    __builtin_memcpy(e->entered_ns, live->entered_ns, sizeof e->entered_ns);
    e->visited = live->visited;
    fill_process(&e->who[EVENT_CONNECT], &live->connect);
    fill_process(&e->who[EVENT_CLOSE], &live->close);
    fill_process(&e->who[EVENT_LISTEN], &live->listen);
    e->who[EVENT_IO].pid = 0;
    e->who[EVENT_ACCEPT].pid = 0;
    e->who[EVENT_TASK_FILE].pid = 0;
}

/* What tells how it ended (record/end.c). */
static __always_inline void fill_end(struct event *e, const struct sock *sk, __u32 old_state,
                                     __u16 flags)
{
    e->old_state = old_state;
    e->shutdown = sk->sk_shutdown;
    e->error = sk->sk_err;
    e->flags = flags;
    if (sock_is_owned(sk))
        e->flags |= EVENT_OWNED;
    if (sk->sk_socket)
        e->flags |= EVENT_HAS_SOCKET;
    if (sk->__sk_common.skc_flags & 1UL << SOCK_DONE)
        e->flags |= EVENT_FIN_RECEIVED;
}

#endif

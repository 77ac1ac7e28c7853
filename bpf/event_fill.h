/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What goes into an event, read from the socket at -> CLOSE, or while it lives (iterators). Each
 * function has a parameter `probed`, a constant: false when the verifier knows the socket, and its
 * members are read directly; true when it is an address from the session table, read by probing.
 */
#ifndef BPF_EVENT_FILL_H
#define BPF_EVENT_FILL_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "kernel_access.h"
#include "process.h"

/* Control groups deeper than this are not found to be within a group of the filter. */
#define OLD_CGROUP_DEPTH_MAX 16

static __always_inline void fill_v6(__be32 *to, const struct in6_addr *from, const bool probed)
{
    if (probed) {
        bpf_core_read(to, sizeof *from, from);
    } else {
        ((__u64 *)to)[0] = ((const __u64 *)from)[0];
        ((__u64 *)to)[1] = ((const __u64 *)from)[1];
    }
}

static __always_inline void fill_addresses(struct event *e, struct tcp_sock *tp, const bool probed)
{
    struct sock_common *common = &tp->inet_conn.icsk_inet.sk.__sk_common;

    /* skc_num is already 0 at -> CLOSE; inet_sport still stands. */
    e->lport = READ(tp, inet_conn.icsk_inet.inet_sport);
    e->rport = READ(common, skc_dport);
    if (!bpf_core_field_exists(common->skc_v6_daddr) || READ(common, skc_family) != AF_INET6) {
        e->laddr = READ(common, skc_rcv_saddr);
        e->raddr = READ(common, skc_daddr);
        return;
    }
    e->flags |= EVENT_V6_SOCKET;
    fill_v6(e->laddr6, &common->skc_v6_rcv_saddr, probed);
    fill_v6(e->raddr6, &common->skc_v6_daddr, probed);
    if (e->raddr6[0] || e->raddr6[1] || e->raddr6[2] != bpf_htonl(0xffff))
        e->flags |= EVENT_V6;
    /* One that connects to a mapped address and fails at once has "::" as its own: 0.0.0.0. */
    e->laddr = e->laddr6[3];
    e->raddr = e->raddr6[3];
}

/* Counters are not cleared before the socket is destroyed or disconnected, both after -> CLOSE. */
static __always_inline void fill_counters(struct event *e, struct tcp_sock *tp, const bool probed)
{
    e->tx_bytes = READ(tp, bytes_acked);
    e->rx_bytes = READ(tp, bytes_received);
    e->sent_bytes = READ(tp, bytes_sent);
    e->retrans_bytes = READ(tp, bytes_retrans);
    e->segs_out = READ(tp, segs_out);
    e->segs_in = READ(tp, segs_in);
    e->retrans_segs = READ(tp, total_retrans);
    e->srtt_us_shifted = READ(tp, srtt_us);
    e->min_rtt_us = READ(tp, rtt_min.s[0].v);
    e->mss = READ(tp, mss_cache);
    e->cwnd = READ(tp, snd_cwnd);
    if (bpf_core_field_exists(tp->is_mptcp) && READ(tp, is_mptcp))
        e->flags |= EVENT_MPTCP;
}

/* Before Linux 5.5: the node's id as later kernels have it, of inode number and generation. */
static __always_inline __u64 old_node_id(struct kernfs_node___union *node)
{
    return BPF_CORE_READ(node, id.ino);
}

/* Before Linux 5.5: by the directories. */
static __always_inline bool old_node_is_wanted(struct kernfs_node___union *node)
{
    for (int i = 0; i < OLD_CGROUP_DEPTH_MAX && node; i++) {
        if (old_node_id(node) == settings.wanted_cgroup)
            return true;
        node = BPF_CORE_READ(node, parent);
    }
    return false;
}

/* True when the group, or one that it is in, is that of the filter. */
static __always_inline bool cgroup_is_wanted(struct cgroup *group, __u64 id)
{
    const struct cgroup___ids *old = (const void *)group;
    struct cgroup *ancestor = 0;
    __u64 ancestor_id = 0;
    int level = 0;

    bpf_core_read(&level, sizeof level, &group->level);
    if (level < (int)settings.wanted_cgroup_level)
        return false;
    if (!bpf_core_field_exists(struct kernfs_node, id))
        return old_node_is_wanted((void *)BPF_CORE_READ(group, kn));
    if (bpf_core_field_exists(group->ancestors)) {
        const char *ancestors = (const char *)group + bpf_core_field_offset(group->ancestors);

        bpf_probe_read_kernel(&ancestor, sizeof ancestor,
                              ancestors + settings.wanted_cgroup_level * sizeof ancestor);
        return BPF_CORE_READ(ancestor, kn, id) == settings.wanted_cgroup;
    }
    bpf_probe_read_kernel(&ancestor_id, sizeof ancestor_id,
                          (const char *)old + bpf_core_field_offset(old->ancestor_ids) +
                              settings.wanted_cgroup_level * sizeof ancestor_id);
    return ancestor_id == settings.wanted_cgroup;
}

/* Before Linux 5.16. NULL: not known, the place is used otherwise. */
static __always_inline struct cgroup *old_cgroup_of(struct sock *sk)
{
    __u64 value = BPF_CORE_READ((struct sock_cgroup_data___value *)&sk->sk_cgrp_data, val);

    return value & 3 ? 0 : (void *)value;
}

/* Its control group's id, and EVENT_IN_CGROUP among the flags. */
static __always_inline void fill_cgroup(__u64 *id, __u16 *flags, struct sock *sk, const bool probed)
{
    struct cgroup *group;
    struct kernfs_node *node;

    *id = 0;
    if (!bpf_core_field_exists(sk->sk_cgrp_data))
        return;
    if (bpf_core_field_exists(sk->sk_cgrp_data.cgroup)) {
        group = READ(sk, sk_cgrp_data.cgroup);
        node = READ(group, kn);
        *id = READ(node, id);
    } else {
        group = old_cgroup_of(sk);
        if (!group)
            return;
        node = BPF_CORE_READ(group, kn);
        *id = bpf_core_field_exists(node->id) ? BPF_CORE_READ(node, id) : old_node_id((void *)node);
    }
    if (settings.wanted_cgroup && cgroup_is_wanted(group, *id))
        *flags |= EVENT_IN_CGROUP;
}

static __always_inline void fill_congestion(struct event *e, struct tcp_sock *tp, const bool probed)
{
    struct tcp_congestion_ops *congestion = READ(tp, inet_conn.icsk_ca_ops);
    __u64 *name = (__u64 *)e->congestion;

    read_name(e->congestion, congestion->name, probed);
    if (name[0] == settings.usual_congestion[0] && name[1] == settings.usual_congestion[1])
        e->flags |= EVENT_USUAL_CONGESTION;
}

/* The network namespace's inode number; 0 = this kernel has none. */
static __always_inline __u32 netns_of(struct sock *sk, const bool probed)
{
    struct net *net;

    if (!bpf_core_field_exists(sk->__sk_common.skc_net.net))
        return 0;
    net = READ(sk, __sk_common.skc_net.net);
    return READ(net, ns.inum);
}

/* Portable none: only those would have one that somebody else has asked for it. */
static __always_inline __u64 cookie_of(struct sock *sk, const bool probed)
{
#ifdef PORTABLE
    return 0;
#else
    return READ(sk, __sk_common.skc_cookie.counter);
#endif
}

/* From the socket and not from the running task: right in a soft interrupt too. */
static __always_inline void fill_context(struct event *e, struct sock *sk, struct tcp_sock *tp,
                                         const bool probed)
{
    e->cookie = cookie_of(sk, probed);
    e->netns = netns_of(sk, probed);
    e->uid = READ(sk, sk_uid.val);
    e->mark = READ(sk, sk_mark);
    e->interface = READ(sk, __sk_common.skc_bound_dev_if);
    fill_congestion(e, tp, probed);
    fill_cgroup(&e->cgroup, &e->flags, sk, probed);
}

/* What tells how it ended (record/end.c). */
static __always_inline void fill_end(struct event *e, struct sock *sk, __u32 old_state,
                                     const bool probed)
{
    e->old_state = old_state;
    e->shutdown = READ(sk, sk_shutdown);
    e->error = READ(sk, sk_err);
    if (READ(sk, sk_lock.owned))
        e->flags |= EVENT_OWNED;
    if (READ(sk, sk_socket))
        e->flags |= EVENT_HAS_SOCKET;
    if (READ(sk, __sk_common.skc_flags) & 1UL << SOCK_DONE)
        e->flags |= EVENT_FIN_RECEIVED;
}

static __always_inline void fill_from_socket(struct event *e, struct sock *sk, struct tcp_sock *tp,
                                             __u32 old_state, const bool probed)
{
    fill_end(e, sk, old_state, probed);
    fill_counters(e, tp, probed);
    fill_context(e, sk, tp, probed);
    fill_addresses(e, tp, probed);
}

#endif

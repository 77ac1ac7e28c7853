/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which sessions are wanted, asked at their end when everything is known. */
#ifndef BPF_SESSION_FILTER_H
#define BPF_SESSION_FILTER_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "live_session.h"

/* Process ids of the filter; the recorder sets its size. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u8);
} wanted_pids SEC(".maps");

/* Set by the recorder before the program is loaded: a filter that is off costs nothing. */
const volatile bool filter_pids;
const volatile bool filter_lports;
const volatile bool filter_rports;
const volatile __u8 filter_family; /* 4, 6, or 0 = both */

/* Bitmaps of ports as they stand in memory, in network order, so that nothing is swapped here. */
__u64 wanted_lports[65536 / 64];
__u64 wanted_rports[65536 / 64];

static __always_inline bool port_is_in(const __u64 *bitmap, __u16 port)
{
    return bitmap[port / 64] >> (port % 64) & 1;
}

/* 4 also for an IPv4-mapped peer. */
static __always_inline int peer_family(const struct sock *sk)
{
    const struct in6_addr *peer = &sk->__sk_common.skc_v6_daddr;

    if (sk->__sk_common.skc_family != AF_INET6)
        return 4;
    if (!peer->in6_u.u6_addr32[0] && !peer->in6_u.u6_addr32[1] &&
        peer->in6_u.u6_addr32[2] == __builtin_bswap32(0xffff))
        return 4;
    return 6;
}

/* The owner's pid by the one rule (enum tlz_owner in format/field.h), 0 = not known. */
static __always_inline __u32 owner_pid(const struct live_session *live)
{
    return live->connect.pid ?: live->close.pid ?: live->listen.pid;
}

/* The filters. live may be NULL: then its process is not known, and -p leaves nothing out. */
static __always_inline bool session_is_wanted(const struct tcp_sock *tp,
                                              const struct live_session *live)
{
    const struct sock *sk = &tp->inet_conn.icsk_inet.sk;

    if (filter_family && peer_family(sk) != filter_family)
        return false;
    if (filter_lports && !port_is_in(wanted_lports, tp->inet_conn.icsk_inet.inet_sport))
        return false;
    if (filter_rports && !port_is_in(wanted_rports, sk->__sk_common.skc_dport))
        return false;
    if (filter_pids && live) {
        __u32 pid = owner_pid(live);

        if (!pid || !bpf_map_lookup_elem(&wanted_pids, &pid))
            return false;
    }
    return true;
}

#endif

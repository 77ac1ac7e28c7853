/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How the program gets at the kernel, in two ways. Compiled for today's kernels it knows the
 * sockets that it is given, reads them directly and asks helpers of them. Compiled for any kernel
 * (PORTABLE) a socket is an address and read by probing: all that a classic tracepoint or a kprobe
 * gives, with helpers of Linux 5.4 alone.
 */
#ifndef BPF_KERNEL_ACCESS_H
#define BPF_KERNEL_ACCESS_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"

#ifdef PORTABLE
#define SOCKETS_ARE_PROBED true
#else
#define SOCKETS_ARE_PROBED false
#endif

/* With a constant `probed`: whether the verifier does not know what is pointed to. */
#define READ(pointer, member)                                                                      \
    ({                                                                                             \
        typeof((pointer)->member) value_;                                                          \
        if (probed)                                                                                \
            bpf_core_read((void *)&value_, sizeof value_, &(pointer)->member);                     \
        else                                                                                       \
            value_ = (pointer)->member;                                                            \
        value_;                                                                                    \
    })

/* Of the socket or the task that the program was given. */
#define SEE(pointer, member)                                                                       \
    ({                                                                                             \
        const bool probed = SOCKETS_ARE_PROBED;                                                    \
        READ(pointer, member);                                                                     \
    })

/* A name of 16 bytes, as the kernel's are. */
static __always_inline void read_name(char to[16], const char from[16], const bool probed)
{
    if (probed) {
        bpf_core_read(to, 16, from);
    } else {
        ((__u64 *)to)[0] = ((const __u64 *)from)[0];
        ((__u64 *)to)[1] = ((const __u64 *)from)[1];
    }
}

/* Set by the recorder before the program is loaded. */
const volatile struct event_settings settings;

volatile struct table_state table_state;

/* NULL: it is another kind of socket. Portable, that was asked before (is_tcp()). */
static __always_inline struct tcp_sock *tcp_sock_of(void *sk)
{
#ifdef PORTABLE
    return sk;
#else
    return bpf_skc_to_tcp_sock(sk);
#endif
}

/*
 * An MPTCP socket changes its state, too, and is no tcp_sock; its subflows are plain TCP. Before
 * Linux 5.6 the protocol is a bit field (include/net/sock.h).
 */
static __always_inline bool is_tcp(struct sock *sk, const bool probed)
{
#ifdef PORTABLE
    return BPF_CORE_READ_BITFIELD_PROBED((struct sock___bits *)sk, sk_protocol) == IPPROTO_TCP;
#else
    return READ(sk, sk_protocol) == IPPROTO_TCP;
#endif
}

/* Gives the socket one if it has none yet, which tracing programs may since Linux 5.12; portable, 0
 * means none. */
static __always_inline __u64 socket_cookie(struct sock *sk)
{
#ifdef PORTABLE
    return 0;
#else
    return bpf_get_socket_cookie(sk);
#endif
}

/* CLOCK_BOOTTIME. Before Linux 5.8 a program reads only the clock that stands while the machine
 * sleeps; the recorder looks for how long it did. */
static __always_inline __u64 clock_now(void)
{
#ifdef PORTABLE
    if (!bpf_core_enum_value_exists(enum bpf_func_id___boot, BPF_FUNC_ktime_get_boot_ns___boot))
        return bpf_ktime_get_ns() + table_state.asleep_ns;
#endif
    return bpf_ktime_get_boot_ns();
}

static __always_inline struct task_struct *current_task(void)
{
#ifdef PORTABLE
    return (void *)bpf_get_current_task();
#else
    return bpf_get_current_task_btf();
#endif
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The few kernel types that the BPF program reads, with only the members that it reads. Offsets are
 * those of the running kernel: libbpf relocates every access when it loads the program (CO-RE), so
 * neither a kernel's headers nor its BTF is needed to build. Names are those of Linux 6.1 to 6.18.
 * What has another name, place or type in Linux 5.4 to 6.0, or is not built into every kernel, is
 * asked for before it is read (bpf_core_field_exists()); the older form is a type whose name ends
 * in three underscores and a word, which libbpf leaves out when it looks for it.
 */
#ifndef BPF_KERNEL_TYPES_H
#define BPF_KERNEL_TYPES_H

#include <linux/types.h>
#include <stdbool.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct task_struct {
    unsigned int flags;
    int tgid;
    char comm[16];
    struct task_struct *group_leader;
};

struct kernfs_node {
    __u64 id; /* Linux 5.5 (include/linux/kernfs.h) */
};

/* Before, `id` is a union, whose inode number is the directory's; and parents have their name (it
 * changed in 6.15). */
struct kernfs_node___union {
    union kernfs_node_id___union {
        struct {
            __u32 ino;
            __u32 generation;
        };
        __u64 id;
    } id;
    struct kernfs_node___union *parent;
};

struct cgroup {
    struct kernfs_node *kn;
    int level;
    struct cgroup *ancestors[]; /* Linux 6.1 */
};

/* Before Linux 6.1 a control group knows its ancestors by their ids (include/linux/cgroup-defs.h);
 * before 5.5 these are other ids (int), and not read. */
struct cgroup___ids {
    __u64 ancestor_ids[1];
};

/* sk_cgrp_data itself with CONFIG_SOCK_CGROUP_DATA only (include/linux/cgroup-defs.h) */
struct sock_cgroup_data {
    struct cgroup *cgroup; /* Linux 5.16 */
};

/* Before, the address shares its place with a class or priority of cgroup version 1, in which case
 * one of the lower bits is set (sock_cgroup_ptr(), Linux 4.5 to 5.15). */
struct sock_cgroup_data___value {
    __u64 val;
};

struct ns_common {
    unsigned int inum;
};

struct net {
    struct ns_common ns;
};

typedef struct {
    struct net *net; /* with CONFIG_NET_NS only */
} possible_net_t;

typedef struct {
    unsigned int val;
} kuid_t;

typedef struct {
    long counter;
} atomic64_t;

struct in6_addr {
    union {
        __be32 u6_addr32[4];
    } in6_u;
};

struct sock_common {
    __be32 skc_daddr;
    __be32 skc_rcv_saddr;
    __be16 skc_dport;
    unsigned short skc_family;
    volatile unsigned char skc_state;
    int skc_bound_dev_if;
    possible_net_t skc_net;
    struct in6_addr skc_v6_daddr; /* with CONFIG_IPV6 only */
    struct in6_addr skc_v6_rcv_saddr;
    atomic64_t skc_cookie;
    unsigned long skc_flags;
};

typedef struct {
    int owned;
} socket_lock_t;

struct sock;

struct socket {
    struct sock *sk;
};

struct file;

struct sock {
    struct sock_common __sk_common;
    socket_lock_t sk_lock;
    struct socket *sk_socket;
    struct sock_cgroup_data sk_cgrp_data;
    kuid_t sk_uid;
    __u32 sk_mark;
    int sk_err;
    __u16 sk_protocol; /* Linux 5.6 (include/net/sock.h) */
    __u8 sk_shutdown;
};

/* Before. */
struct sock___bits {
    unsigned int sk_protocol : 8;
};

struct inet_sock {
    struct sock sk;
    __be16 inet_sport;
};

struct tcp_congestion_ops {
    char name[16];
};

struct inet_connection_sock {
    struct inet_sock icsk_inet;
    struct tcp_congestion_ops *icsk_ca_ops;
};

struct list_head {
    struct list_head *next;
};

struct minmax_sample {
    __u32 v;
};

struct minmax {
    struct minmax_sample s[3];
};

struct tcp_sock {
    struct inet_connection_sock inet_conn;
    struct list_head tsorted_sent_queue;
    struct request_sock *fastopen_rsk;
    __u64 bytes_received;
    __u64 bytes_acked;
    __u64 bytes_sent;
    __u64 bytes_retrans;
    __u32 segs_in;
    __u32 segs_out;
    __u32 total_retrans;
    __u32 srtt_us;
    struct minmax rtt_min;
    __u32 mss_cache;
    __u32 snd_cwnd;
    bool is_mptcp; /* Linux 5.6, with CONFIG_MPTCP only */
};

/* What the iterators of include/linux/bpf.h, kernel/bpf/task_iter.c and
 * net/ipv4/tcp_ipv4.c hand to a program (Linux 5.8 to 6.18). */
struct seq_file;

struct bpf_iter_meta {
    struct seq_file *seq;
};

struct bpf_iter__task_file {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
    struct file *file;
};

struct bpf_iter__tcp {
    struct bpf_iter_meta *meta;
    struct sock_common *sk_common;
};

/* What a kprobe is given (arch/x86/include/asm/ptrace.h, arch/arm64/include/asm/ptrace.h): the
 * members that there are tell which machine it is. */
struct pt_regs___x86 {
    unsigned long di;
    unsigned long si;
    unsigned long ax;
};

struct pt_regs___arm64 {
    __u64 regs[31];
};

/* Linux 5.8 (include/uapi/linux/bpf.h). Asked for by this name, and never used by its number. */
enum bpf_func_id___boot { BPF_FUNC_ktime_get_boot_ns___boot = 125 };

#pragma clang attribute pop

/* include/linux/sched.h (6.18) */
#define PF_IO_WORKER 0x00000010 /* made by the kernel for a user's process: io_uring */
#define PF_KTHREAD   0x00200000

/* enum sock_flags of include/net/sock.h (6.18): the peer's FIN was received (tcp_fin()) */
#define SOCK_DEAD 0
#define SOCK_DONE 1

/* include/net/tcp_states.h (6.18) */
enum tcp_state {
    TCP_ESTABLISHED = 1,
    TCP_SYN_SENT,
    TCP_SYN_RECV,
    TCP_FIN_WAIT1,
    TCP_FIN_WAIT2,
    TCP_TIME_WAIT,
    TCP_CLOSE,
    TCP_CLOSE_WAIT,
    TCP_LAST_ACK,
    TCP_LISTEN,
    TCP_CLOSING,
};

#define AF_INET     2
#define AF_INET6    10
#define IPPROTO_TCP 6

#endif

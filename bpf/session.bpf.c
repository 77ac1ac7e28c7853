/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Follows every TCP session of this kernel and sends one event when it ends, and with --states one
 * at each change of state: the hooks of today's kernels (Linux 5.14). portable.bpf.c has those of
 * older ones.
 *
 * What is optional is switched off by the recorder where the kernel does not have it
 * (record/kernel_hooks.c).
 */
#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "session_hooks.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* tcp_v4_destroy_sock(), net/ipv4/tcp_ipv4.c, Linux 4.16 to 6.18 */
SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(session_destroy, struct sock *sk)
{
    return socket_destroyed(ctx, sk);
}

SEC("iter/task_file")
int adopt_files(struct bpf_iter__task_file *ctx)
{
    struct task_struct *task = ctx->task;
    struct sock *sk = tcp_socket_of(ctx->file);

    return task && sk ? adopt_socket(sk, task) : 0;
}

/* Those that no process has open, of the recorder's network namespace. */
SEC("iter/tcp")
int adopt_sockets(struct bpf_iter__tcp *ctx)
{
    struct sock_common *common = ctx->sk_common;
    struct tcp_sock *tp = common ? bpf_skc_to_tcp_sock(common) : 0;

    return tp ? adopt_socket(&tp->inet_conn.icsk_inet.sk, 0) : 0;
}

/* One place of the session table: enum event_listed. */
SEC("syscall")
int list_place(struct event_place *place)
{
    __u32 index = place->index;
    struct session *s = bpf_map_lookup_elem(&session_table, &index);
    __u32 zero = 0;
    struct event *e = bpf_map_lookup_elem(&listed_event, &zero);

    return s && e ? list_session(s, e) : EVENT_LISTED_NOTHING;
}

/*
 * A stored session or listener, wanted or not, is counted off once: those that are left over at the
 * end no iterator has found. When there is no room for its event it comes here again, as it does
 * for each process that has it open.
 */
static __always_inline int list_stored(struct seq_file *seq, struct sock *sk)
{
    struct session *s = bpf_sk_storage_get(&session_storage, sk, 0, 0);
    __u64 key = s ? *(volatile __u64 *)&s->sk : 0;
    __u32 zero = 0;
    struct event *e = bpf_map_lookup_elem(&listed_event, &zero);
    enum event_listed listed;

    if (!e || !key || key & (SESSION_WRITTEN | SESSION_TAKEN))
        return 0;
    listed = list_session(s, e);
    if (listed == EVENT_LISTED_SESSION && bpf_seq_write(seq, e, sizeof *e) < 0)
        return 0;
    key = *(volatile __u64 *)&s->sk;
    if (!key || key & SESSION_TAKEN ||
        __sync_val_compare_and_swap(&s->sk, key, key | SESSION_WRITTEN) != key)
        return 0;
    __sync_fetch_and_add(&table_state.stored, -1);
    if (listed == EVENT_LISTED_GONE)
        count_gone(&s->event);
    return 0;
}

SEC("iter/task_file")
int list_files(struct bpf_iter__task_file *ctx)
{
    struct sock *sk = tcp_socket_of(ctx->file);

    return sk ? list_stored(ctx->meta->seq, sk) : 0;
}

SEC("iter/tcp")
int list_sockets(struct bpf_iter__tcp *ctx)
{
    struct sock_common *common = ctx->sk_common;
    struct tcp_sock *tp = common ? bpf_skc_to_tcp_sock(common) : 0;

    return tp ? list_stored(ctx->meta->seq, &tp->inet_conn.icsk_inet.sk) : 0;
}

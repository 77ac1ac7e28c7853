/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Follows every TCP session of any kernel from Linux 5.4 on: the hooks, in three forms, of which
 * the recorder takes the first that the kernel has (record/kernel_path.c). All read sockets by
 * probing and keep sessions in a hash map. Compiled twice: for ring buffers, and for perf buffers.
 */
#define PORTABLE

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "session_hooks.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("?tp_btf/tcp_destroy_sock")
int BPF_PROG(session_destroy, struct sock *sk)
{
    return socket_destroyed(ctx, sk);
}

/* Of a classic tracepoint's record. The verifier takes no offset that it does not know. */
#define RECORD_READ(type, at)                                                                      \
    ({                                                                                             \
        type value_ = 0;                                                                           \
        bpf_probe_read_kernel(&value_, sizeof value_, (const char *)ctx + ((at)&0xfff));           \
        value_;                                                                                    \
    })

static __always_inline int record_changed(void *ctx, const bool is_sent)
{
    __u32 protocol = settings.layout.protocol_bytes == 1
                         ? RECORD_READ(__u8, settings.layout.protocol)
                         : RECORD_READ(__u16, settings.layout.protocol);

    if (protocol != IPPROTO_TCP)
        return 0;
    return state_changed(ctx, (void *)RECORD_READ(unsigned long, settings.layout.socket),
                         RECORD_READ(int, settings.layout.old_state),
                         RECORD_READ(int, settings.layout.new_state), is_sent);
}

/* include/trace/events/sock.h, Linux 4.16 to 6.18 */
SEC("?tracepoint/sock/inet_sock_set_state")
int session_record(void *ctx)
{
    return record_changed(ctx, false);
}

SEC("?tracepoint/sock/inet_sock_set_state")
int session_and_record(void *ctx)
{
    return record_changed(ctx, true);
}

/* include/trace/events/tcp.h, Linux 4.16 to 6.18 */
SEC("?tracepoint/tcp/tcp_destroy_sock")
int session_destroy_record(void *ctx)
{
    return socket_destroyed(ctx,
                            (void *)RECORD_READ(unsigned long, settings.layout.destroyed_socket));
}

/* The first two parameters of a kernel function, and what it returns. */
static __always_inline unsigned long first_of(const void *registers)
{
    const struct pt_regs___x86 *x86 = registers;
    const struct pt_regs___arm64 *arm64 = registers;

    return bpf_core_field_exists(x86->di) ? BPF_CORE_READ(x86, di) : BPF_CORE_READ(arm64, regs[0]);
}

static __always_inline unsigned long second_of(const void *registers)
{
    const struct pt_regs___x86 *x86 = registers;
    const struct pt_regs___arm64 *arm64 = registers;

    return bpf_core_field_exists(x86->si) ? BPF_CORE_READ(x86, si) : BPF_CORE_READ(arm64, regs[1]);
}

static __always_inline unsigned long returned_by(const void *registers)
{
    const struct pt_regs___x86 *x86 = registers;
    const struct pt_regs___arm64 *arm64 = registers;

    return bpf_core_field_exists(x86->ax) ? BPF_CORE_READ(x86, ax) : BPF_CORE_READ(arm64, regs[0]);
}

static __always_inline int call_changes(void *registers, const bool is_sent)
{
    struct sock *sk = (void *)first_of(registers);

    return state_changed(registers, sk, SEE(sk, __sk_common.skc_state), second_of(registers),
                         is_sent);
}

/*
 * These two write every state of a socket, tcp_set_state() by way of the second
 * (net/ipv4/af_inet.c, Linux 4.16 to 6.18). At their begin the socket has its old state.
 */
SEC("?kprobe/inet_sk_set_state")
int session_set_call(void *ctx)
{
    return call_changes(ctx, false);
}

SEC("?kprobe/inet_sk_state_store")
int session_store_call(void *ctx)
{
    return call_changes(ctx, false);
}

SEC("?kprobe/inet_sk_set_state")
int session_and_set_call(void *ctx)
{
    return call_changes(ctx, true);
}

SEC("?kprobe/inet_sk_state_store")
int session_and_store_call(void *ctx)
{
    return call_changes(ctx, true);
}

/* net/ipv4/tcp_ipv4.c, for sockets of IPv6 too, Linux 2.6 to 6.18 */
SEC("?kprobe/tcp_v4_destroy_sock")
int session_destroy_call(void *ctx)
{
    return socket_destroyed(ctx, (void *)first_of(ctx));
}

/* inet_csk_accept(), whichever its parameters are. */
SEC("?kretprobe/inet_csk_accept")
int session_accept_call(void *ctx)
{
    return accepted((void *)returned_by(ctx));
}

SEC("?iter/task_file")
int adopt_files(struct bpf_iter__task_file *ctx)
{
    struct task_struct *task = ctx->task;
    struct sock *sk = tcp_socket_of(ctx->file);

    return task && sk ? adopt_socket(sk, task) : 0;
}

/* Those that no process has open, of the recorder's network namespace; others than TCP's in full
 * are in no state that is one of a session's. */
SEC("?iter/tcp")
int adopt_sockets(struct bpf_iter__tcp *ctx)
{
    struct sock_common *common = ctx->sk_common;
    struct tcp_sock *tp = common ? bpf_skc_to_tcp_sock(common) : 0;

    return tp ? adopt_socket(&tp->inet_conn.icsk_inet.sk, 0) : 0;
}

/* Run by the recorder (bpf_prog_test_run_raw_tp(), net/bpf/test_run.c, Linux 5.10 to 6.18) for the
 * session by that address: enum event_listed. */
SEC("?raw_tp")
int list_session_by(struct bpf_raw_tracepoint_args *ctx)
{
    struct session *s = session_find_by(ctx->args[0]);
    __u32 zero = 0;
    struct event *e = bpf_map_lookup_elem(&listed_event, &zero);

    return s && e ? list_session(s, e) : EVENT_LISTED_NOTHING;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Follows every TCP session of this kernel and sends one event when it ends.
 *
 * One hook: the tracepoint of inet_sk_set_state() and inet_sk_state_store() (net/ipv4/af_inet.c,
 * Linux 4.16 to 6.18). What must be remembered between two states is kept in the socket's own
 * storage: no table that can be full, and it is freed with the socket.
 */
#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event_fill.h"
#include "live_session.h"
#include "session_filter.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4 * 1024 * 1024); /* the recorder sets another */
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, EVENT_LOSSES);
    __type(key, __u32);
    __type(value, __u64);
} losses SEC(".maps");

/* Wake the recorder when so much waits in the ring; it sets this before the program is loaded. */
const volatile __u64 wakeup_bytes;

/* A wakeup is under way. The recorder clears it when it has emptied the ring. */
volatile __u32 wakeup_sent;

static __always_inline void count_loss(__u32 cause)
{
    __u64 *count = bpf_map_lookup_elem(&losses, &cause);

    if (count)
        (*count)++;
}

/* Waking the recorder for each event costs it 2.5 us; so only when a share of the ring is filled,
 * and once. */
static __always_inline void submit(struct event *e)
{
    __u64 flags = BPF_RB_NO_WAKEUP;

    if (!wakeup_sent && bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) >= wakeup_bytes) {
        wakeup_sent = 1;
        flags = BPF_RB_FORCE_WAKEUP;
    }
    bpf_ringbuf_submit(e, flags);
}

static __always_inline int session_send(struct sock *sk, const struct tcp_sock *tp,
                                        const struct live_session *live, __u32 old_state)
{
    struct event *e = bpf_ringbuf_reserve(&events, sizeof *e, 0);

    if (!e) {
        count_loss(EVENT_LOSS_RING_FULL);
        return 0;
    }
    fill_end(e, sk, old_state, live->flags);
    fill_life(e, live);
    fill_counters(e, tp);
    fill_context(e, sk, tp);
    fill_addresses(e, tp);
    submit(e);
    return 0;
}

/*
 * The task that has the socket locked closed it, unless an error ended the session before: a reset
 * may be received by a task that has the socket locked for another reason. From the states left out
 * here the last segment of the peer leads to CLOSE, whoever has the lock.
 */
static __always_inline bool closes_here(const struct sock *sk, __u32 old_state)
{
    const __u32 states =
        1 << TCP_SYN_SENT | 1 << TCP_SYN_RECV | 1 << TCP_ESTABLISHED | 1 << TCP_CLOSE_WAIT;

    return states >> old_state & 1 && sock_is_owned(sk) && !sk->sk_err;
}

static __always_inline int session_end(struct sock *sk, __u32 old_state)
{
    const struct tcp_sock *tp;
    struct live_session *live;

    if (old_state == TCP_LISTEN || old_state == TCP_CLOSE)
        return 0;
    tp = bpf_skc_to_tcp_sock(sk);
    if (!tp)
        return 0;
    live = bpf_sk_storage_get(&live_sessions, sk, 0, 0);
    if (!live || !live->visited) {
        /* A connection attempt from before the start is nothing that this recording can tell of. */
        bool lost = session_take_failed(sk);

        if (!lost && (old_state == TCP_SYN_SENT || old_state == TCP_SYN_RECV))
            return 0;
        live = lost ? 0 : session_adopt(sk, old_state);
        if (!live) {
            if (session_is_wanted(tp, 0))
                count_loss(EVENT_LOSS_NO_STORAGE);
            return 0;
        }
    }
    if (closes_here(sk, old_state) && !live->close.pid)
        process_set_current(&live->close);
    if (!session_is_wanted(tp, live))
        return 0;
    live->entered_ns[TCP_CLOSE] = bpf_ktime_get_boot_ns();
    session_send(sk, tp, live, old_state);
    live->visited = 0; /* a socket may live again */
    return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(session_state, struct sock *sk, int old_state, int state)
{
    /* An MPTCP socket comes here too, and is no tcp_sock; its subflows are plain TCP. */
    if (sk->sk_protocol != IPPROTO_TCP)
        return 0;
    switch (state) {
    case TCP_CLOSE:
        return session_end(sk, old_state);
    case TCP_SYN_SENT:
        return session_begin(sk, state);
    case TCP_LISTEN:
        return listener_begin(sk);
    case TCP_SYN_RECV:
        if (old_state == TCP_LISTEN)
            return session_begin(sk, state);
        /* A simultaneous open goes on. */
    default:
        return session_advance(sk, old_state, state);
    }
}

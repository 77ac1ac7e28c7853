/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A session while it lives: what is remembered of it between two states, in its socket's storage.
 */
#ifndef BPF_LIVE_SESSION_H
#define BPF_LIVE_SESSION_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"

/* What is known of a session while it lives. */
struct live_session {
    __u64 entered_ns[EVENT_STATES]; /* as in struct event */
    __u16 visited;
    __u16 flags; /* EVENT_BEFORE_START, EVENT_ACCEPTED */
    __u32 unused;
    struct event_process connect;
    struct event_process close;
    struct event_process listen;
};

/* A listener's is copied to each socket that it makes, and so names the listening process. */
struct {
    __uint(type, BPF_MAP_TYPE_SK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
    __type(key, int);
    __type(value, struct live_session);
} live_sessions SEC(".maps");

/* Sessions (by their struct sock) that began but got no storage: they are lost, and counted at
 * their end. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, 65536);
    __type(key, __u64);
    __type(value, __u8);
} failed_sessions SEC(".maps");

/* Some session got no storage, so failed_sessions has to be asked. */
volatile __u32 storage_failed;

/*
 * Records the running task as `process`. A kernel thread is nobody's process. A worker made by the
 * kernel has a name of its own ("iou-wrk-123"): its process is known by the leader's.
 */
static __always_inline void process_set_current(struct event_process *process)
{
    struct task_struct *task = bpf_get_current_task_btf();
    const __u64 *comm = (const void *)task->comm;

    if (task->flags & PF_KTHREAD)
        return;
    if (task->flags & PF_IO_WORKER)
        comm = (const void *)task->group_leader->comm;
    process->pid = task->tgid;
    ((__u64 *)process->comm)[0] = comm[0];
    ((__u64 *)process->comm)[1] = comm[1];
}

/*
 * True when the state changes on behalf of the task that locked the socket, and not in a soft
 * interrupt under a task that happens to run (struct sock, sk_lock.owned; Linux 2.6 to 6.18).
 */
static __always_inline bool sock_is_owned(const struct sock *sk)
{
    return sk->sk_lock.owned;
}

static __always_inline void enter_state(struct live_session *live, __u32 state, __u64 now_ns)
{
    if (state < EVENT_STATES)
        live->entered_ns[state] = now_ns;
    live->visited |= 1 << state;
}

/* Remembers a session without storage, for its end. If that fails too, it will be taken for one
 * from before the start. */
static __always_inline void session_fail(struct sock *sk)
{
    __u64 key = (unsigned long)sk;
    __u8 one = 1;

    storage_failed = 1;
    bpf_map_update_elem(&failed_sessions, &key, &one, BPF_ANY);
}

/* 1 when the session began without storage. Forgets it. */
static __always_inline int session_take_failed(struct sock *sk)
{
    __u64 key = (unsigned long)sk;

    return storage_failed && bpf_map_delete_elem(&failed_sessions, &key) == 0;
}

/*
 * A session begins: connect(), or a listener's new child. A socket lives again after
 * connect(AF_UNSPEC), and a child comes with its listener's storage: all but the listening process
 * is from another life.
 */
static __always_inline int session_begin(struct sock *sk, __u32 state)
{
    struct live_session *live;

    live = bpf_sk_storage_get(&live_sessions, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
    if (!live) {
        session_fail(sk);
        return 0;
    }
    live->visited = 0;
    live->close.pid = 0;
    live->connect.pid = 0;
    if (state == TCP_SYN_SENT) {
        live->listen.pid = 0;
        live->flags = 0;
        if (sock_is_owned(sk))
            process_set_current(&live->connect);
    } else {
        live->flags = EVENT_ACCEPTED;
    }
    enter_state(live, state, bpf_ktime_get_boot_ns());
    return 0;
}

static __always_inline int listener_begin(struct sock *sk)
{
    struct live_session *live;

    live = bpf_sk_storage_get(&live_sessions, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
    if (!live)
        return 0;
    live->visited = 0;
    live->listen.pid = 0;
    if (sock_is_owned(sk))
        process_set_current(&live->listen);
    return 0;
}

/* Storage for a session met in the middle of its life. Its times until now are not known. */
static __always_inline struct live_session *session_adopt(struct sock *sk, __u32 old_state)
{
    struct live_session *live;

    live = bpf_sk_storage_get(&live_sessions, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
    if (!live)
        return 0;
    live->flags = EVENT_BEFORE_START;
    live->visited = 0;
    live->connect.pid = 0;
    live->close.pid = 0;
    enter_state(live, old_state, 0);
    return live;
}

static __always_inline int session_advance(struct sock *sk, __u32 old_state, __u32 state)
{
    struct live_session *live = bpf_sk_storage_get(&live_sessions, sk, 0, 0);

    if (!live || !live->visited) { /* not seen to begin, or only its listener was */
        __u64 key = (unsigned long)sk;

        if (storage_failed && bpf_map_lookup_elem(&failed_sessions, &key))
            return 0;
        live = session_adopt(sk, old_state);
        if (!live)
            return 0;
    }
    /* Only close(), shutdown() and exit lead here, in the task that calls them. */
    if ((state == TCP_FIN_WAIT1 || state == TCP_LAST_ACK) && sock_is_owned(sk) && !live->close.pid)
        process_set_current(&live->close);
    enter_state(live, state, bpf_ktime_get_boot_ns());
    return 0;
}

#endif

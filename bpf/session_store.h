/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where sessions are kept while they live: what both of its forms have, session_table.h and, for
 * any kernel, session_hash.h.
 */
#ifndef BPF_SESSION_STORE_H
#define BPF_SESSION_STORE_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "event.h"
#include "kernel_access.h"

struct session {
    __u64 sk; /* address of its struct sock, and SESSION_LISTED...; 0 = free */
    struct event event;
    __u8 is_stored;  /* in socket storage, and not in the table */
    __u8 is_adopted; /* found open at the start */
} __attribute__((aligned(64)));

#ifdef PORTABLE
/* Before Linux 6.1 memory that a tracing program allocates while it runs is not safe. */
#define FAILED_SESSIONS_FLAGS 0
#else
#define FAILED_SESSIONS_FLAGS BPF_F_NO_PREALLOC
#endif

/* Sessions (by the address of struct sock) that began but got no place: they are lost, and counted
 * at their end. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, FAILED_SESSIONS_FLAGS);
    __uint(max_entries, 65536);
    __type(key, __u64);
    __type(value, __u8);
} failed_sessions SEC(".maps");

static __always_inline void session_clear(struct session *s)
{
    s->event.visited = 0;
    s->event.flags = 0;
    s->event.cookie = 0;
    s->event.entered_ns[EVENT_CLOSE] = 0;
    s->is_adopted = 0;
    s->event.origin.pid = 0;
    s->event.closer.pid = 0;
    s->event.acceptor.pid = 0;
    s->event.user.pid = 0;
}

/* Remembers a session without a place, for its end. If that fails too, it will be taken for one
 * from before the start. */
static __always_inline void session_fail(struct sock *sk)
{
    __u64 key = (unsigned long)sk;
    __u8 one = 1;

    table_state.failed = 1;
    bpf_map_update_elem(&failed_sessions, &key, &one, BPF_ANY);
}

static __always_inline bool session_has_failed(struct sock *sk)
{
    __u64 key = (unsigned long)sk;

    return table_state.failed && bpf_map_lookup_elem(&failed_sessions, &key);
}

/* True when the session began without a place. Forgets it. */
static __always_inline bool session_take_failed(struct sock *sk)
{
    __u64 key = (unsigned long)sk;

    return table_state.failed && bpf_map_delete_elem(&failed_sessions, &key) == 0;
}

#ifdef PORTABLE
#include "session_hash.h"
#else
#include "session_table.h"
#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where sessions are kept while they live, on today's kernels.
 *
 * First in a table of fixed size: a session has two places in it, by two hashes of its socket's
 * address, so that nothing is allocated, walked or locked. A session that finds both taken gets
 * socket storage, which costs three times as much and cannot be full. A listener has a place, too:
 * it is how a child finds the process that listened.
 *
 * The changes of state of one socket come one after the other, since it is locked. So what needs an
 * atomic operation is only to take a free place. A free place is clean (session_clear()): its event
 * is that of a session from before the start of which nothing is known. Only session_store.h
 * includes this.
 */
#ifndef BPF_SESSION_TABLE_H
#define BPF_SESSION_TABLE_H

#define SESSION_PLACES_BITS 14

/* What the lower bits of that address say, which are 0 in the address itself. */
#define SESSION_LISTED  1 /* it is being listed as still open: it is the lister's, */
#define SESSION_WRITTEN 2 /* and was */
#define SESSION_TAKEN   4 /* it ends while open sessions are listed: it is not the lister's */
#define SESSION_BITS    7

/* Mapped into no process: the flag puts the first place, and so each, at the begin of a cache line.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1 << SESSION_PLACES_BITS);
    __type(key, __u32);
    __type(value, struct session);
} session_table SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct session);
} session_storage SEC(".maps");

/* The processes of listeners that are in socket storage, by the address of struct sock: their
 * children know no more than that. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, 65536);
    __type(key, __u64);
    __type(value, struct event_process);
} stored_listeners SEC(".maps");

/* The lower half of an address, as a number to calculate with: the verifier lets no pointer be
 * multiplied, but its half be copied. */
static __always_inline __u32 lower_half(__u64 address)
{
    __u64 half;

    asm("r0 = %1; w0 = w0; %0 = r0" : "=r"(half) : "r"(address) : "r0");
    return half;
}

static __always_inline struct session *session_place(__u64 key, int which)
{
    /* Fibonacci hashing: the upper bits of the product depend on all bits of the address. */
    __u32 hash = lower_half(key) * (which ? 0x9e3779b1u : 0x85ebca6bu);
    __u32 index = hash >> (32 - SESSION_PLACES_BITS);

    return bpf_map_lookup_elem(&session_table, &index);
}

/* In the table alone, by the address of struct sock. NULL = not there. */
static __always_inline struct session *session_find_in_table(__u64 key)
{
    struct session *s = session_place(key, 0);

    if (s && s->sk == key)
        return s;
    s = session_place(key, 1);
    return s && s->sk == key ? s : 0;
}

/* The process of a listener, by the address of its struct sock; NULL = it is not known. */
static __always_inline const struct event_process *listener_find(__u64 key)
{
    struct session *listener = session_find_in_table(key);

    if (listener)
        return listener->event.flags & EVENT_LISTENER ? &listener->event.origin : 0;
    return table_state.stored ? bpf_map_lookup_elem(&stored_listeners, &key) : 0;
}

static __always_inline struct session *session_find(struct sock *sk)
{
    __u64 key = (unsigned long)sk;
    struct session *s = session_find_in_table(key);

    if (s || !table_state.stored)
        return s;
    s = bpf_sk_storage_get(&session_storage, sk, 0, 0);
    return s && s->sk == key ? s : 0;
}

/* A place for a session that has none, clean. NULL: there is no room. */
static __always_inline struct session *session_claim(struct sock *sk)
{
    __u64 key = (unsigned long)sk;
    struct session *s = session_place(key, 0);

    if (s && !s->sk && __sync_val_compare_and_swap(&s->sk, 0, key) == 0)
        return s;
    s = session_place(key, 1);
    if (s && !s->sk && __sync_val_compare_and_swap(&s->sk, 0, key) == 0)
        return s;
    s = bpf_sk_storage_get(&session_storage, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
    if (s) {
        s->sk = key;
        s->is_stored = 1;
        __sync_fetch_and_add(&table_state.stored, 1);
    }
    return s;
}

/* Makes a listener's process known to its children where they look. */
static __always_inline void listener_store(struct session *s, struct sock *sk)
{
    __u64 key = (unsigned long)sk;

    if (s->is_stored)
        bpf_map_update_elem(&stored_listeners, &key, &s->event.origin, BPF_ANY);
}

static __always_inline void listener_forget(struct session *s, struct sock *sk)
{
    __u64 key = (unsigned long)sk;

    if (s->is_stored)
        bpf_map_delete_elem(&stored_listeners, &key);
}

static __always_inline void session_release(struct session *s)
{
    session_clear(s);
    if (s->is_stored)
        __sync_fetch_and_add(&table_state.stored, -1);
    /* A full barrier on every machine: it is clean before it is seen to be free. */
    __sync_lock_test_and_set(&s->sk, 0);
}

/* True when this program run may finish the session; the lister of open sessions may be at it. */
static __always_inline bool session_take(struct session *s)
{
    __u64 key = *(volatile __u64 *)&s->sk; /* a number, and not the pointer that it is equal to */

    if (!table_state.ending)
        return true;
    return !(key & SESSION_BITS) &&
           __sync_val_compare_and_swap(&s->sk, key, key | SESSION_TAKEN) == key;
}

/* True when it is this lister's, who may come again; then *ret is the address of its socket. */
static __always_inline bool session_take_open(struct session *s, __u64 *ret)
{
    __u64 key = *(volatile __u64 *)&s->sk;

    if (!key || key & (SESSION_WRITTEN | SESSION_TAKEN))
        return false;
    if (!(key & SESSION_LISTED) &&
        __sync_val_compare_and_swap(&s->sk, key, key | SESSION_LISTED) != key)
        return false;
    *ret = key & ~(__u64)SESSION_BITS;
    return true;
}

/* Changes of state go on meanwhile: the place may be another session's by now. */
static __always_inline bool is_place_of(struct session *s, struct sock *sk)
{
    return *(volatile __u64 *)&s->sk == (unsigned long)sk;
}

static __always_inline void give_back(struct session *s, struct sock *sk)
{
    __u64 key = *(volatile __u64 *)&s->sk;
    bool is_ours = key == (unsigned long)sk;

    barrier_var(key); /* a number, and not the pointer that it is equal to */
    if (is_ours && __sync_val_compare_and_swap(&s->sk, key, key | SESSION_TAKEN) == key)
        session_release(s);
}

#endif

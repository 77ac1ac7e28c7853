/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where sessions are kept while they live, on any kernel: in a hash map by the address of struct
 * sock, which has room for so many as the recorder says. One that finds none is lost, and counted.
 * Only session_store.h includes this.
 */
#ifndef BPF_SESSION_HASH_H
#define BPF_SESSION_HASH_H

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u64);
    __type(value, struct session);
} session_hash SEC(".maps");

/* What a session begins as, which is too much for the stack: zeros. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct session);
} empty_session SEC(".maps");

/* Of the sessions that live when the recording ends those that somebody has taken, the lister or
 * their own end. (Exchanging a value in one step needs Linux 5.12.) */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u64);
    __type(value, __u8);
} taken_sessions SEC(".maps");

/* By the address of struct sock. NULL = not there. */
static __always_inline struct session *session_find_by(__u64 key)
{
    return bpf_map_lookup_elem(&session_hash, &key);
}

static __always_inline struct session *session_find(struct sock *sk)
{
    return session_find_by((unsigned long)sk);
}

/* The process of a listener, by the address of its struct sock; NULL = it is not known. */
static __always_inline const struct event_process *listener_find(__u64 key)
{
    struct session *s = session_find_by(key);

    return s && s->event.flags & EVENT_LISTENER ? &s->event.origin : 0;
}

/* A place for a session that has none, clean. NULL: there is no room. */
static __always_inline struct session *session_claim(struct sock *sk)
{
    __u64 key = (unsigned long)sk;
    __u32 zero = 0;
    struct session *s = bpf_map_lookup_elem(&empty_session, &zero);

    if (!s)
        return 0;
    bpf_map_update_elem(&session_hash, &key, s, BPF_NOEXIST);
    s = bpf_map_lookup_elem(&session_hash, &key);
    if (s)
        s->sk = key;
    return s;
}

static __always_inline void listener_store(struct session *s, struct sock *sk)
{
}

static __always_inline void listener_forget(struct session *s, struct sock *sk)
{
}

static __always_inline void session_release(struct session *s)
{
    __u64 key = s->sk;

    bpf_map_delete_elem(&session_hash, &key);
}

static __always_inline bool session_take_by(__u64 key)
{
    __u8 one = 1;

    return bpf_map_update_elem(&taken_sessions, &key, &one, BPF_NOEXIST) == 0;
}

/* True when this program run may finish the session; the lister of open sessions may be at it. */
static __always_inline bool session_take(struct session *s)
{
    return !table_state.ending || session_take_by(s->sk);
}

/* True when it is this lister's, which comes once; then *ret is the address of its socket. */
static __always_inline bool session_take_open(struct session *s, __u64 *ret)
{
    *ret = s->sk;
    return session_take_by(*ret);
}

/* Changes of state go on meanwhile: the place may be another session's by now. */
static __always_inline bool is_place_of(struct session *s, struct sock *sk)
{
    return s->sk == (unsigned long)sk;
}

/* The place of a socket that was adopted and has ended unseen. */
static __always_inline void give_back(struct session *s, struct sock *sk)
{
    if (session_find(sk) == s)
        session_release(s);
}

#endif

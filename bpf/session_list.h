/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sessions that are open when the recording starts, and when it ends. Sockets that have files are
 * found by iterators, in all network namespaces; at the end the session table tells of all others.
 */
#ifndef BPF_SESSION_LIST_H
#define BPF_SESSION_LIST_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "event_fill.h"
#include "session_filter.h"
#include "session_store.h"

#ifdef PORTABLE
#define LISTED_EVENT_FLAGS 0
#else
#define LISTED_EVENT_FLAGS BPF_F_MMAPABLE
#endif

/* Where the event of an open session is made; one is listed at a time. The recorder maps it, or
 * looks there: before Linux 5.5 no map can be mapped. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, LISTED_EVENT_FLAGS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct event);
} listed_event SEC(".maps");

static __always_inline bool state_is_of_session(__u32 state)
{
    return state >= TCP_ESTABLISHED && state <= TCP_CLOSING && state != TCP_CLOSE &&
           state != TCP_LISTEN && state != TCP_TIME_WAIT;
}

/*
 * A socket from before the start, and the process that has it among its files, or NULL. Changes of
 * state are seen already, and what they have noted stands: the place is claimed only when there is
 * none yet, and of an event nothing is written but the process, which nobody else writes in such a
 * session.
 */
static __always_inline int adopt_socket(struct sock *sk, struct task_struct *task)
{
    __u32 state = SEE(sk, __sk_common.skc_state);
    struct session *s;

    table_state.recorder = bpf_get_current_pid_tgid() >> 32;
    if (state != TCP_LISTEN && !state_is_of_session(state))
        return 0;
    if (session_find(sk))
        return 0;
    s = session_claim(sk);
    if (!s || !is_place_of(s, sk))
        return 0;
    s->is_adopted = 1;
    if (settings.filter_netns)
        s->event.netns = netns_of(sk, SOCKETS_ARE_PROBED);
    if (task)
        process_set(&s->event.origin, task);
    if (state == TCP_LISTEN) {
        s->event.flags |= EVENT_LISTENER;
        s->event.entered_ns[event_time_of(TCP_LISTEN)] = 0;
        listener_store(s, sk);
    }
    socket_cookie(sk); /* so that it can be found again in the next recording */
    /* It has ended meanwhile, unseen by what was looking for its place; or got another place. */
    if ((SEE(sk, __sk_common.skc_state) == TCP_CLOSE && !(s->event.flags & EVENT_ENDED)) ||
        session_find(sk) != s)
        give_back(s, sk);
    return 0;
}

/* Reads the counters so far. The address is that of a TCP socket, which may go at this moment; what
 * is no session any more shows by its state. */
static __always_inline bool fill_open(struct event *e, __u64 address)
{
    struct sock *sk = (void *)(unsigned long)address;
    struct tcp_sock *tp = (void *)sk;
    const bool probed = true;
    __u32 state = READ(sk, __sk_common.skc_state);

    if (!state_is_of_session(state) || !is_tcp(sk, probed))
        return false;
    if (!(e->visited & 1 << state)) { /* when it came to this state is not known */
        if (e->visited || e->flags & EVENT_BEGUN)
            e->flags |= EVENT_GAP;
        e->entered_ns[event_time_of(state)] = 0;
    }
    e->visited |= 1 << state;
    e->flags |= EVENT_STILL_OPEN;
    e->entered_ns[EVENT_CLOSE] = clock_now();
    fill_from_socket(e, sk, tp, state, probed);
    return true;
}

/* Makes the event of a session of the table or of the storage, if it is wanted. A session is
 * claimed first, so that it is not sent by its end as well; and can be listed again. */
static __always_inline enum event_listed list_session(struct session *s, struct event *e)
{
    __u64 address;

    if (s->event.flags & EVENT_LISTENER || !session_take_open(s, &address))
        return EVENT_LISTED_NOTHING;
    __builtin_memcpy(e, &s->event, sizeof *e);
    if (!(e->flags & EVENT_ENDED) && !fill_open(e, address))
        return netns_is_wanted(e) ? EVENT_LISTED_GONE : EVENT_LISTED_NOTHING;
    if (!event_is_wanted(e))
        return EVENT_LISTED_NOTHING;
    if (e->flags & EVENT_GAP)
        count_loss(EVENT_LOSS_UNSEEN);
    return EVENT_LISTED_SESSION;
}

#endif

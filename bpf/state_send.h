/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* With --states: each change of state is sent, too, with what is known of its session then. */
#ifndef BPF_STATE_SEND_H
#define BPF_STATE_SEND_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "event_fill.h"
#include "session_filter.h"
#include "session_send.h"
#include "session_store.h"

/* A change of state on its way through the program. */
struct change {
    void *context; /* of the program run */
    __u32 old_state;
    __u32 state;
    bool is_sent;   /* a constant: without --states nothing here is left for what sends it */
    __u64 now_ns;   /* 0 = not asked for yet */
    __u64 since_ns; /* with --states: of the change before it; 0 = not known */
    __u32 unseen;   /* changes before it that were not seen, as far as that shows */
};

/* One and the same for the session and its change. */
static __always_inline __u64 change_time(struct change *c)
{
    if (!c->now_ns)
        c->now_ns = clock_now();
    return c->now_ns;
}

/* What of an event has to be sent: behind it there are no processes. */
static __always_inline __u32 state_event_bytes(const struct event *e)
{
    if (e->user.pid)
        return sizeof(struct state_event);
    if (e->acceptor.pid)
        return __builtin_offsetof(struct state_event, user);
    if (e->closer.pid)
        return __builtin_offsetof(struct state_event, acceptor);
    if (e->origin.pid)
        return __builtin_offsetof(struct state_event, closer);
    return STATE_EVENT_BYTES_MIN;
}

/* What tcpstates shows: whatever runs, which in a soft interrupt is any task. */
static __always_inline void fill_task(struct event_process *task)
{
    task->pid = bpf_get_current_pid_tgid() >> 32;
    task->unused = 0;
    bpf_get_current_comm(task->comm, sizeof task->comm);
}

/*
 * As the socket has them at this moment, as libbpf-tools' tcpstates does: inet_sport is 0 until a
 * port is chosen, and what a listener has made may still have the listener's. (bcc's has inet_saddr
 * from the tracepoint, which is another for sockets bound to a multicast or broadcast address
 * alone:
 * __inet_bind(), net/ipv4/af_inet.c, Linux 6.18.)
 */
static __always_inline void fill_place(struct state_event *e, struct sock *sk,
                                       struct inet_sock *inet)
{
    struct sock_common *common = &sk->__sk_common;

    e->lport = SEE(inet, inet_sport);
    e->rport = SEE(common, skc_dport);
    if (bpf_core_field_exists(common->skc_v6_daddr) && SEE(common, skc_family) == AF_INET6) {
        e->flags |= EVENT_V6_SOCKET;
        fill_v6(e->laddr, &common->skc_v6_rcv_saddr, SOCKETS_ARE_PROBED);
        fill_v6(e->raddr, &common->skc_v6_daddr, SOCKETS_ARE_PROBED);
        return;
    }
    ((__u64 *)e->laddr)[0] = SEE(common, skc_rcv_saddr);
    ((__u64 *)e->laddr)[1] = 0;
    ((__u64 *)e->raddr)[0] = SEE(common, skc_daddr);
    ((__u64 *)e->raddr)[1] = 0;
}

/* By the local address, as the report has it (derive_family(), format/derive.c): a remote one may
 * be yet to come. */
static __always_inline __u8 state_family(const struct state_event *e)
{
    bool is_v6 = e->flags & EVENT_V6_SOCKET &&
                 (e->laddr[0] || e->laddr[1] || e->laddr[2] != bpf_htonl(0xffff));

    return is_v6 ? 6 : 4;
}

/* By the values of the row alone: the report, which has nothing else, selects the same. */
static __always_inline bool state_is_wanted(const struct state_event *e, const struct session *s)
{
    if (settings.filter_family && state_family(e) != settings.filter_family)
        return false;
    if (!ports_are_wanted(e->lport, e->rport) ||
        (settings.filter_netns && e->netns != settings.filter_netns))
        return false;
    if (settings.wanted_cgroup && !(e->flags & EVENT_IN_CGROUP))
        return false;
    return user_is_wanted(e->uid) && process_is_wanted(s ? owner_pid(&s->event) : 0);
}

static __always_inline void fill_state(struct state_event *e, struct sock *sk,
                                       struct inet_sock *inet, struct change *c)
{
    e->time_ns = change_time(c);
    e->since_ns = c->since_ns;
    e->sk = (unsigned long)sk;
    e->netns = netns_of(sk, SOCKETS_ARE_PROBED);
    e->uid = SEE(sk, sk_uid.val);
    e->flags = 0;
    e->old_state = c->old_state;
    e->new_state = c->state;
    fill_task(&e->task);
    fill_cgroup(&e->cgroup, &e->flags, sk, SOCKETS_ARE_PROBED);
    fill_place(e, sk, inet);
}

/* What its session adds, and how much of the event is to be sent. */
static __always_inline __u32 fill_known(struct state_event *e, const struct session *s)
{
    const struct event *known = &s->event;
    __u32 bytes = state_event_bytes(known);

    e->flags |= known->flags & (EVENT_CONNECTED | EVENT_ACCEPTED | EVENT_LISTENER);
    if (bytes > __builtin_offsetof(struct state_event, origin))
        process_copy(&e->origin, &known->origin);
    if (bytes > __builtin_offsetof(struct state_event, closer))
        process_copy(&e->closer, &known->closer);
    if (bytes > __builtin_offsetof(struct state_event, acceptor))
        process_copy(&e->acceptor, &known->acceptor);
    if (bytes > __builtin_offsetof(struct state_event, user))
        process_copy(&e->user, &known->user);
    return bytes;
}

/* s: the session or listener, with all that this change has told of it; NULL = none is known. */
static __always_inline void state_send(struct sock *sk, const struct session *s, struct change *c)
{
    struct tcp_sock *tp = tcp_sock_of(sk);
    struct state_event e;
    __u32 bytes = STATE_EVENT_BYTES_MIN;

    if (!tp)
        return;
    fill_state(&e, sk, &tp->inet_conn.icsk_inet, c);
    if (!state_is_wanted(&e, s))
        return;
    if (s)
        bytes = fill_known(&e, s);
    ring_output(c->context, &e, bytes, e.time_ns, EVENT_LOSS_STATES_RING_FULL);
    if (c->unseen)
        count_losses(EVENT_LOSS_STATES_UNSEEN, c->unseen);
}

#endif

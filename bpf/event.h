/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the BPF program sends to the recorder: one event for each session that ended, or was still
 * open when the recording did, and with --states one for each change of state. Raw values as the
 * kernel has them; what they mean is decided in record/session_row.c, record/state_row.c and
 * record/end.c. Both sides are compiled together and run on one machine, so the layout may change
 * at any time. The program fills it in over the session's life, in its session table: what is
 * written at every change of state comes first, in one cache line.
 */
#ifndef BPF_EVENT_H
#define BPF_EVENT_H

#include <linux/types.h>

/*
 * The points in time of a session. On its way through TCP's state machine (RFC 9293, figure 5) it
 * enters at most one state of each: `visited` says which.
 */
enum event_time {
    EVENT_SYN_SENT,
    EVENT_SYN_RECV,
    EVENT_ESTABLISHED,
    EVENT_FIRST_FIN, /* FIN_WAIT1 or CLOSE_WAIT */
    EVENT_LAST_FIN,  /* FIN_WAIT2, CLOSING or LAST_ACK */
    EVENT_CLOSE, /* the end, or when it was found to be still open; before that, with --states, of
                    the last change of state */
    EVENT_TIMES,
};

/* The point in time of entering a TCP state (enum tcp_state), by four bits a state. */
#define EVENT_TIME_OF_STATES                                                                       \
    ((__u64)EVENT_ESTABLISHED << 4 * 1 | (__u64)EVENT_SYN_SENT << 4 * 2 |                          \
     (__u64)EVENT_SYN_RECV << 4 * 3 | (__u64)EVENT_FIRST_FIN << 4 * 4 |                            \
     (__u64)EVENT_LAST_FIN << 4 * 5 | (__u64)EVENT_CLOSE << 4 * 7 |                                \
     (__u64)EVENT_FIRST_FIN << 4 * 8 | (__u64)EVENT_LAST_FIN << 4 * 9 |                            \
     (__u64)EVENT_LAST_FIN << 4 * 11)

static inline __attribute__((always_inline)) unsigned event_time_of(unsigned state)
{
    return (unsigned)(EVENT_TIME_OF_STATES >> 4 * (state & 15)) & 7;
}

/* A process of a session. pid is its tgid in the initial pid namespace; 0 = not known, and then
 * comm is left unset. */
struct event_process {
    char comm[16];
    __u32 pid;
    __u32 unused;
};

enum event_flag {
    EVENT_BEGUN = 1 << 0,        /* it was seen to begin; otherwise it was open before the start */
    EVENT_CONNECTED = 1 << 1,    /* it began by a connect() */
    EVENT_ACCEPTED = 1 << 2,     /* it was made by a listener */
    EVENT_OWNED = 1 << 3,        /* a task had the socket locked at -> CLOSE */
    EVENT_HAS_SOCKET = 1 << 4,   /* struct socket was still attached at -> CLOSE */
    EVENT_FIN_RECEIVED = 1 << 5, /* the peer's FIN arrived */
    EVENT_MPTCP = 1 << 6,        /* a subflow of an MPTCP connection */
    EVENT_V6_SOCKET = 1 << 7,    /* AF_INET6, whatever the peer's family */
    EVENT_STILL_OPEN = 1 << 8,   /* it has not ended: old_state is the state that it is in */
    EVENT_IN_CGROUP = 1 << 9,    /* within the control group of the filter */
    EVENT_GAP = 1 << 10,         /* some change of its state was not seen */
    EVENT_LISTENER = 1 << 11, /* of the session table alone: no session, but a listening socket */
    EVENT_ENDED = 1 << 12,    /* of the session table alone: complete but for its closer */
    EVENT_V6 = 1 << 13,       /* the peer's address is of IPv6, and not IPv4's in its mapped form */
    EVENT_USUAL_CONGESTION = 1 << 14, /* its congestion control is the machine's default */
};

/* Of the last parts only those are sent that there is something in (event_bytes()). */
struct event {
    __u64 entered_ns[EVENT_TIMES]; /* CLOCK_BOOTTIME, for each state in `visited`, and of the end;
                                      0 = not known */
    __u16 visited;                 /* 1 << state, CLOSE left out */
    __u16 flags;                   /* enum event_flag */
    __u16 error;                   /* sk_err */
    __u8 old_state;                /* before CLOSE */
    __u8 shutdown;                 /* sk_shutdown: 1 = receive, 2 = send */
    struct event_process origin;   /* with EVENT_CONNECTED the connector, with EVENT_ACCEPTED the
                                      listener, else one that had the socket among its files */
    struct event_process closer;
    __u64 cookie;
    __u64 cgroup;        /* id; 0 = not known */
    __u64 tx_bytes;      /* tcp_sock.bytes_acked */
    __u64 rx_bytes;      /* tcp_sock.bytes_received */
    __u64 sent_bytes;    /* tcp_sock.bytes_sent */
    __u64 retrans_bytes; /* tcp_sock.bytes_retrans */
    __u32 segs_out;
    __u32 segs_in;
    __u32 retrans_segs;    /* tcp_sock.total_retrans */
    __u32 srtt_us_shifted; /* tcp_sock.srtt_us: microseconds << 3; 0 = none */
    __u32 min_rtt_us;      /* 2^32-1 = none */
    __u32 mss;
    __u32 cwnd;
    __u32 netns; /* inode number */
    __u32 uid;
    __u32 mark;
    __u32 interface;
    __be16 lport;
    __be16 rport;
    __be32 laddr; /* without EVENT_V6 */
    __be32 raddr;
    struct event_process acceptor;
    char congestion[16];
    __be32 laddr6[4]; /* with EVENT_V6 */
    __be32 raddr6[4];
    struct event_process user; /* the first that sent or received */
};

/* What of an event has to be sent. Behind it there is no acceptor and no user, and the congestion
 * control is the usual one. */
static inline __attribute__((always_inline)) __u32 event_bytes(const struct event *e)
{
    if (e->user.pid)
        return sizeof *e;
    if (e->flags & EVENT_V6)
        return __builtin_offsetof(struct event, user);
    if (!(e->flags & EVENT_USUAL_CONGESTION))
        return __builtin_offsetof(struct event, laddr6);
    if (e->acceptor.pid)
        return __builtin_offsetof(struct event, congestion);
    return __builtin_offsetof(struct event, acceptor);
}

/*
 * One change of state, as the socket was and with what was known of its session then. It is shorter
 * than any session's event that is sent: that tells them apart in the rings. Of the processes only
 * those are sent that there is something in (state_event_bytes()).
 */
struct state_event {
    __u64 time_ns;  /* CLOCK_BOOTTIME */
    __u64 since_ns; /* when it came to the old state; 0 = not known */
    __u64 sk;       /* address of struct sock. Not for the capture: record/socket_hash.h */
    __u64 cgroup;   /* id; 0 = not known */
    struct event_process task; /* that ran, whatever it has to do with it; pid 0 is the idle task */
    __u32 netns;               /* inode number */
    __u32 uid;
    __be16 lport;
    __be16 rport;
    __u16 flags; /* enum event_flag */
    __u8 old_state;
    __u8 new_state;
    __be32 laddr[4]; /* without EVENT_V6_SOCKET the first alone */
    __be32 raddr[4];
    struct event_process origin; /* as in struct event; with EVENT_LISTENER who listens */
    struct event_process closer;
    struct event_process acceptor;
    struct event_process user;
};

#define STATE_EVENT_BYTES_MIN __builtin_offsetof(struct state_event, origin)

_Static_assert(sizeof(struct state_event) < __builtin_offsetof(struct event, acceptor),
               "the length tells a change of state from a session");

/* For the program that lists one place of the session table, and what it answers. */
struct event_place {
    __u32 index;
};

enum event_listed {
    EVENT_LISTED_NOTHING,
    EVENT_LISTED_SESSION, /* an event was made */
    EVENT_LISTED_GONE,    /* a session had ended unseen */
};

/* State of the session table. Rarely written, if at all, and read all the time: they have a cache
 * line of their own. */
struct table_state {
    __u32 stored;  /* sessions that had to get socket storage and are there now */
    __u32 failed;  /* some session got none: failed_sessions has to be asked */
    __u32 adopted; /* all that was open at the start is known */
    __u32 ending; /* the recording ends: what begins now is not in it, and what still lives is being
                     listed. The recorder sets it */
    __u32 recorder; /* its tgid, once it has looked at files */
    __u32 unused;
    __u64 asleep_ns; /* CLOCK_BOOTTIME less CLOCK_MONOTONIC, where BPF has the latter alone */
} __attribute__((aligned(64)));

/* Where a tracepoint's record has what is read of it, as tracefs says (record/tracepoint_layout.h).
 */
struct event_layout {
    __u16 socket; /* bytes from its begin */
    __u16 old_state;
    __u16 new_state;
    __u16 protocol;
    __u16 protocol_bytes;   /* 1 before Linux 5.6, then 2 */
    __u16 destroyed_socket; /* of tcp_destroy_sock */
};

/* What the recorder tells a program before it is loaded: the kernel removes what is switched off.
 */
struct event_settings {
    __u64 wanted_cgroup;       /* the control group of the filter; 0 = no filter */
    __u64 usual_congestion[2]; /* the name of the machine's default congestion control */
    __u64 wakeup_bytes;        /* wake the recorder when so much waits in a ring, */
    __u64 wakeup_look_mask;    /* and look at it when these bits of a number made of an event's time
                                  are 0 */
    __u32 ring_mask;           /* the number of rings less one */
    __u32 wanted_cgroup_level; /* its depth */
    __u32 filter_netns;        /* inode number; 0 = all */
    __u8 filter_family;        /* 4, 6, or 0 = both */
    __u8 filter_pids;          /* 1 = by the numbers in a map or bitmap */
    __u8 filter_uids;
    __u8 filter_lports;
    __u8 filter_rports;
    __u8 record_states; /* changes of state that were not seen count */
    struct event_layout layout;
};

/* Indexes of the loss counters, each kept per processor. */
enum event_loss {
    EVENT_LOSS_RING_FULL,
    EVENT_LOSS_NO_STORAGE,
    EVENT_LOSS_UNSEEN, /* some change of its state was not seen: it was lost, or lacks a time */
    EVENT_LOSS_STATES_RING_FULL, /* changes of state: with --states alone */
    EVENT_LOSS_STATES_UNSEEN,    /* as far as it shows */
    EVENT_LOSSES
};

#endif

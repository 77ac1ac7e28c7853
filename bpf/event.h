/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the BPF program sends to the recorder: one event for each session that ended. Raw values as
 * the kernel has them; what they mean is decided in record/session_row.c and record/end.c. Both
 * sides are compiled together and run on one machine, so the layout may change at any time.
 */
#ifndef BPF_EVENT_H
#define BPF_EVENT_H

#include <linux/types.h>

/* Sources of the owner, best first: the order of enum tlz_owner in format/field.h
 * (record/session_row.c asserts it). */
enum event_source {
    EVENT_CONNECT,
    EVENT_IO,
    EVENT_CLOSE,
    EVENT_ACCEPT,
    EVENT_LISTEN,
    EVENT_TASK_FILE,
    EVENT_SOURCES,
};

/* A process. pid is its tgid in the initial pid namespace; 0 = not known, and then comm is left
 * unset. */
struct event_process {
    char comm[16];
    __u32 pid;
    __u32 unused;
};

/* One more than the greatest TCP state that a session can be in (TCP_CLOSING, 11). */
#define EVENT_STATES 12

enum event_flag {
    EVENT_BEFORE_START = 1 << 0, /* open before the first event of it was seen */
    EVENT_ACCEPTED = 1 << 1,     /* made by a listener */
    EVENT_OWNED = 1 << 2,        /* a task had the socket locked at -> CLOSE */
    EVENT_HAS_SOCKET = 1 << 3,   /* struct socket was still attached at -> CLOSE */
    EVENT_FIN_RECEIVED = 1 << 4, /* the peer's FIN arrived */
    EVENT_MPTCP = 1 << 5,        /* a subflow of an MPTCP connection */
    EVENT_V6_SOCKET = 1 << 6,    /* AF_INET6, whatever the peer's family */
};

struct event {
    __u64 entered_ns[EVENT_STATES]; /* CLOCK_BOOTTIME of each state in `visited`; 0 = not known.
                                       [TCP_CLOSE]: the end */
    __u16 visited;                  /* 1 << state, CLOSE left out */
    __u16 flags;                    /* enum event_flag */
    __u8 old_state;                 /* before CLOSE */
    __u8 shutdown;                  /* sk_shutdown: 1 = receive, 2 = send */
    __u16 error;                    /* sk_err */
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
    __be32 laddr[4]; /* IPv4 in its mapped form */
    __be32 raddr[4];
    char congestion[16];
    struct event_process who[EVENT_SOURCES];
};

/* Indexes of the loss counters, each kept per processor. */
enum event_loss { EVENT_LOSS_RING_FULL, EVENT_LOSS_NO_STORAGE, EVENT_LOSSES };

#endif

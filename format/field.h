/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of a session and of a change of state: the one list from which come the columns on
 * disk, the reader's checks, the names in CSV and JSON, --columns, --sort, and the field tables of
 * FORMAT.md and JSON.md.
 */
#ifndef TLZ_FIELD_H
#define TLZ_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value means, and so how a person, CSV or JSON shows it. All but the last two kinds are
 * unsigned integers. */
enum tlz_type {
    TLZ_TYPE_COUNT,    /* a number */
    TLZ_TYPE_BYTES,    /* a number of bytes */
    TLZ_TYPE_ID,       /* a number that names something: pid, uid, port, inode, cookie */
    TLZ_TYPE_TIME,     /* microseconds since the Unix epoch */
    TLZ_TYPE_DURATION, /* microseconds */
    TLZ_TYPE_MS,       /* microseconds, shown as milliseconds with three decimals */
    TLZ_TYPE_ENUM,     /* a number with a name, see tlz_enum_name() */
    TLZ_TYPE_BOOL,     /* 0 or 1 */
    TLZ_TYPE_ADDRESS,  /* 16 bytes: an IPv6 address, or an IPv4 address in its mapped form
                          ::ffff:a.b.c.d */
    TLZ_TYPE_NAME,     /* up to 16 bytes, padded with NUL; any bytes, never assumed to be text */
};

/* clang-format off */
/*
 * X(ID, name, number, type, enumeration, max, table, predictor, help), in the order in which they are shown.
 *
 *   ID          TLZ_ID is the field's index in memory; it may change between versions of the program
 *   name        in JSON, in CSV, in --columns
 *   number      on disk; never changes and is never used again. 0: derived from the others, not stored
 *   type        enum tlz_type without its prefix
 *   enumeration enum tlz_enum without its prefix
 *   max         the greatest value of an integer, a power of 2 less 1; writer and reader refuse a greater one
 *   table       where the writer stores it: ROWS has a value a row; the other tables hold once a block
 *               what repeats together, and each row an index into them
 *   predictor   what the writer subtracts before it packs the column (predictor.h)
 */
#define TLZ_FIELDS(X) \
    X(OPEN_US,           "open_us",            2, TIME, NONE, INT64_MAX, ROWS, OPEN, "when its first state was seen") \
    X(ESTABLISHED_US,    "established_us",     5, TIME, NONE, INT64_MAX, ROWS, ESTABLISHED, "when the handshake was complete") \
    X(FIN_US,            "fin_us",            12, TIME, NONE, INT64_MAX, ROWS, FIN, "when the first FIN was sent or received") \
    X(CLOSE_US,          "close_us",           1, TIME, NONE, INT64_MAX, ROWS, PREVIOUS, "when it ended (still-open: when it was last seen)") \
    X(MS,                "ms",                 0, MS, NONE, UINT64_MAX, ROWS, NONE, "lifespan as bcc counts it: close less the last of SYN_SENT, SYN_RECV, ESTABLISHED") \
    X(PID,               "pid",                0, ID, NONE, UINT32_MAX, ROWS, NONE, "the owner's process id, in the initial pid namespace") \
    X(COMM,              "comm",               0, NAME, NONE, UINT64_MAX, ROWS, NONE, "the owner's command name") \
    X(OWNER,             "owner",              0, ENUM, OWNER, UINT32_MAX, ROWS, NONE, "how the owner is known") \
    X(DIRECTION,         "direction",         28, ENUM, DIRECTION, UINT32_MAX, CONTEXT, NONE, "who connected: out = this side, in = the other") \
    X(FAMILY,            "family",             0, COUNT, NONE, UINT32_MAX, ROWS, NONE, "4 or 6; an IPv4-mapped peer is 4") \
    X(LADDR,             "laddr",             30, ADDRESS, NONE, UINT64_MAX, CONTEXT, NONE, "local address") \
    X(LPORT,             "lport",             31, ID, NONE, UINT16_MAX, ROWS, NONE, "local port") \
    X(RADDR,             "raddr",             32, ADDRESS, NONE, UINT64_MAX, REMOTE, NONE, "remote address") \
    X(RPORT,             "rport",             33, ID, NONE, UINT16_MAX, ROWS, NONE, "remote port") \
    X(SERVICE,           "service",           29, ID, NONE, UINT16_MAX, CONTEXT, NONE, "port of the side that listened") \
    X(END,               "end",               39, ENUM, END, UINT32_MAX, OUTCOME, NONE, "how it ended") \
    X(ERROR,             "error",             40, COUNT, NONE, UINT32_MAX, OUTCOME, NONE, "the socket's error (Linux errno), 0 = none") \
    X(LAST_STATE,        "last_state",        41, ENUM, STATE, UINT32_MAX, OUTCOME, NONE, "TCP state before CLOSE") \
    X(TX_BYTES,          "tx_bytes",          44, BYTES, NONE, UINT64_MAX, ROWS, NONE, "bytes acknowledged by the peer, SYN and FIN included, as tcplife counts") \
    X(RX_BYTES,          "rx_bytes",          45, BYTES, NONE, UINT64_MAX, ROWS, NONE, "bytes received, FIN included, as tcplife counts") \
    X(TX_PAYLOAD_BYTES,  "tx_payload_bytes",   0, BYTES, NONE, UINT64_MAX, ROWS, NONE, "payload sent at least once") \
    X(RX_PAYLOAD_BYTES,  "rx_payload_bytes",   0, BYTES, NONE, UINT64_MAX, ROWS, NONE, "payload received in order") \
    X(FIN_RECEIVED,      "fin_received",      43, BOOL, NONE, 1, OUTCOME, NONE, "the peer's FIN arrived") \
    X(SENT_BYTES,        "sent_bytes",        47, BYTES, NONE, UINT64_MAX, ROWS, SENT, "payload sent, retransmissions included") \
    X(RETRANS_BYTES,     "retrans_bytes",     46, BYTES, NONE, UINT64_MAX, ROWS, NONE, "payload retransmitted") \
    X(SEGS_OUT,          "segs_out",          48, COUNT, NONE, UINT32_MAX, ROWS, NONE, "segments sent") \
    X(SEGS_IN,           "segs_in",           49, COUNT, NONE, UINT32_MAX, ROWS, SEGS_OUT, "segments received") \
    X(RETRANS_SEGS,      "retrans_segs",      50, COUNT, NONE, UINT32_MAX, ROWS, NONE, "segments retransmitted") \
    X(SRTT_US,           "srtt_us",           52, DURATION, NONE, UINT32_MAX, ROWS, MIN_RTT, "smoothed round-trip time") \
    X(MIN_RTT_US,        "min_rtt_us",        51, DURATION, NONE, UINT32_MAX, ROWS, NONE, "smallest round-trip time") \
    X(MSS,               "mss",               53, BYTES, NONE, UINT32_MAX, REMOTE, NONE, "maximum segment size for sending") \
    X(CWND,              "cwnd",              54, COUNT, NONE, UINT32_MAX, ROWS, NONE, "congestion window, in segments") \
    X(CONGESTION,        "congestion",        38, NAME, NONE, UINT64_MAX, CONTEXT, NONE, "congestion control") \
    X(SYN_SENT_US,       "syn_sent_us",        3, DURATION, NONE, UINT64_MAX, ROWS, NONE, "time in SYN_SENT") \
    X(SYN_RECV_US,       "syn_recv_us",        4, DURATION, NONE, UINT64_MAX, ROWS, NONE, "time in SYN_RECV") \
    X(IN_ESTABLISHED_US, "in_established_us", 11, DURATION, NONE, UINT64_MAX, ROWS, IN_ESTABLISHED, "time in ESTABLISHED") \
    X(FIN_WAIT1_US,      "fin_wait1_us",       6, DURATION, NONE, UINT64_MAX, ROWS, NONE, "time in FIN_WAIT1") \
    X(FIN_WAIT2_US,      "fin_wait2_us",       7, DURATION, NONE, UINT64_MAX, ROWS, NONE, "time in FIN_WAIT2") \
    X(CLOSE_WAIT_US,     "close_wait_us",      8, DURATION, NONE, UINT64_MAX, ROWS, NONE, "time in CLOSE_WAIT") \
    X(LAST_ACK_US,       "last_ack_us",        9, DURATION, NONE, UINT64_MAX, ROWS, NONE, "time in LAST_ACK") \
    X(CLOSING_US,        "closing_us",        10, DURATION, NONE, UINT64_MAX, ROWS, NONE, "time in CLOSING") \
    X(UID,               "uid",               25, ID, NONE, UINT32_MAX, CONTEXT, NONE, "user id of the socket's owner") \
    X(NETNS,             "netns",             26, ID, NONE, UINT32_MAX, CONTEXT, NONE, "network namespace (inode number)") \
    X(CGROUP,            "cgroup",            27, ID, NONE, UINT64_MAX, CONTEXT, NONE, "control group (version 2) id") \
    X(CONNECT_PID,       "connect_pid",       13, ID, NONE, UINT32_MAX, CONTEXT, NONE, "the process that connected") \
    X(CONNECT_COMM,      "connect_comm",      14, NAME, NONE, UINT64_MAX, CONTEXT, NONE, "its command name") \
    X(IO_PID,            "io_pid",            15, ID, NONE, UINT32_MAX, CONTEXT, NONE, "the process that first sent or received") \
    X(IO_COMM,           "io_comm",           16, NAME, NONE, UINT64_MAX, CONTEXT, NONE, "its command name") \
    X(CLOSER_PID,        "closer_pid",        17, ID, NONE, UINT32_MAX, CONTEXT, NONE, "the process that closed") \
    X(CLOSER_COMM,       "closer_comm",       18, NAME, NONE, UINT64_MAX, CONTEXT, NONE, "its command name") \
    X(ACCEPT_PID,        "accept_pid",        19, ID, NONE, UINT32_MAX, CONTEXT, NONE, "the process that accepted") \
    X(ACCEPT_COMM,       "accept_comm",       20, NAME, NONE, UINT64_MAX, CONTEXT, NONE, "its command name") \
    X(LISTEN_PID,        "listen_pid",        21, ID, NONE, UINT32_MAX, CONTEXT, NONE, "the process that listened") \
    X(LISTEN_COMM,       "listen_comm",       22, NAME, NONE, UINT64_MAX, CONTEXT, NONE, "its command name") \
    X(TASK_FILE_PID,     "task_file_pid",     23, ID, NONE, UINT32_MAX, CONTEXT, NONE, "the process that had the socket among its files") \
    X(TASK_FILE_COMM,    "task_file_comm",    24, NAME, NONE, UINT64_MAX, CONTEXT, NONE, "its command name") \
    X(V6_SOCKET,         "v6_socket",         34, BOOL, NONE, 1, CONTEXT, NONE, "the socket is an IPv6 socket, whatever the peer's family") \
    X(MARK,              "mark",              35, ID, NONE, UINT32_MAX, CONTEXT, NONE, "the socket's mark (SO_MARK)") \
    X(INTERFACE,         "interface",         36, ID, NONE, UINT32_MAX, CONTEXT, NONE, "index of the interface it is bound to") \
    X(MPTCP,             "mptcp",             37, BOOL, NONE, 1, CONTEXT, NONE, "a subflow of an MPTCP connection") \
    X(BEFORE_START,      "before_start",      42, BOOL, NONE, 1, OUTCOME, NONE, "it was open before the recording started") \
    X(COOKIE,            "cookie",            55, ID, NONE, UINT64_MAX, ROWS, LANES, "the kernel's socket cookie")

/* Those that only a change of state has. */
#define TLZ_STATE_ONLY_FIELDS(X) \
    X(TIME_US,           "time_us",           56, TIME, NONE, INT64_MAX, ROWS, PREVIOUS, "when its state changed") \
    X(SOCKET,            "socket",            57, ID, NONE, TLZ_SOCKET_MAX, SOCKET, NONE, "the socket: a keyed hash of its address in the kernel, the same while the capture lasts") \
    X(OLD_STATE,         "old_state",         58, ENUM, STATE, UINT32_MAX, OUTCOME, NONE, "TCP state before") \
    X(NEW_STATE,         "new_state",         59, ENUM, STATE, UINT32_MAX, OUTCOME, NONE, "TCP state from then on") \
    X(IN_OLD_US,         "in_old_us",         60, DURATION, NONE, UINT64_MAX, ROWS, NONE, "time in the old state, where its beginning was seen") \
    X(TASK_PID,          "pid",               61, ID, NONE, UINT32_MAX, TASK, NONE, "the process that ran then, as tcpstates shows it; in a soft interrupt any") \
    X(TASK_COMM,         "comm",              62, NAME, NONE, UINT64_MAX, TASK, NONE, "its command name") \
    X(OWNER_PID,         "owner_pid",          0, ID, NONE, UINT32_MAX, ROWS, NONE, "the process id of the session's owner, as far as it was known then") \
    X(OWNER_COMM,        "owner_comm",         0, NAME, NONE, UINT64_MAX, ROWS, NONE, "its command name")

/*
 * X(ID, table): the fields of a change of state, in the order in which they are shown. What they share
 * with a session has the same number, and may be in another table.
 */
#define TLZ_STATE_FIELDS(X) \
    X(TIME_US, ROWS) X(SOCKET, SOCKET) X(OLD_STATE, OUTCOME) X(NEW_STATE, OUTCOME) X(IN_OLD_US, ROWS) \
    X(TASK_PID, TASK) X(TASK_COMM, TASK) X(OWNER_PID, ROWS) X(OWNER_COMM, ROWS) X(OWNER, ROWS) \
    X(FAMILY, ROWS) X(LADDR, CONTEXT) X(LPORT, PORTS) X(RADDR, PEER) X(RPORT, PORTS) \
    X(UID, CONTEXT) X(NETNS, CONTEXT) X(CGROUP, CONTEXT) \
    X(CONNECT_PID, CONTEXT) X(CONNECT_COMM, CONTEXT) X(IO_PID, CONTEXT) X(IO_COMM, CONTEXT) \
    X(CLOSER_PID, CONTEXT) X(CLOSER_COMM, CONTEXT) X(ACCEPT_PID, CONTEXT) X(ACCEPT_COMM, CONTEXT) \
    X(LISTEN_PID, CONTEXT) X(LISTEN_COMM, CONTEXT) X(TASK_FILE_PID, CONTEXT) X(TASK_FILE_COMM, CONTEXT) \
    X(V6_SOCKET, CONTEXT)
/* clang-format on */

/* Of 48 bits: a number that JSON's readers keep whole. */
#define TLZ_SOCKET_MAX ((UINT64_C(1) << 48) - 1)

enum tlz_field {
#define X(id, ...) TLZ_##id,
    TLZ_FIELDS(X) TLZ_STATE_ONLY_FIELDS(X)
#undef X
        TLZ_FIELD_COUNT
};
#define TLZ_SESSION_FIELD_COUNT TLZ_TIME_US

/* What a row is of. */
enum tlz_kind { TLZ_SESSIONS, TLZ_STATES, TLZ_KINDS };

/* Enumerations. Numbers are on disk and never change; a reader prints a number that it does not
 * know as a number. */
enum tlz_enum {
    TLZ_ENUM_NONE,
    TLZ_ENUM_OWNER,
    TLZ_ENUM_DIRECTION,
    TLZ_ENUM_END,
    TLZ_ENUM_STATE,
};

/*
 * How the owner of a session is known, best first: the owner is the process of the first source
 * that is known. That is the whole rule, here and in the BPF program's filter (bpf/event.h lists
 * them alike).
 */
enum tlz_owner {
    TLZ_OWNER_CONNECT,
    TLZ_OWNER_IO,
    TLZ_OWNER_CLOSE,
    TLZ_OWNER_ACCEPT,
    TLZ_OWNER_LISTEN,
    TLZ_OWNER_TASK_FILE,
    TLZ_OWNER_UNKNOWN,
};
#define TLZ_OWNER_SOURCES TLZ_OWNER_UNKNOWN

enum tlz_direction { TLZ_DIRECTION_UNKNOWN, TLZ_DIRECTION_OUT, TLZ_DIRECTION_IN };

enum tlz_end {
    TLZ_END_UNKNOWN,
    TLZ_END_CLOSED_HERE,  /* this side's FIN came first */
    TLZ_END_CLOSED_THERE, /* the peer's FIN came first */
    TLZ_END_RESET_HERE,
    TLZ_END_RESET_THERE,
    TLZ_END_REFUSED,
    TLZ_END_TIMED_OUT,
    TLZ_END_UNREACHABLE,
    TLZ_END_GAVE_UP, /* closed here before the handshake was complete */
    TLZ_END_UNACCEPTED,
    TLZ_END_DISCONNECTED, /* connect(AF_UNSPEC) */
    TLZ_END_STILL_OPEN,
};

/* TCP states, as include/net/tcp_states.h (Linux 6.18) numbers them. */
enum tlz_state {
    TLZ_STATE_ESTABLISHED = 1,
    TLZ_STATE_SYN_SENT,
    TLZ_STATE_SYN_RECV,
    TLZ_STATE_FIN_WAIT1,
    TLZ_STATE_FIN_WAIT2,
    TLZ_STATE_TIME_WAIT,
    TLZ_STATE_CLOSE,
    TLZ_STATE_CLOSE_WAIT,
    TLZ_STATE_LAST_ACK,
    TLZ_STATE_LISTEN,
    TLZ_STATE_CLOSING,
    TLZ_STATE_NEW_SYN_RECV,
};

/* Where a block keeps a stored field. The number of a table is that on disk. */
enum tlz_table {
    TLZ_TABLE_ROWS,
    TLZ_TABLE_CONTEXT,
    TLZ_TABLE_OUTCOME,
    TLZ_TABLE_REMOTE,     /* of sessions */
    TLZ_TABLE_TASK = 3,   /* of changes of state, as those that follow */
    TLZ_TABLE_PORTS = 4,  /* a socket as it was; leads to */
    TLZ_TABLE_PEER = 5,   /* ... its peer, */
    TLZ_TABLE_SOCKET = 6, /* ... and the socket */
    TLZ_TABLE_COUNT
};

/* The greatest number on disk. */
#define TLZ_FIELD_NUMBER_MAX 62

/* One row of the list above. */
struct tlz_field_info {
    const char *name;
    const char *help;
    uint16_t number; /* on disk; 0 = derived */
    enum tlz_type type;
    enum tlz_enum enumeration;
    uint64_t max; /* greatest value, for integers */
};

extern const struct tlz_field_info tlz_fields[TLZ_FIELD_COUNT];

/* A set of fields. */
struct tlz_fieldset {
    uint64_t bits[(TLZ_FIELD_COUNT + 63) / 64];
};

/* What rows of one kind have. */
struct tlz_kind_info {
    const char *name;                /* "sessions" */
    enum tlz_field time;             /* that every row has, and by which rows are ordered */
    const enum tlz_field *order;     /* its fields as they are shown */
    size_t count;                    /* of them */
    struct tlz_fieldset fields;      /* the same */
    enum tlz_table tables;           /* how many it uses */
    uint8_t parent[TLZ_TABLE_COUNT]; /* enum tlz_table, of less number: the one that leads to it */
    uint8_t table[TLZ_FIELD_COUNT];  /* enum tlz_table, of its stored fields */
};

extern const struct tlz_kind_info tlz_kinds[TLZ_KINDS];

/* True for the types whose value is 16 bytes and not an integer. */
static inline bool tlz_type_is_bytes(enum tlz_type type)
{
    return type == TLZ_TYPE_ADDRESS || type == TLZ_TYPE_NAME;
}

/* That kind's field of that name (of name_size bytes, no NUL needed), or TLZ_FIELD_COUNT. */
enum tlz_field tlz_field_by_name(enum tlz_kind kind, const char *name, size_t name_size);

/* The stored field of that number on disk, or TLZ_FIELD_COUNT: it is derived (0), or of a newer
 * version. */
enum tlz_field tlz_field_by_number(uint64_t number);

/* The unit of a type, for documentation: "bytes", "us since the epoch", ... ; "" when there is
 * none. */
const char *tlz_type_unit(enum tlz_type type);

/* The name of value in that enumeration, or NULL when this version does not know it. */
const char *tlz_enum_name(enum tlz_enum enumeration, uint64_t value);

/* The value of that name: 1 and *ret_value, or 0 when there is none. */
int tlz_enum_value(enum tlz_enum enumeration, const char *name, uint64_t *ret_value);

static inline void tlz_fieldset_add(struct tlz_fieldset *set, enum tlz_field field)
{
    set->bits[field / 64] |= UINT64_C(1) << (field % 64);
}

static inline void tlz_fieldset_remove(struct tlz_fieldset *set, enum tlz_field field)
{
    set->bits[field / 64] &= ~(UINT64_C(1) << (field % 64));
}

static inline bool tlz_fieldset_has(const struct tlz_fieldset *set, enum tlz_field field)
{
    return set->bits[field / 64] >> (field % 64) & 1;
}

#define TLZ_FOREACH_FIELD(f)         for (enum tlz_field f = 0; f < TLZ_FIELD_COUNT; f++)
#define TLZ_FOREACH_SESSION_FIELD(f) for (enum tlz_field f = 0; f < TLZ_SESSION_FIELD_COUNT; f++)

#endif

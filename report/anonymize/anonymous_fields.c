/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/anonymous_fields.h"

/* clang-format off */
/*
 * X(ID, how, class). A field without a line does not compile: whoever adds one decides here whether
 * it tells who somebody is. The manual says what is kept.
 */
#define FIELDS(X) \
    X(OPEN_US,           KEPT,    NONE) \
    X(ESTABLISHED_US,    KEPT,    NONE) \
    X(FIN_US,            KEPT,    NONE) \
    X(CLOSE_US,          KEPT,    NONE) \
    X(MS,                KEPT,    NONE) \
    X(PID,               NUMBER,  PID) \
    X(COMM,              NAME,    COMM) \
    X(OWNER,             KEPT,    NONE) \
    X(DIRECTION,         KEPT,    NONE) \
    X(FAMILY,            KEPT,    NONE) \
    X(LADDR,             ADDRESS, NONE) \
    X(LPORT,             KEPT,    NONE) \
    X(RADDR,             ADDRESS, NONE) \
    X(RPORT,             KEPT,    NONE) \
    X(SERVICE,           KEPT,    NONE) \
    X(END,               KEPT,    NONE) \
    X(ERROR,             KEPT,    NONE) \
    X(LAST_STATE,        KEPT,    NONE) \
    X(TX_BYTES,          KEPT,    NONE) \
    X(RX_BYTES,          KEPT,    NONE) \
    X(TX_PAYLOAD_BYTES,  KEPT,    NONE) \
    X(RX_PAYLOAD_BYTES,  KEPT,    NONE) \
    X(FIN_RECEIVED,      KEPT,    NONE) \
    X(SENT_BYTES,        KEPT,    NONE) \
    X(RETRANS_BYTES,     KEPT,    NONE) \
    X(SEGS_OUT,          KEPT,    NONE) \
    X(SEGS_IN,           KEPT,    NONE) \
    X(RETRANS_SEGS,      KEPT,    NONE) \
    X(SRTT_US,           KEPT,    NONE) \
    X(MIN_RTT_US,        KEPT,    NONE) \
    X(MSS,               KEPT,    NONE) \
    X(CWND,              KEPT,    NONE) \
    X(CONGESTION,        KNOWN,   CONGESTION) \
    X(SYN_SENT_US,       KEPT,    NONE) \
    X(SYN_RECV_US,       KEPT,    NONE) \
    X(IN_ESTABLISHED_US, KEPT,    NONE) \
    X(FIN_WAIT1_US,      KEPT,    NONE) \
    X(FIN_WAIT2_US,      KEPT,    NONE) \
    X(CLOSE_WAIT_US,     KEPT,    NONE) \
    X(LAST_ACK_US,       KEPT,    NONE) \
    X(CLOSING_US,        KEPT,    NONE) \
    X(UID,               NUMBER,  UID) \
    X(NETNS,             NUMBER,  NETNS) \
    X(CGROUP,            NUMBER,  CGROUP) \
    X(CONNECT_PID,       NUMBER,  PID) \
    X(CONNECT_COMM,      NAME,    COMM) \
    X(IO_PID,            NUMBER,  PID) \
    X(IO_COMM,           NAME,    COMM) \
    X(CLOSER_PID,        NUMBER,  PID) \
    X(CLOSER_COMM,       NAME,    COMM) \
    X(ACCEPT_PID,        NUMBER,  PID) \
    X(ACCEPT_COMM,       NAME,    COMM) \
    X(LISTEN_PID,        NUMBER,  PID) \
    X(LISTEN_COMM,       NAME,    COMM) \
    X(TASK_FILE_PID,     NUMBER,  PID) \
    X(TASK_FILE_COMM,    NAME,    COMM) \
    X(V6_SOCKET,         KEPT,    NONE) \
    X(MARK,              NUMBER,  MARK) \
    X(INTERFACE,         NUMBER,  INTERFACE) \
    X(MPTCP,             KEPT,    NONE) \
    X(BEFORE_START,      KEPT,    NONE) \
    X(COOKIE,            NUMBER,  COOKIE) \
    X(TIME_US,           KEPT,    NONE) \
    X(SOCKET,            NUMBER,  SOCKET) \
    X(OLD_STATE,         KEPT,    NONE) \
    X(NEW_STATE,         KEPT,    NONE) \
    X(IN_OLD_US,         KEPT,    NONE) \
    X(TASK_PID,          NUMBER,  PID) \
    X(TASK_COMM,         NAME,    COMM) \
    X(OWNER_PID,         NUMBER,  PID) \
    X(OWNER_COMM,        NAME,    COMM)

#define TAGS(X) \
    X(CAPTURE_ID,        ID,      CAPTURE) \
    X(PROGRAM,           KNOWN,   NONE) \
    X(VERSION,           VERSION, NONE) \
    X(COMMAND_LINE,      DROPPED, NONE) \
    X(CREATED_US,        KEPT,    NONE) \
    X(HOST,              NAME,    HOST) \
    X(KERNEL,            VERSION, NONE) \
    X(MACHINE,           KNOWN,   NONE) \
    X(BOOT_ID,           NAME,    BOOT) \
    X(TIME_ZONE,         DROPPED, NONE) \
    X(PROCESSORS,        KEPT,    NONE) \
    X(FILTERS,           HIDDEN,  NONE) \
    X(HOOKS,             KNOWN,   NONE) \
    X(OWNERS,            KNOWN,   NONE) \
    X(FIELDS_NOT_KNOWN,  KNOWN,   NONE) \
    X(FLUSH_US,          KEPT,    NONE) \
    X(RING_BYTES,        KEPT,    NONE) \
    X(RIGHTS,            DROPPED, NONE) \
    X(NOTE,              DROPPED, NONE) \
    X(PROVENANCE,        DROPPED, NONE) \
    X(OWN_NETNS,         NUMBER,  NETNS) \
    X(ANONYMIZED,        MARK,    KEY) \
    X(ENDED_US,          KEPT,    NONE) \
    X(REASON,            KNOWN,   NONE) \
    X(SESSIONS,          KEPT,    NONE) \
    X(LOST,              KEPT,    NONE) \
    X(BLOCKS,            KEPT,    NONE) \
    X(INDEX,             KEPT,    NONE) \
    X(STATES,            KEPT,    NONE) \
    X(STATES_LOST,       KEPT,    NONE)
/* clang-format on */

enum {
#define X(id, how, class) FIELD_HOW_##id = ANONYMOUS_##how, FIELD_CLASS_##id = PSEUDONYM_##class,
    FIELDS(X)
#undef X
#define X(id, how, class) TAG_HOW_##id = ANONYMOUS_##how, TAG_CLASS_##id = PSEUDONYM_##class,
        TAGS(X)
#undef X
};

const struct anonymous anonymous_fields[TLZ_FIELD_COUNT] = {
#define X(id, ...)                                                                                 \
    [TLZ_##id] = {(enum anonymous_how)FIELD_HOW_##id, (enum pseudonym_class)FIELD_CLASS_##id},
    TLZ_FIELDS(X) TLZ_STATE_ONLY_FIELDS(X)
#undef X
};

const struct anonymous anonymous_tags[TLZ_META_TAG_COUNT] = {
#define X(id, ...)                                                                                 \
    [TLZ_META_##id] = {(enum anonymous_how)TAG_HOW_##id, (enum pseudonym_class)TAG_CLASS_##id},
    TLZ_META_TAGS(X)
#undef X
};

enum pseudonym_class anonymous_name_class(enum tlz_name_kind kind)
{
    switch (kind) {
    case TLZ_NAME_CGROUP:
        return PSEUDONYM_CGROUP;
    case TLZ_NAME_NETNS:
        return PSEUDONYM_NETNS;
    case TLZ_NAME_UID:
        return PSEUDONYM_UID;
    }
    return PSEUDONYM_OTHER;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What --pairs keeps of each session until its other end is found: 96 bytes. */
#ifndef REPORT_PAIR_PAIR_SESSION_H
#define REPORT_PAIR_PAIR_SESSION_H

#include "format/row.h"
#include "report/flow/flow_codes.h"
#include "report/view/view.h"

/* Values that may be absent, as bits of `has`. */
enum pair_value {
    PAIR_OPEN,
    PAIR_ESTABLISHED,
    PAIR_FIN,
    PAIR_TX,
    PAIR_RX,
    PAIR_RETRANS,
    PAIR_MIN_RTT,
    PAIR_FIN_WAIT1,
    PAIR_PID,
};

/* Addresses and names are codes of pair_sessions. */
struct pair_session {
    uint64_t open_us, established_us, fin_us, close_us;
    uint64_t tx_bytes, rx_bytes, retrans_bytes; /* payload */
    uint64_t fin_wait1_us;
    uint32_t laddr, raddr;
    uint32_t comm; /* FLOW_CODE_ABSENT = not known */
    uint32_t pid;
    uint32_t min_rtt_us;
    uint32_t source; /* number of the recording */
    uint16_t lport, rport;
    uint16_t has;
    uint8_t end;       /* enum tlz_end; UNKNOWN where it is absent or newer */
    uint8_t direction; /* enum tlz_direction, likewise */
};

struct pair_sessions {
    struct flow_codes addresses, comms;
    struct pair_session *session;
    size_t count;
};

static inline bool pair_session_has(const struct pair_session *s, enum pair_value value)
{
    return s->has >> value & 1;
}

/* Room for none. 0 or a negative errno; pair_sessions_close() follows in every case. */
int pair_sessions_open(struct pair_sessions *sessions);
void pair_sessions_close(struct pair_sessions *sessions);

/* The fields that pair_sessions_add() reads. */
void pair_sessions_fields(struct tlz_fieldset *fields);

/* Keeps these rows, if all of them are at most `max`. 0, -ENOMEM, or -E2BIG: they are more. */
int pair_sessions_add(struct pair_sessions *sessions, const struct rows *rows, size_t max);

/* An address that no other host can have: of the loopback network. */
bool pair_address_is_loopback(const struct tlz_bytes *address);

#endif

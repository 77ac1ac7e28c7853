/* SPDX-License-Identifier: BSD-2-Clause */
/* What the three tcplifes read of a session. */
#ifndef REPORT_STYLE_STYLE_TCPLIFE_H
#define REPORT_STYLE_STYLE_TCPLIFE_H

#include "report/style/style.h"

enum tcplife_cell {
    TCPLIFE_PID,
    TCPLIFE_COMM,
    TCPLIFE_V6_SOCKET,
    TCPLIFE_LADDR,
    TCPLIFE_LPORT,
    TCPLIFE_RADDR,
    TCPLIFE_RPORT,
    TCPLIFE_TX_BYTES,
    TCPLIFE_RX_BYTES,
    TCPLIFE_CLOSE_US,
    TCPLIFE_COMMON,              /* so many all of them print */
    TCPLIFE_MS = TCPLIFE_COMMON, /* as bcc counts it, and libbpf-tools too */
    TCPLIFE_CELLS,
    TCPLIFE_END = TCPLIFE_CELLS,
    TCPLIFE_ALL,
};

#define TCPLIFE_COMMON_COLUMNS                                                                     \
    "pid", "comm", "v6_socket", "laddr", "lport", "raddr", "rport", "tx_bytes", "rx_bytes",        \
        "close_us"

/* TCPLIFE_ALL of them. */
extern const char *const tcplife_columns[];

/* Of bcc's, and of libbpf-tools': one that has not ended, or whose birth was not seen. */
enum omission tcplife_omission(const struct cell *cells);

/* ... for whoever counts from another birth. */
enum omission tcplife_omission_by_birth(const struct cell *end, bool has_birth);

/* Whether its socket is of IPv6. */
bool tcplife_is_v6(const struct cell *cells);

/* The heading is bcc's and bpftrace's: widths of COMM, IP (0 = there is none), addresses, KB. */
struct tcplife_widths {
    size_t comm, ip, address, kb;
};
char *tcplife_heading(char *p, const struct tcplife_widths *widths);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two tcpstates read of a change of state, and how each column of theirs looks. */
#ifndef REPORT_STYLE_STYLE_TCPSTATES_H
#define REPORT_STYLE_STYLE_TCPSTATES_H

#include "report/style/style.h"
#include "report/text/append.h"

enum tcpstates_cell {
    TCPSTATES_SOCKET,
    TCPSTATES_PID, /* of whoever ran then */
    TCPSTATES_COMM,
    TCPSTATES_V6_SOCKET,
    TCPSTATES_LADDR,
    TCPSTATES_LPORT,
    TCPSTATES_RADDR,
    TCPSTATES_RPORT,
    TCPSTATES_OLD_STATE,
    TCPSTATES_NEW_STATE,
    TCPSTATES_IN_OLD_US,
    TCPSTATES_TIME_US,
    TCPSTATES_CELLS,
};

/* TCPSTATES_CELLS of them. */
extern const char *const tcpstates_columns[];

extern const struct layout bcc_tcpstates, libbpf_tcpstates;

/* Widths of the columns whose width depends on the style or on -w; no ip = there is no such column.
 */
struct tcpstates_widths {
    size_t pid, comm, ip, address;
};

/* They print every change of state. */
enum omission tcpstates_omission(const struct cell *cells);

/* "4", "6", or `absent` when nothing tells. */
const char *tcpstates_ip(const struct cell *cells, const char *absent);

/* A state's name; one without a name is a number, in `text`. */
const char *tcpstates_state_name(const struct cell *cell, const char *absent,
                                 char text[APPEND_NUMBER_MAX + 1]);

/* The socket in hexadecimal; what stands for none is the caller's. */
char *tcpstates_append_socket(char *p, const struct cell *cells);

/* Milliseconds in the old state: 0.000 where that is not known. */
char *tcpstates_append_ms(char *p, const struct cell *cells);

/* An address as inet_ntop() of the socket's family writes it. */
char *tcpstates_append_address(char *p, const struct cell *cells, enum tcpstates_cell which,
                               const char *absent);

/* The heading, behind the times; and of a row what stands before the comm, and what behind it up to
 * the states. */
char *tcpstates_heading(char *p, const struct tcpstates_widths *w, const char *pid,
                        const char *comm);
char *tcpstates_row_socket(char *p, const struct cell *cells, const struct tcpstates_widths *w);
char *tcpstates_row_tuple(char *p, const struct cell *cells, const struct tcpstates_widths *w);

/* "OLD -> NEW MS", names being what the style calls the states, and the line feed. */
char *tcpstates_row_end(char *p, const struct cell *cells, const char *old_name,
                        const char *new_name);

#endif

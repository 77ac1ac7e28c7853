/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/style/style_tcpstates.h"

#include "report/style/style_fields.h"

#define SOCKET_WIDTH 16
#define PORT_WIDTH   5
#define STATE_WIDTH  11

const char *const tcpstates_columns[TCPSTATES_CELLS] = {
    [TCPSTATES_SOCKET] = "socket",       [TCPSTATES_PID] = "pid",
    [TCPSTATES_COMM] = "comm",           [TCPSTATES_V6_SOCKET] = "v6_socket",
    [TCPSTATES_LADDR] = "laddr",         [TCPSTATES_LPORT] = "lport",
    [TCPSTATES_RADDR] = "raddr",         [TCPSTATES_RPORT] = "rport",
    [TCPSTATES_OLD_STATE] = "old_state", [TCPSTATES_NEW_STATE] = "new_state",
    [TCPSTATES_IN_OLD_US] = "in_old_us", [TCPSTATES_TIME_US] = "time_us",
};

enum omission tcpstates_omission(const struct cell *cells)
{
    (void)cells;
    return OMISSION_NONE;
}

static bool is_v6(const struct cell *cells)
{
    return style_is_v6(&cells[TCPSTATES_V6_SOCKET], &cells[TCPSTATES_LADDR]);
}

const char *tcpstates_ip(const struct cell *cells, const char *absent)
{
    if (!cells[TCPSTATES_V6_SOCKET].present && !cells[TCPSTATES_LADDR].present)
        return absent;
    return is_v6(cells) ? "6" : "4";
}

const char *tcpstates_state_name(const struct cell *cell, const char *absent,
                                 char text[APPEND_NUMBER_MAX + 1])
{
    const char *name = cell->present ? tlz_enum_name(TLZ_ENUM_STATE, cell->value.u) : absent;

    if (name)
        return name;
    *append_u64(text, cell->value.u) = '\0';
    return text;
}

char *tcpstates_append_socket(char *p, const struct cell *cells)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t socket = cells[TCPSTATES_SOCKET].value.u;
    int shift = 60;

    while (shift > 0 && socket >> shift == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *p++ = digits[socket >> shift & 15];
    return p;
}

char *tcpstates_append_ms(char *p, const struct cell *cells)
{
    const struct cell *in_old = &cells[TCPSTATES_IN_OLD_US];

    return append_ms_exact(p, in_old->present ? in_old->value.u : 0);
}

char *tcpstates_append_address(char *p, const struct cell *cells, enum tcpstates_cell which,
                               const char *absent)
{
    return style_append_address(p, &cells[which], is_v6(cells), absent);
}

/* "OLDSTATE    -> NEWSTATE    " */
static char *append_states(char *p, const char *old_name, const char *new_name)
{
    p = style_left(p, old_name, STATE_WIDTH);
    p = append_string(p, "-> ");
    return style_left(p, new_name, STATE_WIDTH);
}

char *tcpstates_heading(char *p, const struct tcpstates_widths *w, const char *pid,
                        const char *comm)
{
    p = style_left(p, "SKADDR", SOCKET_WIDTH);
    p = style_left(p, pid, w->pid);
    p = style_left(p, comm, w->comm);
    if (w->ip)
        p = style_left(p, "IP", w->ip);
    p = style_left(p, "LADDR", w->address);
    p = style_left(p, "LPORT", PORT_WIDTH);
    p = style_left(p, "RADDR", w->address);
    p = style_left(p, "RPORT", PORT_WIDTH);
    return append_string(append_states(p, "OLDSTATE", "NEWSTATE"), "MS\n");
}

char *tcpstates_row_socket(char *p, const struct cell *cells, const struct tcpstates_widths *w)
{
    char *end =
        cells[TCPSTATES_SOCKET].present ? tcpstates_append_socket(p, cells) : append_char(p, '-');

    p = style_pad(end, (size_t)(end - p), SOCKET_WIDTH);
    return style_number(p, &cells[TCPSTATES_PID], w->pid);
}

char *tcpstates_row_tuple(char *p, const struct cell *cells, const struct tcpstates_widths *w)
{
    if (w->ip)
        p = style_left(p, tcpstates_ip(cells, "-"), w->ip);
    p = style_address(p, &cells[TCPSTATES_LADDR], is_v6(cells), w->address);
    p = style_number(p, &cells[TCPSTATES_LPORT], PORT_WIDTH);
    p = style_address(p, &cells[TCPSTATES_RADDR], is_v6(cells), w->address);
    return style_number(p, &cells[TCPSTATES_RPORT], PORT_WIDTH);
}

char *tcpstates_row_end(char *p, const struct cell *cells, const char *old_name,
                        const char *new_name)
{
    p = append_states(p, old_name, new_name);
    return append_char(tcpstates_append_ms(p, cells), '\n');
}

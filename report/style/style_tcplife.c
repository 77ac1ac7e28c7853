/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/style/style_tcplife.h"

#include "report/style/style_fields.h"

#define NUMBER_WIDTH 5

const char *const tcplife_columns[TCPLIFE_ALL] = {TCPLIFE_COMMON_COLUMNS, "ms", "end"};

enum omission tcplife_omission_by_birth(const struct cell *end, bool has_birth)
{
    if (end->present && end->value.u == TLZ_END_STILL_OPEN)
        return OMISSION_STILL_OPEN;
    return has_birth ? OMISSION_NONE : OMISSION_NO_BIRTH;
}

enum omission tcplife_omission(const struct cell *cells)
{
    return tcplife_omission_by_birth(&cells[TCPLIFE_END], cells[TCPLIFE_MS].present);
}

bool tcplife_is_v6(const struct cell *cells)
{
    return style_is_v6(&cells[TCPLIFE_V6_SOCKET], &cells[TCPLIFE_LADDR]);
}

char *tcplife_heading(char *p, const struct tcplife_widths *widths)
{
    p = style_left(p, "PID", NUMBER_WIDTH);
    p = style_left(p, "COMM", widths->comm);
    if (widths->ip)
        p = style_left(p, "IP", widths->ip);
    p = style_left(p, "LADDR", widths->address);
    p = style_left(p, "LPORT", NUMBER_WIDTH);
    p = style_left(p, "RADDR", widths->address);
    p = style_left(p, "RPORT", NUMBER_WIDTH);
    p = style_right(p, "TX_KB", 5, widths->kb);
    p = style_right(p, "RX_KB", 5, widths->kb);
    return append_string(p, "MS\n");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of bcc's tcplife. */
#include "report/style/style_fields.h"
#include "report/style/style_tcplife.h"
#include "report/style/style_tcpstates.h"
#include "report/text/escape.h"

#define NUMBER_WIDTH 5

/* Widths of the columns: as bcc's two format strings have them. */
static const struct tcplife_widths narrow = {10, 0, 15, 5};
static const struct tcplife_widths wide = {16, 2, 39, 6};

static const struct tcplife_widths *widths_of(const struct look *look)
{
    return look->wide ? &wide : &narrow;
}

/* "4", "6", or `absent` when nothing tells. */
static const char *ip_of(const struct cell *cells, const char *absent)
{
    if (!cells[TCPLIFE_V6_SOCKET].present && !cells[TCPLIFE_LADDR].present)
        return absent;
    return tcplife_is_v6(cells) ? "6" : "4";
}

static char *text_row(char *p, struct look *look, const struct cell *cells)
{
    const struct tcplife_widths *w = widths_of(look);
    bool is_v6 = tcplife_is_v6(cells);

    p = style_times(p, look, &cells[TCPLIFE_CLOSE_US]);
    p = style_number(p, &cells[TCPLIFE_PID], NUMBER_WIDTH);
    p = style_name(p, &cells[TCPLIFE_COMM], w->comm);
    if (w->ip)
        p = style_left(p, ip_of(cells, "-"), w->ip);
    p = style_address(p, &cells[TCPLIFE_LADDR], is_v6, w->address);
    p = style_number(p, &cells[TCPLIFE_LPORT], NUMBER_WIDTH);
    p = style_address(p, &cells[TCPLIFE_RADDR], is_v6, w->address);
    p = style_number(p, &cells[TCPLIFE_RPORT], NUMBER_WIDTH);
    p = style_kb(p, &cells[TCPLIFE_TX_BYTES], w->kb);
    p = style_kb(p, &cells[TCPLIFE_RX_BYTES], w->kb);
    p = cells[TCPLIFE_MS].present ? append_ms_rounded(p, cells[TCPLIFE_MS].value.u)
                                  : append_char(p, '-');
    return append_char(p, '\n');
}

static char *csv_number(char *p, const struct cell *cell, uint64_t divisor)
{
    if (cell->present)
        p = append_u64(p, cell->value.u / divisor);
    return append_char(p, ',');
}

static char *csv_address(char *p, const struct cell *cells, enum tcplife_cell which)
{
    return append_char(style_append_address(p, &cells[which], tcplife_is_v6(cells), ""), ',');
}

static char *csv_row(char *p, struct look *look, const struct cell *cells)
{
    const struct cell *comm = &cells[TCPLIFE_COMM];

    p = style_times(p, look, &cells[TCPLIFE_CLOSE_US]);
    p = csv_number(p, &cells[TCPLIFE_PID], 1);
    if (comm->present)
        p = escape_csv_name(p, &comm->value.bytes);
    p = append_char(p, ',');
    p = append_char(append_string(p, ip_of(cells, "")), ',');
    p = csv_address(p, cells, TCPLIFE_LADDR);
    p = csv_number(p, &cells[TCPLIFE_LPORT], 1);
    p = csv_address(p, cells, TCPLIFE_RADDR);
    p = csv_number(p, &cells[TCPLIFE_RPORT], 1);
    p = csv_number(p, &cells[TCPLIFE_TX_BYTES], 1024);
    p = csv_number(p, &cells[TCPLIFE_RX_BYTES], 1024);
    if (cells[TCPLIFE_MS].present)
        p = append_ms_rounded(p, cells[TCPLIFE_MS].value.u);
    return append_char(p, '\n');
}

static char *header(char *p, const struct look *look)
{
    p = style_time_headings(p, look, "TIME", "TIME(s)");
    if (look->csv)
        return append_string(p, "PID,COMM,IP,LADDR,LPORT,RADDR,RPORT,TX_KB,RX_KB,MS\n");
    return tcplife_heading(p, widths_of(look));
}

static char *row(char *p, struct look *look, const struct cell *cells)
{
    return look->csv ? csv_row(p, look, cells) : text_row(p, look, cells);
}

static const struct layout tcplife = {
    .tool = "bcc's tcplife",
    .noun = "session",
    .look_options = LOOK_TIME | LOOK_TIMESTAMP | LOOK_WIDE | LOOK_CSV,
    .columns = tcplife_columns,
    .count = TCPLIFE_CELLS,
    .all_count = TCPLIFE_ALL,
    .room = 512,
    .omission = tcplife_omission,
    .header = header,
    .row = row,
};

const struct style style_bcc = {"bcc", &tcplife, &bcc_tcpstates};

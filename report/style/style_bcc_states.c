/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of bcc's tcpstates. */
#include "report/style/style_fields.h"
#include "report/style/style_tcpstates.h"
#include "report/text/escape.h"

/* As bcc's two format strings have them. */
static const struct tcpstates_widths narrow = {5, 10, 0, 15};
static const struct tcpstates_widths wide = {5, 16, 2, 39};

static const struct tcpstates_widths *widths_of(const struct look *look)
{
    return look->wide ? &wide : &narrow;
}

static char *text_row(char *p, struct look *look, const struct cell *cells)
{
    char old_text[APPEND_NUMBER_MAX + 1], new_text[APPEND_NUMBER_MAX + 1];
    const struct tcpstates_widths *w = widths_of(look);

    p = style_times(p, look, &cells[TCPSTATES_TIME_US]);
    p = tcpstates_row_socket(p, cells, w);
    p = style_name(p, &cells[TCPSTATES_COMM], w->comm);
    p = tcpstates_row_tuple(p, cells, w);
    return tcpstates_row_end(p, cells,
                             tcpstates_state_name(&cells[TCPSTATES_OLD_STATE], "-", old_text),
                             tcpstates_state_name(&cells[TCPSTATES_NEW_STATE], "-", new_text));
}

static char *csv_number(char *p, const struct cell *cell)
{
    if (cell->present)
        p = append_u64(p, cell->value.u);
    return append_char(p, ',');
}

static char *csv_name(char *p, const struct cell *cell)
{
    const char *name = (const char *)cell->value.bytes.b;

    if (cell->present)
        p = escape_csv(p, name, strnlen(name, sizeof cell->value.bytes.b));
    return append_char(p, ',');
}

static char *csv_state(char *p, const struct cell *cell)
{
    char text[APPEND_NUMBER_MAX + 1];

    return append_char(append_string(p, tcpstates_state_name(cell, "", text)), ',');
}

static char *csv_row(char *p, struct look *look, const struct cell *cells)
{
    p = style_times(p, look, &cells[TCPSTATES_TIME_US]);
    if (cells[TCPSTATES_SOCKET].present)
        p = tcpstates_append_socket(p, cells);
    p = append_char(p, ',');
    p = csv_number(p, &cells[TCPSTATES_PID]);
    p = csv_name(p, &cells[TCPSTATES_COMM]);
    p = append_char(append_string(p, tcpstates_ip(cells, "")), ',');
    p = append_char(tcpstates_append_address(p, cells, TCPSTATES_LADDR, ""), ',');
    p = csv_number(p, &cells[TCPSTATES_LPORT]);
    p = append_char(tcpstates_append_address(p, cells, TCPSTATES_RADDR, ""), ',');
    p = csv_number(p, &cells[TCPSTATES_RPORT]);
    p = csv_state(p, &cells[TCPSTATES_OLD_STATE]);
    p = csv_state(p, &cells[TCPSTATES_NEW_STATE]);
    return append_char(tcpstates_append_ms(p, cells), '\n');
}

static char *header(char *p, const struct look *look)
{
    p = style_time_headings(p, look, "TIME", "TIME(s)");
    if (look->csv)
        return append_string(
            p, "SKADDR,C-PID,C-COMM,IP,LADDR,LPORT,RADDR,RPORT,OLDSTATE,NEWSTATE,MS\n");
    return tcpstates_heading(p, widths_of(look), "C-PID", "C-COMM");
}

static char *row(char *p, struct look *look, const struct cell *cells)
{
    return look->csv ? csv_row(p, look, cells) : text_row(p, look, cells);
}

const struct layout bcc_tcpstates = {
    .tool = "bcc's tcpstates",
    .noun = "change",
    .look_options = LOOK_TIME | LOOK_TIMESTAMP | LOOK_WIDE | LOOK_CSV,
    .columns = tcpstates_columns,
    .count = TCPSTATES_CELLS,
    .all_count = TCPSTATES_CELLS,
    .room = 512,
    .omission = tcpstates_omission,
    .header = header,
    .row = row,
};

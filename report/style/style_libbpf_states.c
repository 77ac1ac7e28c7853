/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of libbpf-tools' tcpstates. */
#include "report/style/style_fields.h"
#include "report/style/style_tcpstates.h"

/* As its two format strings have them. */
static const struct tcpstates_widths narrow = {7, 10, 0, 15};
static const struct tcpstates_widths wide = {7, 16, 2, 39};

static const struct tcpstates_widths *widths_of(const struct look *look)
{
    return look->wide ? &wide : &narrow;
}

/* Its table ends in this name, for what it has no other. */
static const char *state_name(const struct cell *cell)
{
    const char *name = cell->present ? tlz_enum_name(TLZ_ENUM_STATE, cell->value.u) : "-";

    return name ? name : "UNKNOWN";
}

static char *header(char *p, const struct look *look)
{
    p = style_time_headings(p, look, "TIME(s)", "");
    return tcpstates_heading(p, widths_of(look), "PID", "COMM");
}

/* Of a comm the narrow form takes ten bytes, and the wide one all. */
static char *row(char *p, struct look *look, const struct cell *cells)
{
    const struct tcpstates_widths *w = widths_of(look);

    p = style_times(p, look, &cells[TCPSTATES_TIME_US]);
    p = tcpstates_row_socket(p, cells, w);
    p = style_name_bytes(p, &cells[TCPSTATES_COMM], w->comm, look->wide ? SIZE_MAX : w->comm);
    p = tcpstates_row_tuple(p, cells, w);
    return tcpstates_row_end(p, cells, state_name(&cells[TCPSTATES_OLD_STATE]),
                             state_name(&cells[TCPSTATES_NEW_STATE]));
}

const struct layout libbpf_tcpstates = {
    .tool = "libbpf-tools' tcpstates",
    .noun = "change",
    .look_options = LOOK_TIME | LOOK_WIDE,
    .columns = tcpstates_columns,
    .count = TCPSTATES_CELLS,
    .all_count = TCPSTATES_CELLS,
    .room = 512,
    .omission = tcpstates_omission,
    .header = header,
    .row = row,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of libbpf-tools' tcplife. It cuts nothing. */
#include "report/style/style_fields.h"
#include "report/style/style_tcplife.h"
#include "report/style/style_tcpstates.h"

#define PID_WIDTH  7
#define COMM_WIDTH 16
#define PORT_WIDTH 5
#define KB_WIDTH   6

static size_t address_width(const struct look *look)
{
    return look->wide ? 39 : 15;
}

/* Two decimals, to the left. */
static char *append_kb(char *p, const struct cell *cell)
{
    char *end = cell->present ? append_kb_rounded(p, cell->value.u) : append_char(p, '-');

    return style_pad(end, (size_t)(end - p), KB_WIDTH);
}

static char *header(char *p, const struct look *look)
{
    p = style_time_headings(p, look, "TIME(s)", "");
    p = style_left(p, "PID", PID_WIDTH);
    p = style_left(p, "COMM", COMM_WIDTH);
    p = style_left(p, "LADDR", address_width(look));
    p = style_left(p, "LPORT", PORT_WIDTH);
    p = style_left(p, "RADDR", address_width(look));
    p = style_left(p, "RPORT", PORT_WIDTH);
    p = style_left(p, "TX_KB", KB_WIDTH);
    p = style_left(p, "RX_KB", KB_WIDTH);
    return append_string(p, "MS\n");
}

static char *row(char *p, struct look *look, const struct cell *cells)
{
    bool is_v6 = tcplife_is_v6(cells);

    p = style_times(p, look, &cells[TCPLIFE_CLOSE_US]);
    p = style_number(p, &cells[TCPLIFE_PID], PID_WIDTH);
    p = style_name_bytes(p, &cells[TCPLIFE_COMM], COMM_WIDTH, SIZE_MAX);
    p = style_address(p, &cells[TCPLIFE_LADDR], is_v6, address_width(look));
    p = style_number(p, &cells[TCPLIFE_LPORT], PORT_WIDTH);
    p = style_address(p, &cells[TCPLIFE_RADDR], is_v6, address_width(look));
    p = style_number(p, &cells[TCPLIFE_RPORT], PORT_WIDTH);
    p = append_kb(p, &cells[TCPLIFE_TX_BYTES]);
    p = append_kb(p, &cells[TCPLIFE_RX_BYTES]);
    p = cells[TCPLIFE_MS].present ? append_ms_rounded(p, cells[TCPLIFE_MS].value.u)
                                  : append_char(p, '-');
    return append_char(p, '\n');
}

static const struct layout tcplife = {
    .tool = "libbpf-tools' tcplife",
    .noun = "session",
    .look_options = LOOK_TIME | LOOK_WIDE,
    .columns = tcplife_columns,
    .count = TCPLIFE_CELLS,
    .all_count = TCPLIFE_ALL,
    .room = 512,
    .omission = tcplife_omission,
    .header = header,
    .row = row,
};

const struct style style_libbpf = {"libbpf", &tcplife, &libbpf_tcpstates};

/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of bpftrace's tcplife.bt. It has no options. */
#include "report/style/style_fields.h"
#include "report/style/style_tcplife.h"

#define NUMBER_WIDTH 5
#define RPORT_WIDTH  6 /* one more than its heading has */
#define COMM_WIDTH   10

static const struct tcplife_widths widths = {COMM_WIDTH, 0, 15, 5};

enum {
    OPEN_US = TCPLIFE_COMMON,
    ESTABLISHED_US,
    DIRECTION,
    CELLS,
    END = CELLS,
    ALL,
};

static const char *const columns[ALL] = {TCPLIFE_COMMON_COLUMNS, "open_us", "established_us",
                                         "direction", "end"};

/*
 * The first state that it sees a session come to. It looks at tcp_set_state(), which is not how the
 * child of a listener comes to SYN_RECV (inet_csk_clone_lock(), net/ipv4/inet_connection_sock.c,
 * Linux 4.16 to 6.18): of an accepted session it sees ESTABLISHED first. NULL when it sees none.
 */
static const struct cell *birth_of(const struct cell *cells)
{
    bool is_accepted = cells[DIRECTION].present && cells[DIRECTION].value.u == TLZ_DIRECTION_IN;
    const struct cell *birth =
        cells[OPEN_US].present && !is_accepted ? &cells[OPEN_US] : &cells[ESTABLISHED_US];
    const struct cell *close = &cells[TCPLIFE_CLOSE_US];

    return birth->present && close->present && birth->value.u <= close->value.u ? birth : NULL;
}

static enum omission omission(const struct cell *cells)
{
    return tcplife_omission_by_birth(&cells[END], birth_of(cells));
}

/* Whole milliseconds. */
static char *append_lifespan(char *p, const struct cell *cells)
{
    const struct cell *birth = birth_of(cells);

    if (!birth)
        return append_char(p, '-');
    return append_u64(p, (cells[TCPLIFE_CLOSE_US].value.u - birth->value.u) / 1000);
}

static char *header(char *p, const struct look *look)
{
    (void)look;
    return tcplife_heading(p, &widths);
}

static char *row(char *p, struct look *look, const struct cell *cells)
{
    bool is_v6 = tcplife_is_v6(cells);

    (void)look;
    p = style_number(p, &cells[TCPLIFE_PID], NUMBER_WIDTH);
    p = style_name_bytes(p, &cells[TCPLIFE_COMM], COMM_WIDTH, COMM_WIDTH);
    p = style_address(p, &cells[TCPLIFE_LADDR], is_v6, widths.address);
    p = style_number(p, &cells[TCPLIFE_LPORT], NUMBER_WIDTH);
    p = style_address(p, &cells[TCPLIFE_RADDR], is_v6, widths.address);
    p = style_number(p, &cells[TCPLIFE_RPORT], RPORT_WIDTH);
    p = style_kb(p, &cells[TCPLIFE_TX_BYTES], widths.kb);
    p = style_kb(p, &cells[TCPLIFE_RX_BYTES], widths.kb);
    return append_char(append_lifespan(p, cells), '\n');
}

static const struct layout tcplife = {
    .tool = "bpftrace's tcplife",
    .noun = "session",
    .columns = columns,
    .count = CELLS,
    .all_count = ALL,
    .room = 512,
    .omission = omission,
    .header = header,
    .row = row,
};

const struct style style_bpftrace = {"bpftrace", &tcplife, NULL};

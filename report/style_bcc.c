/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of bcc's tcplife. */
#include "report/append.h"
#include "report/escape.h"
#include "report/style.h"
#include "report/zone.h"

enum { PID, COMM, V6_SOCKET, LADDR, LPORT, RADDR, RPORT, TX_BYTES, RX_BYTES, MS, CLOSE_US, CELLS };

static const char *const columns[CELLS] = {
    [PID] = "pid",           [COMM] = "comm",   [V6_SOCKET] = "v6_socket", [LADDR] = "laddr",
    [LPORT] = "lport",       [RADDR] = "raddr", [RPORT] = "rport",         [TX_BYTES] = "tx_bytes",
    [RX_BYTES] = "rx_bytes", [MS] = "ms",       [CLOSE_US] = "close_us",
};

/* Widths of the columns: as bcc's two format strings have them. */
struct widths {
    size_t comm, ip, address, kb;
};

static const struct widths narrow = {10, 0, 15, 5};
static const struct widths wide = {16, 2, 39, 6};

#define NUMBER_WIDTH 5

static const struct widths *widths_of(const struct look *look)
{
    return look->wide ? &wide : &narrow;
}

/* Spaces up to `width` columns of which `used` are taken, and one that separates. */
static char *pad(char *p, size_t used, size_t width)
{
    for (; used < width; used++)
        *p++ = ' ';
    return append_char(p, ' ');
}

/* A text without wide characters or escapes: its bytes are its columns. */
static char *left(char *p, const char *text, size_t width)
{
    char *end = append_string(p, text);

    return pad(end, (size_t)(end - p), width);
}

static char *right(char *p, const char *text, size_t size, size_t width)
{
    for (; width > size; width--)
        *p++ = ' ';
    return append_char(append_bytes(p, text, size), ' ');
}

static char *number_left(char *p, const struct cell *cell)
{
    char *end = cell->present ? append_u64(p, cell->value.u) : append_char(p, '-');

    return pad(end, (size_t)(end - p), NUMBER_WIDTH);
}

static char *kb_right(char *p, const struct cell *cell, size_t width)
{
    char text[APPEND_NUMBER_MAX];
    char *end = cell->present ? append_u64(text, cell->value.u / 1024) : append_char(text, '-');

    return right(p, text, (size_t)(end - text), width);
}

static char *comm_left(char *p, const struct cell *cell, size_t width)
{
    const char *comm = (const char *)cell->value.bytes.b;
    size_t used = 0;

    if (!cell->present)
        return left(p, "-", width);
    p = escape_text(p, comm, strnlen(comm, sizeof cell->value.bytes.b), width, &used);
    return pad(p, used, width);
}

/* The socket's family, which is what bcc prints: an IPv4-mapped peer is on an IPv6 socket. */
static bool is_v6(const struct cell *cells)
{
    if (cells[V6_SOCKET].present)
        return cells[V6_SOCKET].value.u;
    return cells[LADDR].present && tlz_address_family(&cells[LADDR].value.bytes) == 6;
}

/* "4", "6", or `absent` when nothing tells. */
static const char *ip_of(const struct cell *cells, const char *absent)
{
    if (!cells[V6_SOCKET].present && !cells[LADDR].present)
        return absent;
    return is_v6(cells) ? "6" : "4";
}

static char *append_socket_address(char *p, const struct cell *cells, int which, const char *absent)
{
    if (!cells[which].present)
        return append_string(p, absent);
    return is_v6(cells) ? append_address_v6(p, &cells[which].value.bytes)
                        : append_address(p, &cells[which].value.bytes);
}

static char *address_left(char *p, const struct cell *cells, int which, size_t width)
{
    char *end = append_socket_address(p, cells, which, "-");

    return pad(end, (size_t)(end - p), width);
}

/* Seconds since the close of the first row that has one, six decimals; before it, below zero. */
static char *append_timestamp(char *p, struct look *look, uint64_t close_us)
{
    uint64_t us;

    if (!look->started) {
        look->started = true;
        look->first_us = close_us;
    }
    us = close_us - look->first_us;
    if (close_us < look->first_us) {
        *p++ = '-';
        us = look->first_us - close_us;
    }
    p = append_u64(p, us / 1000000);
    *p++ = '.';
    return append_padded(p, us % 1000000, 6);
}

/* What begins at `from` and ends at p is one column, in text of that width. */
static char *end_column(char *p, const char *from, const struct look *look, size_t width)
{
    return look->csv ? append_char(p, ',') : pad(p, (size_t)(p - from), width);
}

static char *append_times(char *p, struct look *look, const struct cell *cells)
{
    const struct cell *close = &cells[CLOSE_US];
    const char *absent = look->csv ? "" : "-";

    if (look->time) {
        char *from = p;

        p = close->present ? zone_append_clock(look->zone, p, close->value.u)
                           : append_string(p, absent);
        p = end_column(p, from, look, 8);
    }
    if (look->timestamp) {
        char *from = p;

        p = close->present ? append_timestamp(p, look, close->value.u) : append_string(p, absent);
        p = end_column(p, from, look, 9);
    }
    return p;
}

static char *text_header(char *p, const struct look *look)
{
    const struct widths *w = widths_of(look);

    if (look->time)
        p = left(p, "TIME", 8);
    if (look->timestamp)
        p = left(p, "TIME(s)", 9);
    p = left(p, "PID", NUMBER_WIDTH);
    p = left(p, "COMM", w->comm);
    if (w->ip)
        p = left(p, "IP", w->ip);
    p = left(p, "LADDR", w->address);
    p = left(p, "LPORT", NUMBER_WIDTH);
    p = left(p, "RADDR", w->address);
    p = left(p, "RPORT", NUMBER_WIDTH);
    p = right(p, "TX_KB", 5, w->kb);
    p = right(p, "RX_KB", 5, w->kb);
    return append_string(p, "MS\n");
}

static char *text_row(char *p, struct look *look, const struct cell *cells)
{
    const struct widths *w = widths_of(look);

    p = append_times(p, look, cells);
    p = number_left(p, &cells[PID]);
    p = comm_left(p, &cells[COMM], w->comm);
    if (w->ip)
        p = left(p, ip_of(cells, "-"), w->ip);
    p = address_left(p, cells, LADDR, w->address);
    p = number_left(p, &cells[LPORT]);
    p = address_left(p, cells, RADDR, w->address);
    p = number_left(p, &cells[RPORT]);
    p = kb_right(p, &cells[TX_BYTES], w->kb);
    p = kb_right(p, &cells[RX_BYTES], w->kb);
    p = cells[MS].present ? append_ms_rounded(p, cells[MS].value.u) : append_char(p, '-');
    return append_char(p, '\n');
}

static char *csv_number(char *p, const struct cell *cell, uint64_t divisor)
{
    if (cell->present)
        p = append_u64(p, cell->value.u / divisor);
    return append_char(p, ',');
}

static char *csv_header(char *p, const struct look *look)
{
    if (look->time)
        p = append_string(p, "TIME,");
    if (look->timestamp)
        p = append_string(p, "TIME(s),");
    return append_string(p, "PID,COMM,IP,LADDR,LPORT,RADDR,RPORT,TX_KB,RX_KB,MS\n");
}

static char *csv_row(char *p, struct look *look, const struct cell *cells)
{
    const char *comm = (const char *)cells[COMM].value.bytes.b;

    p = append_times(p, look, cells);
    p = csv_number(p, &cells[PID], 1);
    if (cells[COMM].present)
        p = escape_csv(p, comm, strnlen(comm, sizeof cells[COMM].value.bytes.b));
    p = append_char(p, ',');
    p = append_char(append_string(p, ip_of(cells, "")), ',');
    p = append_char(append_socket_address(p, cells, LADDR, ""), ',');
    p = csv_number(p, &cells[LPORT], 1);
    p = append_char(append_socket_address(p, cells, RADDR, ""), ',');
    p = csv_number(p, &cells[RPORT], 1);
    p = csv_number(p, &cells[TX_BYTES], 1024);
    p = csv_number(p, &cells[RX_BYTES], 1024);
    if (cells[MS].present)
        p = append_ms_rounded(p, cells[MS].value.u);
    return append_char(p, '\n');
}

static char *header(char *p, const struct look *look)
{
    return look->csv ? csv_header(p, look) : text_header(p, look);
}

static char *row(char *p, struct look *look, const struct cell *cells)
{
    return look->csv ? csv_row(p, look, cells) : text_row(p, look, cells);
}

static const struct layout tcplife = {columns, CELLS, 512, header, row};

const struct style style_bcc = {"bcc", &tcplife};

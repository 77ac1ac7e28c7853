/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/style/style_fields.h"

#include "report/text/escape.h"
#include "report/text/zone.h"

#define TIME_WIDTH      8
#define TIMESTAMP_WIDTH 9

char *style_pad(char *p, size_t used, size_t width)
{
    for (; used < width; used++)
        *p++ = ' ';
    return append_char(p, ' ');
}

char *style_left(char *p, const char *text, size_t width)
{
    char *end = append_string(p, text);

    return style_pad(end, (size_t)(end - p), width);
}

char *style_right(char *p, const char *text, size_t size, size_t width)
{
    for (; width > size; width--)
        *p++ = ' ';
    return append_char(append_bytes(p, text, size), ' ');
}

char *style_number(char *p, const struct cell *cell, size_t width)
{
    char *end = cell->present ? append_u64(p, cell->value.u) : append_char(p, '-');

    return style_pad(end, (size_t)(end - p), width);
}

char *style_kb(char *p, const struct cell *cell, size_t width)
{
    char text[APPEND_NUMBER_MAX];
    char *end = cell->present ? append_u64(text, cell->value.u / 1024) : append_char(text, '-');

    return style_right(p, text, (size_t)(end - text), width);
}

static size_t name_size(const struct cell *cell)
{
    return strnlen((const char *)cell->value.bytes.b, sizeof cell->value.bytes.b);
}

char *style_name(char *p, const struct cell *cell, size_t width)
{
    size_t used = 0;

    if (!cell->present)
        return style_left(p, "-", width);
    p = escape_text(p, cell->value.bytes.b, name_size(cell), width, &used);
    return style_pad(p, used, width);
}

char *style_name_bytes(char *p, const struct cell *cell, size_t width, size_t cut)
{
    size_t size, used = 0;
    char *end;

    if (!cell->present)
        return style_left(p, "-", width);
    size = name_size(cell);
    end = escape_text(p, cell->value.bytes.b, size < cut ? size : cut, cut, &used);
    return style_pad(end, (size_t)(end - p), width);
}

bool style_is_v6(const struct cell *v6_socket, const struct cell *address)
{
    if (v6_socket->present)
        return v6_socket->value.u;
    return address->present && tlz_address_family(&address->value.bytes) == 6;
}

char *style_append_address(char *p, const struct cell *cell, bool is_v6, const char *absent)
{
    if (!cell->present)
        return append_string(p, absent);
    return is_v6 ? append_address_v6(p, &cell->value.bytes) : append_address(p, &cell->value.bytes);
}

char *style_address(char *p, const struct cell *cell, bool is_v6, size_t width)
{
    char *end = style_append_address(p, cell, is_v6, "-");

    return style_pad(end, (size_t)(end - p), width);
}

/* What begins at `from` and ends at p is one column, in text of that width. */
static char *end_column(char *p, const char *from, const struct look *look, size_t width)
{
    return look->csv ? append_char(p, ',') : style_pad(p, (size_t)(p - from), width);
}

char *style_time_headings(char *p, const struct look *look, const char *time, const char *timestamp)
{
    if (look->time)
        p = end_column(append_string(p, time), p, look, TIME_WIDTH);
    if (look->timestamp)
        p = end_column(append_string(p, timestamp), p, look, TIMESTAMP_WIDTH);
    return p;
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

char *style_times(char *p, struct look *look, const struct cell *time_us)
{
    const char *absent = look->csv ? "" : "-";

    if (look->time) {
        char *from = p;

        p = time_us->present ? zone_append_clock(look->zone, p, time_us->value.u)
                             : append_string(p, absent);
        p = end_column(p, from, look, TIME_WIDTH);
    }
    if (look->timestamp) {
        char *from = p;

        p = time_us->present ? append_timestamp(p, look, time_us->value.u)
                             : append_string(p, absent);
        p = end_column(p, from, look, TIMESTAMP_WIDTH);
    }
    return p;
}

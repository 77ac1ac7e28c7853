/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/cell.h"

#include <string.h>

#include "report/text/append.h"
#include "report/text/escape.h"
#include "report/text/zone.h"

#define PERMILLE (COLUMN_WHOLE / 1000)

#define ROOM 160 /* more than any value but a text takes, quotes included */

static size_t name_size(const struct cell *cell)
{
    return strnlen((const char *)cell->value.bytes.b, sizeof cell->value.bytes.b);
}

size_t cell_room(const struct column *column, const struct cell *cell)
{
    if (column->type == COLUMN_TEXT && cell->present)
        return ROOM + cell->value.text.size * ESCAPE_FACTOR;
    return ROOM;
}

static const char *enum_name(const struct column *column, const struct cell *cell)
{
    return tlz_enum_name(column->enumeration, cell->value.u);
}

/* A number of an enumeration without a name in this version is shown as the number. */
static char *append_enum(char *p, const struct column *column, const struct cell *cell)
{
    const char *name = enum_name(column, cell);

    return name ? append_string(p, name) : append_u64(p, cell->value.u);
}

static char *append_millionths(char *p, uint64_t millionths)
{
    p = append_u64(p, millionths / COLUMN_WHOLE);
    *p++ = '.';
    return append_padded(p, millionths % COLUMN_WHOLE, 6);
}

static char *append_network(char *p, const struct column *column, const struct tlz_bytes *address)
{
    p = append_char(append_address(p, address), '/');
    return append_u64(p, column->prefix_bits[tlz_address_family(address) == 6]);
}

/* Its sign and its size, as that function writes it. */
static char *append_shift(char *p, uint64_t us, char *(*append)(char *p, uint64_t us))
{
    bool is_earlier = us >> 63;

    p = is_earlier ? append_char(p, '-') : p;
    return append(p, is_earlier ? -us : us);
}

char *cell_append_csv(char *p, const struct column *column, const struct cell *cell)
{
    if (!cell->present)
        return p;
    switch (column->type) {
    case TLZ_TYPE_MS:
    case COLUMN_DECIMAL:
        return append_thousandths(p, cell->value.u);
    case COLUMN_SHARE:
    case COLUMN_RATE:
        return append_millionths(p, cell->value.u);
    case COLUMN_SHIFT:
        return append_shift(p, cell->value.u, append_u64);
    case COLUMN_NETWORK:
        return append_network(p, column, &cell->value.bytes);
    case TLZ_TYPE_ENUM:
        return append_enum(p, column, cell);
    case TLZ_TYPE_BOOL:
        return append_string(p, cell->value.u ? "true" : "false");
    case TLZ_TYPE_ADDRESS:
        return append_address(p, &cell->value.bytes);
    case TLZ_TYPE_NAME:
        return escape_csv_name(p, &cell->value.bytes);
    case COLUMN_TEXT:
        return escape_csv(p, cell->value.text.bytes, cell->value.text.size);
    case COLUMN_HEX:
        return append_hex(p, cell->value.bytes.b, sizeof cell->value.bytes.b);
    default:
        return append_u64(p, cell->value.u);
    }
}

static bool is_quoted(const struct column *column, const struct cell *cell)
{
    switch (column->type) {
    case TLZ_TYPE_ENUM:
        return enum_name(column, cell) != NULL;
    case TLZ_TYPE_ADDRESS:
    case TLZ_TYPE_NAME:
    case COLUMN_TEXT:
    case COLUMN_HEX:
    case COLUMN_NETWORK:
        return true;
    default:
        return false;
    }
}

char *cell_append_json(char *p, const struct column *column, const struct cell *cell)
{
    if (!is_quoted(column, cell))
        return cell_append_csv(p, column, cell);
    *p++ = '"';
    if (column->type == TLZ_TYPE_NAME)
        p = escape_json(p, cell->value.bytes.b, name_size(cell));
    else if (column->type == COLUMN_TEXT)
        p = escape_json(p, cell->value.text.bytes, cell->value.text.size);
    else
        p = cell_append_csv(p, column, cell);
    return append_char(p, '"');
}

/* 1023, 12.3K, 1.5G: powers of 1024, one decimal. */
static char *append_size(char *p, uint64_t bytes)
{
    static const char units[] = "KMGTPE";
    unsigned int unit = 0;
    uint64_t tenths;

    if (bytes < 1024)
        return append_u64(p, bytes);
    for (; bytes >= UINT64_C(1024) * 1024; bytes /= 1024)
        unit++;
    tenths = (bytes * 10 + 512) / 1024;
    p = append_u64(p, tenths / 10);
    *p++ = '.';
    *p++ = (char)('0' + tenths % 10);
    return append_char(p, units[unit]);
}

/* 999us, 1.234ms, 12.345s. */
static char *append_duration(char *p, uint64_t us)
{
    if (us < 1000)
        return append_bytes(append_u64(p, us), "us", 2);
    if (us < 1000000)
        return append_bytes(append_thousandths(p, us), "ms", 2);
    return append_char(append_thousandths(p, us / 1000), 's');
}

/* 12.3%: nothing is 0 or 100 but what is. */
static char *append_percent(char *p, uint64_t millionths)
{
    uint64_t permille = (millionths + PERMILLE / 2) / PERMILLE;

    if (millionths > 0 && permille == 0)
        return append_string(p, "<0.1%");
    if (millionths < COLUMN_WHOLE && permille >= 1000)
        return append_string(p, ">99.9%");
    p = append_u64(p, permille / 10);
    *p++ = '.';
    *p++ = (char)('0' + permille % 10);
    return append_char(p, '%');
}

/* 500us, 2s, 10m, 1d: the greatest unit of which it is a multiple. */
static char *append_round_duration(char *p, uint64_t us)
{
    static const struct {
        const char *name;
        uint64_t us;
    } units[] = {{"d", 86400000000}, {"h", 3600000000}, {"m", 60000000},
                 {"s", 1000000},     {"ms", 1000},      {"us", 1}};
    size_t i = 0;

    if (us == 0)
        return append_char(p, '0');
    while (us % units[i].us != 0)
        i++;
    return append_string(append_u64(p, us / units[i].us), units[i].name);
}

/* 4K, 1M. */
static char *append_round_size(char *p, uint64_t bytes)
{
    char *end = append_size(p, bytes);

    if (end - p < 3 || memcmp(end - 3, ".0", 2) != 0)
        return end;
    end[-3] = end[-1];
    return end - 2;
}

static char *append_round_time(char *p, struct zone *zone, uint64_t us)
{
    char *end = zone_append_time(zone, p, us);

    return us % 1000000 == 0 ? end - strlen(".000000") : end;
}

/* 1234, 123, 12.3, 1.23, 0.123: three digits where there are not more before the point. */
static char *append_round_decimal(char *p, uint64_t thousandths)
{
    unsigned int decimals = thousandths < 1000     ? 3
                            : thousandths < 10000  ? 2
                            : thousandths < 100000 ? 1
                                                   : 0;
    uint64_t parts = 1, left = 1000;

    for (unsigned int i = 0; i < decimals; i++, left /= 10)
        parts *= 10;
    thousandths = thousandths / left + (thousandths % left >= (left + 1) / 2);
    p = append_u64(p, thousandths / parts);
    return decimals == 0 ? p : append_padded(append_char(p, '.'), thousandths % parts, decimals);
}

/* The same of millionths: nothing is 0 but what is. */
static char *append_round_rate(char *p, uint64_t millionths)
{
    uint64_t thousandths = millionths / 1000 + (millionths % 1000 >= 500);

    if (millionths > 0 && thousandths == 0)
        return append_string(p, "<0.001");
    return append_round_decimal(p, thousandths);
}

static char *append_round(char *p, const struct column *column, const struct cell *cell,
                          struct zone *zone)
{
    switch (column->type) {
    case TLZ_TYPE_BYTES:
        return append_round_size(p, cell->value.u);
    case TLZ_TYPE_TIME:
        return append_round_time(p, zone, cell->value.u);
    case TLZ_TYPE_DURATION:
    case TLZ_TYPE_MS:
        return append_round_duration(p, cell->value.u);
    case COLUMN_DECIMAL:
        return append_round_decimal(p, cell->value.u);
    case COLUMN_RATE:
        return append_round_rate(p, cell->value.u);
    default:
        return cell_append_csv(p, column, cell);
    }
}

static char *append_plain_text(char *p, const struct column *column, const struct cell *cell,
                               struct zone *zone)
{
    if (column->is_round)
        return append_round(p, column, cell, zone);
    switch (column->type) {
    case COLUMN_SHARE:
        return append_percent(p, cell->value.u);
    case TLZ_TYPE_BYTES:
        return append_size(p, cell->value.u);
    case TLZ_TYPE_TIME:
        return zone_append_time(zone, p, cell->value.u);
    case TLZ_TYPE_DURATION:
        return append_duration(p, cell->value.u);
    case COLUMN_SHIFT:
        return append_shift(p, cell->value.u, append_duration);
    case TLZ_TYPE_BOOL:
        return append_string(p, cell->value.u ? "yes" : "no");
    default:
        return cell_append_csv(p, column, cell);
    }
}

char *cell_append_text(char *p, const struct column *column, const struct cell *cell,
                       struct zone *zone, size_t *width)
{
    char *end;

    if (!cell->present) {
        *width += 1;
        return append_char(p, '-');
    }
    if (column->type == TLZ_TYPE_NAME)
        return escape_text(p, cell->value.bytes.b, name_size(cell), SIZE_MAX, width);
    if (column->type == COLUMN_TEXT)
        return escape_text(p, cell->value.text.bytes, cell->value.text.size, SIZE_MAX, width);
    end = append_plain_text(p, column, cell, zone);
    *width += (size_t)(end - p);
    return end;
}

bool column_is_numeric(const struct column *column)
{
    switch (column->type) {
    case TLZ_TYPE_COUNT:
    case TLZ_TYPE_BYTES:
    case TLZ_TYPE_DURATION:
    case TLZ_TYPE_MS:
    case COLUMN_DECIMAL:
    case COLUMN_SHARE:
    case COLUMN_RATE:
    case COLUMN_SHIFT:
        return true;
    default:
        return false;
    }
}

static int compare_texts(const struct cell *a, const struct cell *b)
{
    size_t a_size = a->value.text.size, b_size = b->value.text.size;
    size_t common = a_size < b_size ? a_size : b_size;
    int r = common ? memcmp(a->value.text.bytes, b->value.text.bytes, common) : 0;

    return r ? r : (a_size > b_size) - (a_size < b_size);
}

bool cell_is_number(const struct column *column)
{
    switch (column->type) {
    case TLZ_TYPE_ADDRESS:
    case TLZ_TYPE_NAME:
    case COLUMN_HEX:
    case COLUMN_NETWORK:
    case COLUMN_TEXT:
    case COLUMN_SHIFT:
        return false;
    default:
        return true;
    }
}

int cell_compare(const struct column *column, const struct cell *a, const struct cell *b)
{
    if (cell_is_number(column))
        return (a->value.u > b->value.u) - (a->value.u < b->value.u);
    switch (column->type) {
    case COLUMN_TEXT:
        return compare_texts(a, b);
    case COLUMN_SHIFT:
        return ((int64_t)a->value.u > (int64_t)b->value.u) -
               ((int64_t)a->value.u < (int64_t)b->value.u);
    default:
        return memcmp(&a->value.bytes, &b->value.bytes, sizeof a->value.bytes);
    }
}

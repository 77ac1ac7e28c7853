/* SPDX-License-Identifier: BSD-2-Clause */
/* What views hand to sinks: tables of typed columns, and rows of cells. */
#ifndef REPORT_VIEW_COLUMNS_H
#define REPORT_VIEW_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/row.h"
#include "util/wide.h"

struct layout;

/* Types of columns: those of session fields, and these, which no session field has. */
enum column_type {
    COLUMN_TEXT =
        TLZ_TYPE_NAME + 1, /* bytes of any length, meant as text, never trusted to be it */
    COLUMN_HEX,            /* 16 bytes, shown in hexadecimal */
    COLUMN_DECIMAL,        /* a number of thousandths */
    COLUMN_SHARE,          /* a part of a whole, in millionths of it */
    COLUMN_RATE,           /* how many in a second, in millionths */
    COLUMN_SHIFT,          /* how many microseconds later, or less than 0: earlier; an int64_t */
    COLUMN_NETWORK,        /* an address, of which only the first bits are not 0 */
    COLUMN_BAR,            /* the same, as a bar: for text alone */
};

#define COLUMN_WHOLE UINT64_C(1000000) /* what is all of it, of a share or a bar */

/* A column of a view. Pointers are to what lives as long as the view's plan. */
struct column {
    const char *name;          /* in JSON, in CSV, in --columns */
    const char *heading;       /* in text; NULL = made from the name */
    const char *help;          /* one line */
    int type;                  /* enum tlz_type or enum column_type */
    enum tlz_enum enumeration; /* for TLZ_TYPE_ENUM */
    uint8_t prefix_bits[2];    /* for COLUMN_NETWORK: of an IPv4 and of an IPv6 address */
    bool is_round;             /* text shows it without decimals that tell nothing */
    bool is_detail;            /* text shows it only where it is asked for */
};

/* A column's value by its type: u, bytes (addresses, networks, TLZ_TYPE_NAME, COLUMN_HEX), or
 * text. */
union cell_value {
    uint64_t u;
    struct tlz_bytes bytes;
    struct {
        const char *bytes; /* valid until the report ends */
        size_t size;
    } text;
};

struct cell {
    union cell_value value;
    bool present;
};

/* A row: a cell for each column of its table, and behind them those that are not shown. */
struct row {
    const struct cell *cells;
    uint32_t source;               /* number of the recording it came from, 0 = of no single one */
    const struct tlz_clock *clock; /* of the block it came from; NULL where source is 0 */
    enum tlz_kind kind;            /* of the table that it belongs to */
    uint64_t time_us; /* Unix time of the session's end, or of the change; 0 = not asked */
};

/* The shape of the rows that follow. Belongs to the view and lives as long as it. */
struct table {
    const char *name;                    /* "sessions": the key in a JSON document */
    enum tlz_kind kind;                  /* where its rows are those of captures: of this kind */
    const struct column *const *columns; /* `count` of them */
    size_t count;
    const struct layout *layout; /* a peer's way to print exactly these columns; NULL = none */
    bool vertical;               /* few rows and many columns: text shows a line a cell */
};

static inline struct cell cell_number(uint64_t u)
{
    return (struct cell){.value.u = u, .present = true};
}

static inline struct cell cell_text(const char *bytes, size_t size)
{
    return (struct cell){.value.text = {bytes, size}, .present = true};
}

/* A cell of a share or a bar: part (<= whole) of it, rounded; absent where there is nothing. */
static inline struct cell cell_share(uint64_t part, uint64_t whole)
{
    if (whole == 0)
        return (struct cell){.present = false};
    return cell_number(wide_low(wide_rounded(wide_of(part), COLUMN_WHOLE, wide_of(whole))));
}

/* The same of sums. */
static inline struct cell cell_share_of_sums(wide_number part, wide_number whole)
{
    for (; wide_high(whole); whole = wide_half(whole))
        part = wide_half(part);
    return cell_share(wide_low(part), wide_low(whole));
}

/* How many a second that is, in so many microseconds (not 0), rounded; 0 is only what is. */
static inline struct cell cell_rate(uint64_t count, uint64_t us)
{
    wide_number rate = wide_rounded(wide_product(count, 1000000), COLUMN_WHOLE, wide_of(us));

    if (wide_is_zero(rate) && count > 0)
        rate = wide_of(1);
    return cell_number(wide_clamp(rate));
}

#define HEADING_MAX 64 /* bytes of one, or of a label, with its NUL */

/* The heading of a text table: the given one, or the name in capitals without its unit. At most
 * size - 1 bytes and a NUL. */
void column_heading(const struct column *column, char *ret, size_t size);

/* For a line of a vertical table: the heading as it is, or the name without its unit, spaces for
 * underscores. As above. */
void column_label(const struct column *column, char *ret, size_t size);

/* What JSON makes of the column: "integer", "number", "string" or "boolean". */
const char *column_json_type(const struct column *column);

/* Its unit, or "". */
const char *column_unit(const struct column *column);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/block_logarithm.h"
#include "format/error.h"
#include "format/rows_decoder.h"

/* Makes *ret the raw bytes of `stored` ones: in the body itself, or decompressed into d->planes. */
static int load(struct rows_decoder *d, const uint8_t *stored, size_t size, bool compressed,
                size_t raw, const uint8_t **ret)
{
    if (!compressed) {
        *ret = stored;
        return size == raw ? 0 : -TLZ_E_SYNTAX;
    }
    *ret = d->planes;
    return rows_decompress(d, d->planes, raw, stored, size);
}

static int load_planes(struct rows_decoder *d, const struct block_column *c, uint32_t count,
                       const uint8_t **ret)
{
    return load(d, c->stored, c->header.stored, c->header.compressed,
                column_raw_size(&c->header, count), ret);
}

static int decode_bitmap(struct rows_decoder *d, struct block_column *c)
{
    uint32_t rows = d->entries[c->header.table];
    const uint8_t *bytes;
    int r = load_planes(d, c, rows, &bytes);

    if (r < 0)
        return r;
    c->u = arena_take(&d->arena, BITMAP_WORDS(rows) * sizeof *c->u);
    if (!c->u)
        return -ENOMEM;
    memset(c->u, 0, BITMAP_WORDS(rows) * sizeof *c->u);
    for (uint32_t i = 0; i < (rows + 7) / 8; i++)
        c->u[i / 8] |= (uint64_t)bytes[i] << (8 * (i % 8));
    if (rows % 64 && c->u[rows / 64] >> (rows % 64))
        return -TLZ_E_SYNTAX;
    return 0;
}

/* The bitmap of a table as one of the table whose index leads there. */
static int spread_bitmap(struct rows_decoder *d, struct block_column *bitmap,
                         const struct block_column *index)
{
    uint32_t rows = d->entries[index->header.table];

    bitmap->spread = arena_take(&d->arena, BITMAP_WORDS(rows) * sizeof *bitmap->spread);
    if (!bitmap->spread)
        return -ENOMEM;
    bitmap_spread(bitmap->u, d->entries[bitmap->header.table], index->u, rows, bitmap->spread);
    return 0;
}

/* Which rows have a value: c->present; and how many. */
static int find_presence(struct rows_decoder *d, struct block_column *c, uint32_t *ret_count)
{
    uint32_t rows = d->entries[c->header.table];
    struct block_column *bitmap;
    uint64_t *complement;

    *ret_count = rows;
    if (c->presence == NO_COLUMN)
        return 0;
    bitmap = &d->column[c->presence];
    if (c->via != NO_COLUMN && !bitmap->spread && spread_bitmap(d, bitmap, &d->column[c->via]) < 0)
        return -ENOMEM;
    c->present = c->via != NO_COLUMN ? bitmap->spread : bitmap->u;
    if (c->complement) {
        complement = arena_take(&d->arena, BITMAP_WORDS(rows) * sizeof *complement);
        if (!complement)
            return -ENOMEM;
        bitmap_complement(c->present, rows, complement);
        c->present = complement;
    }
    *ret_count = bitmap_count(c->present, rows);
    return 0;
}

static void sum_previous(uint64_t *values, uint32_t count, uint64_t start)
{
    for (uint32_t i = 0; i < count; i++)
        start = values[i] += start;
}

/* Every lane has a sum of its own. */
static void sum_lanes(uint64_t *values, const uint8_t *lane, uint32_t count, uint64_t start)
{
    uint64_t last[LANES];

    for (uint32_t i = 0; i < LANES; i++)
        last[i] = start;
    for (uint32_t i = 0; i < count; i++)
        last[lane[i]] = values[i] += last[lane[i]];
}

/* Gives the rows that have a value the next one each; 0 elsewhere. One is read past the last. */
static void spread_integers(const uint64_t *values, const uint64_t *present, uint32_t rows,
                            uint64_t *ret)
{
    uint32_t n = 0;

    for (uint32_t row = 0; row < rows; row += 64) {
        const uint32_t left = rows - row < 64 ? rows - row : 64;
        uint64_t word = present[row / 64];

        for (uint32_t i = 0; i < left; i++, word >>= 1) {
            uint64_t has = word & 1;

            ret[row + i] = values[n] & -has;
            n += (uint32_t)has;
        }
    }
}

/* Moves `count` values from the front to the rows that have one; 0 elsewhere. */
static void spread_bytes(struct tlz_bytes *values, const uint64_t *present, uint32_t rows,
                         uint32_t count)
{
    for (uint32_t row = rows; row-- > 0;)
        values[row] = bitmap_has(present, row) ? values[--count] : (struct tlz_bytes){0};
}

/* Adds the terms, in the rows that have a value: elsewhere a column is 0, so that it can be a term
 * itself. */
static void add_terms(const struct rows_decoder *d, struct block_column *c)
{
    uint32_t rows = d->entries[c->header.table];

    for (uint8_t i = 0; i < c->header.terms; i++) {
        const struct column_term *term = &c->header.term[i];

        column_add(d->column[term->column].u, term->negative, rows, c->u);
    }
    if (c->header.terms && c->present)
        bitmap_keep(c->present, rows, c->u);
}

/* Makes entry numbers of an index, and checks them. */
static int finish_index(const struct rows_decoder *d, struct block_column *c)
{
    uint64_t next = 0;
    int64_t min, max;
    uint32_t rows = d->entries[c->header.table];

    for (uint32_t row = 0; c->header.flags & COLUMN_FIRST && row < rows; row++) {
        uint64_t is_new = c->u[row] == 0;

        c->u[row] += is_new * (next + 1) - 1;
        next += is_new;
    }
    column_range(c->u, rows, 0, &min, &max);
    return min >= 0 && max < d->entries[c->header.number] ? 0 : -TLZ_E_SYNTAX;
}

static int load_logarithms(struct rows_decoder *d, const struct block_column *c, uint32_t count,
                           uint64_t *ret)
{
    const struct column *h = &c->header;
    const uint8_t *codes;
    int r = load(d, c->stored, h->codes, h->compressed, count, &codes);

    return r < 0 ? r
                 : logarithm_unpack(codes, c->stored + h->codes, h->stored - h->codes, count, ret);
}

/* r of the values. */
static int load_integers(struct rows_decoder *d, const struct block_column *c, uint32_t count,
                         uint64_t *ret)
{
    const struct column *h = &c->header;
    const uint8_t *bytes, *lane = NULL;
    int r;

    if (h->flags & COLUMN_LOGARITHM) {
        r = load_logarithms(d, c, count, ret);
    } else {
        r = load_planes(d, c, count, &bytes);
        lane = bytes;
        if (r >= 0)
            column_unpack_planes(h, h->flags & COLUMN_LANES ? bytes + count : bytes, count, ret);
    }
    if (r < 0)
        return r;
    column_add_base(h, ret, count);
    if (h->flags & COLUMN_LANES)
        sum_lanes(ret, lane, count, h->start);
    else if (h->flags & COLUMN_PREVIOUS)
        sum_previous(ret, count, h->start);
    return 0;
}

static int decode_integers(struct rows_decoder *d, struct block_column *c)
{
    uint32_t rows = d->entries[c->header.table], count;
    int r = find_presence(d, c, &count);

    if (r < 0)
        return r;
    c->u = arena_take(&d->arena, rows * sizeof *c->u);
    if (!c->u)
        return -ENOMEM;
    r = load_integers(d, c, count, c->present ? d->dense : c->u);
    if (r < 0)
        return r;
    if (c->present)
        spread_integers(d->dense, c->present, rows, c->u);
    add_terms(d, c);
    return c->header.kind == COLUMN_INDEX ? finish_index(d, c) : 0;
}

static int decode_bytes(struct rows_decoder *d, struct block_column *c)
{
    uint32_t rows = d->entries[c->header.table], count;
    const uint8_t *packed;
    int r = find_presence(d, c, &count);

    if (r >= 0)
        r = load_planes(d, c, count, &packed);
    if (r < 0)
        return r;
    c->bytes = arena_take(&d->arena, rows * sizeof *c->bytes);
    if (!c->bytes)
        return -ENOMEM;
    column_unpack_bytes(&c->header, packed, count, c->bytes);
    if (c->present)
        spread_bytes(c->bytes, c->present, rows, count);
    return 0;
}

static int decode_column(struct rows_decoder *d, struct block_column *c)
{
    switch (c->header.kind) {
    case COLUMN_BITMAP:
        return decode_bitmap(d, c);
    case COLUMN_INTEGERS:
    case COLUMN_INDEX:
        return decode_integers(d, c);
    case COLUMN_BYTES:
        return decode_bytes(d, c);
    default:
        return 0;
    }
}

int rows_decode_columns(struct rows_decoder *d)
{
    for (uint32_t place = 0; place < d->columns; place++) {
        int r = d->column[place].needed ? decode_column(d, &d->column[place]) : 0;

        if (r < 0)
            return r;
    }
    return 0;
}

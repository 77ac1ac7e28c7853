/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/error.h"
#include "format/sessions_decoder.h"

/* The raw bytes of a column: in the body itself, or decompressed into d->planes. */
static int load_planes(struct sessions_decoder *d, const struct block_column *c, uint32_t count,
                       const uint8_t **ret)
{
    size_t raw = column_raw_size(&c->header, count), n;

    if (!c->header.compressed) {
        if (c->header.stored != raw)
            return -TLZ_E_SYNTAX;
        *ret = c->stored;
        return 0;
    }
    n = ZSTD_decompressDCtx(d->zstd, d->planes, raw, c->stored, c->header.stored);
    if (ZSTD_isError(n) || n != raw)
        return -TLZ_E_ZSTD;
    *ret = d->planes;
    return 0;
}

static int decode_bitmap(struct sessions_decoder *d, struct block_column *c)
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

/* Which rows have a value: c->present; and how many. */
static int find_presence(struct sessions_decoder *d, struct block_column *c, uint32_t *ret_count)
{
    uint32_t rows = d->entries[c->header.table];
    const uint64_t *bitmap;
    uint64_t *complement;

    *ret_count = rows;
    if (c->presence == NO_COLUMN)
        return 0;
    bitmap = d->column[c->presence].u;
    if (c->complement) {
        complement = arena_take(&d->arena, BITMAP_WORDS(rows) * sizeof *complement);
        if (!complement)
            return -ENOMEM;
        bitmap_complement(bitmap, rows, complement);
        bitmap = complement;
    }
    c->present = bitmap;
    *ret_count = bitmap_count(bitmap, rows);
    return 0;
}

static void sum_previous(uint64_t *values, uint32_t count, uint64_t start)
{
    for (uint32_t i = 0; i < count; i++)
        start = values[i] += start;
}

/* Moves `count` values from the front to the rows that have one; 0 elsewhere. */
static void spread_integers(uint64_t *values, const uint64_t *present, uint32_t rows,
                            uint32_t count)
{
    for (uint32_t row = rows; row-- > 0;)
        values[row] = bitmap_has(present, row) ? values[--count] : 0;
}

static void spread_bytes(struct tlz_bytes *values, const uint64_t *present, uint32_t rows,
                         uint32_t count)
{
    for (uint32_t row = rows; row-- > 0;)
        values[row] = bitmap_has(present, row) ? values[--count] : (struct tlz_bytes){0};
}

/* Adds the terms, in the rows that have a value: elsewhere a column is 0, so that it can be a term
 * itself. */
static void add_terms(const struct sessions_decoder *d, struct block_column *c)
{
    uint32_t rows = d->entries[c->header.table];

    for (uint8_t i = 0; i < c->header.terms; i++) {
        const uint64_t *other = d->column[c->header.term[i].column].u;
        const uint64_t sign = c->header.term[i].negative ? UINT64_MAX : 1;

        for (uint32_t row = 0; row < rows; row++)
            c->u[row] += sign * other[row];
    }
    for (uint32_t row = 0; c->header.terms && c->present && row < rows; row++) {
        if (!bitmap_has(c->present, row))
            c->u[row] = 0;
    }
}

static int check_index(const struct sessions_decoder *d, const struct block_column *c)
{
    uint64_t max = 0;

    for (uint32_t row = 0; row < d->entries[c->header.table]; row++)
        max = c->u[row] > max ? c->u[row] : max;
    return max < d->entries[c->header.number] ? 0 : -TLZ_E_SYNTAX;
}

/* Which rows have a value, how many, and the planes that hold them. */
static int load_values(struct sessions_decoder *d, struct block_column *c, uint32_t *ret_count,
                       const uint8_t **ret_planes)
{
    int r = find_presence(d, c, ret_count);

    return r < 0 ? r : load_planes(d, c, *ret_count, ret_planes);
}

static int decode_integers(struct sessions_decoder *d, struct block_column *c)
{
    uint32_t rows = d->entries[c->header.table], count;
    const uint8_t *planes;
    int r = load_values(d, c, &count, &planes);

    if (r < 0)
        return r;
    c->u = arena_take(&d->arena, rows * sizeof *c->u);
    if (!c->u)
        return -ENOMEM;
    column_unpack_integers(&c->header, planes, count, c->u);
    if (c->header.flags & COLUMN_PREVIOUS)
        sum_previous(c->u, count, c->header.start);
    if (c->present)
        spread_integers(c->u, c->present, rows, count);
    add_terms(d, c);
    return c->header.kind == COLUMN_INDEX ? check_index(d, c) : 0;
}

static int decode_bytes(struct sessions_decoder *d, struct block_column *c)
{
    uint32_t rows = d->entries[c->header.table], count;
    const uint8_t *planes;
    int r = load_values(d, c, &count, &planes);

    if (r < 0)
        return r;
    c->bytes = arena_take(&d->arena, rows * sizeof *c->bytes);
    if (!c->bytes)
        return -ENOMEM;
    column_unpack_bytes(&c->header, planes, count, c->bytes);
    if (c->present)
        spread_bytes(c->bytes, c->present, rows, count);
    return 0;
}

static int decode_column(struct sessions_decoder *d, struct block_column *c)
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

int sessions_decode_columns(struct sessions_decoder *d)
{
    for (uint32_t place = 0; place < d->columns; place++) {
        int r = d->column[place].needed ? decode_column(d, &d->column[place]) : 0;

        if (r < 0)
            return r;
    }
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/error.h"
#include "format/rows_decoder.h"

/* The bitmaps so far, as they are counted on disk. */
struct bitmaps {
    uint16_t column[TLZ_COLUMNS_MAX];
    uint16_t count;
};

static int parse_head(struct wire_cursor *c, uint32_t *ret_flags, struct tlz_batch *ret)
{
    ret->clock.boot_us = wire_take64(c);
    ret->clock.real_us = wire_take64(c);
    ret->clock.uncertainty_us = wire_take32(c);
    ret->clock.status = wire_take32(c);
    ret->time_min_us = wire_take64(c) - ret->clock.boot_us + ret->clock.real_us;
    ret->time_max_us = wire_take64(c) - ret->clock.boot_us + ret->clock.real_us;
    *ret_flags = wire_take32(c);
    if (!c->bad && *ret_flags & ~ROWS_JOINT)
        return -TLZ_E_NEWER;
    return c->bad || ret->time_min_us > ret->time_max_us || ret->time_max_us > INT64_MAX
               ? -TLZ_E_SYNTAX
               : 0;
}

/* Leaves what stands behind the content out. */
static int limit_to_content(struct wire_cursor *c)
{
    uint32_t size = wire_take32(c);
    const uint8_t *content = wire_take(c, size);

    if (!content)
        return -TLZ_E_SYNTAX;
    *c = (struct wire_cursor){content, content + size, false};
    return 0;
}

/* All that a body of so many rows must have, whatever its content is; the cursor is over that. */
static int open_body(struct wire_cursor *c, uint32_t rows, uint32_t *ret_flags,
                     struct tlz_batch *ret)
{
    size_t size = (size_t)(c->end - c->p);
    int r = parse_head(c, ret_flags, ret);

    if (r < 0)
        return r;
    if (!rows)
        return -TLZ_E_SYNTAX;
    return rows > size * TLZ_ROWS_A_BYTE ? -TLZ_E_LIMIT : limit_to_content(c);
}

int rows_parse_head(const uint8_t *body, size_t size, uint32_t rows, struct tlz_batch *ret_batch)
{
    struct wire_cursor c = {body, body + size, false};
    uint32_t flags;

    return open_body(&c, rows, &flags, ret_batch);
}

/* Replaces the cursor by one over the decompressed content. */
static int open_joint(struct rows_decoder *d, struct wire_cursor *c)
{
    uint32_t raw = wire_take32(c);

    if (c->bad)
        return -TLZ_E_SYNTAX;
    if (raw > TLZ_JOINT_MAX)
        return -TLZ_E_LIMIT;
    if (!d->joint)
        d->joint = malloc(TLZ_JOINT_MAX);
    if (!d->joint)
        return -ENOMEM;
    if (rows_decompress(d, d->joint, raw, c->p, (size_t)(c->end - c->p)) < 0)
        return -TLZ_E_ZSTD;
    *c = (struct wire_cursor){d->joint, d->joint + raw, false};
    return 0;
}

static int parse_tables(struct rows_decoder *d, struct wire_cursor *c, uint32_t rows)
{
    uint64_t tables = wire_take_varint(c);

    if (tables > TLZ_TABLES_MAX)
        return -TLZ_E_LIMIT;
    if (c->bad || !tables)
        return -TLZ_E_SYNTAX;
    d->tables = (uint32_t)tables;
    for (uint32_t table = 0; table < tables; table++) {
        uint64_t entries = wire_take_varint(c);

        if (c->bad || !entries || entries > rows || (table == TLZ_TABLE_ROWS && entries != rows))
            return -TLZ_E_SYNTAX;
        d->entries[table] = (uint32_t)entries;
        d->index[table] = NO_COLUMN;
        d->row_index[table] = NULL;
    }
    return 0;
}

static int note_bitmap(uint32_t place, struct bitmaps *bitmaps)
{
    bitmaps->column[bitmaps->count++] = (uint16_t)place;
    return 0;
}

static int note_index(struct rows_decoder *d, uint32_t place)
{
    const struct column *h = &d->column[place].header;

    if (h->number <= h->table || h->number >= d->tables || d->index[h->number] != NO_COLUMN ||
        h->presence)
        return -TLZ_E_SYNTAX;
    d->index[h->number] = (int)place;
    return 0;
}

static int note_field(struct rows_decoder *d, uint32_t place)
{
    const struct column *h = &d->column[place].header;
    enum tlz_field f = tlz_field_by_number(h->number);

    if (f == TLZ_FIELD_COUNT || !tlz_fieldset_has(&tlz_kinds[d->kind].fields, f)) {
        d->unknown[d->unknowns++] = h->number;
        return 0;
    }
    if (d->field[f] != NO_COLUMN ||
        tlz_type_is_bytes(tlz_fields[f].type) != (h->kind == COLUMN_BYTES))
        return -TLZ_E_SYNTAX;
    d->field[f] = (int)place;
    return 0;
}

/* Finds the bitmap of a column: of its own table, or of one to which an index leads from there. */
static int link_presence(const struct rows_decoder *d, struct block_column *c,
                         const struct bitmaps *bitmaps)
{
    const struct column *h = &c->header;
    uint8_t table;

    c->presence = c->via = NO_COLUMN;
    if (!h->presence)
        return 0;
    if ((h->presence - 1u) / 2 >= bitmaps->count)
        return -TLZ_E_SYNTAX;
    c->presence = bitmaps->column[(h->presence - 1) / 2];
    c->complement = h->presence % 2 == 0;
    table = d->column[c->presence].header.table;
    if (table == h->table)
        return 0;
    c->via = d->index[table];
    return c->via != NO_COLUMN && d->column[c->via].header.table == h->table ? 0 : -TLZ_E_SYNTAX;
}

/* Finds the bitmap and the terms of a column among the columns before it. */
static int link_column(struct rows_decoder *d, uint32_t place, const struct bitmaps *bitmaps)
{
    struct block_column *c = &d->column[place];
    const struct column *h = &c->header;
    int r = link_presence(d, c, bitmaps);

    if (r < 0)
        return r;
    if (h->kind == COLUMN_INDEX && h->terms)
        return -TLZ_E_SYNTAX;
    for (uint8_t i = 0; i < h->terms; i++) {
        const struct column *other = &d->column[h->term[i].column].header;

        if (h->term[i].column >= place || other->table != h->table ||
            (other->kind != COLUMN_INTEGERS && other->kind != COLUMN_UNKNOWN))
            return -TLZ_E_SYNTAX;
        if (other->kind == COLUMN_UNKNOWN)
            c->header.kind = COLUMN_UNKNOWN;
    }
    return 0;
}

static int note_column(struct rows_decoder *d, uint32_t place, struct bitmaps *bitmaps)
{
    switch (d->column[place].header.kind) {
    case COLUMN_BITMAP:
        return note_bitmap(place, bitmaps);
    case COLUMN_INDEX:
        return note_index(d, place);
    case COLUMN_INTEGERS:
    case COLUMN_BYTES:
        return note_field(d, place);
    default:
        d->unknown[d->unknowns++] = d->column[place].header.number;
        return 0;
    }
}

static int parse_columns(struct rows_decoder *d, struct wire_cursor *c)
{
    struct bitmaps bitmaps = {0};
    uint64_t columns = wire_take_varint(c);
    uint32_t terms = 0;

    if (columns > TLZ_COLUMNS_MAX)
        return -TLZ_E_LIMIT;
    for (uint32_t place = 0; place < columns; place++) {
        int r;

        d->column[place] = (struct block_column){0};
        r = column_decode(c, &d->column[place].header);
        if (r < 0)
            return r;
        if (d->column[place].header.table >= d->tables)
            return -TLZ_E_SYNTAX;
        terms += d->column[place].header.terms;
        if (terms > TLZ_TERMS_TOTAL)
            return -TLZ_E_LIMIT;
        r = link_column(d, place, &bitmaps);
        if (r < 0)
            return r;
        r = note_column(d, place, &bitmaps);
        if (r < 0)
            return r;
    }
    d->columns = (uint32_t)columns;
    return c->bad ? -TLZ_E_SYNTAX : 0;
}

static int find_data(struct rows_decoder *d, struct wire_cursor *c)
{
    for (uint32_t place = 0; place < d->columns; place++)
        d->column[place].stored = wire_take(c, d->column[place].header.stored);
    return c->bad || c->p != c->end ? -TLZ_E_SYNTAX : 0;
}

int rows_parse(struct rows_decoder *d, const uint8_t *body, size_t size, uint32_t rows,
               struct tlz_batch *ret_batch)
{
    struct wire_cursor c = {body, body + size, false};
    uint32_t flags;
    int r;

    d->columns = d->unknowns = 0;
    TLZ_FOREACH_FIELD(f)
        d->field[f] = NO_COLUMN;
    r = open_body(&c, rows, &flags, ret_batch);
    if (r >= 0 && flags & ROWS_JOINT)
        r = open_joint(d, &c);
    if (r >= 0)
        r = parse_tables(d, &c, rows);
    if (r >= 0)
        r = parse_columns(d, &c);
    return r < 0 ? r : find_data(d, &c);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of a block, as the writer chooses them. */
#include "format/predictor.h"
#include "format/rows_encoder.h"

#define NO_PLACE (-1)
/* Columns shorter than that are not worth compressing. */
#define COMPRESS_MIN 24
/* Values that are looked at to tell whether most of them differ. */
#define SAMPLE 64

/* Writes the header of a column whose data stand in e->data from `before` on. */
static void end_column(struct rows_encoder *e, struct column *column, size_t before)
{
    column->stored = (uint32_t)(e->data.size - before);
    column_encode(column, &e->directory);
    e->columns++;
}

/* Puts what stands in e->packed; returns whether it is compressed. */
static bool put_packed(struct rows_encoder *e, size_t size)
{
    if (!e->joint && size >= COMPRESS_MIN && put_compressed(e, e->packed, size, &e->data))
        return true;
    wire_put(&e->data, e->packed, size);
    return false;
}

/* Writes a column that stands in e->packed. */
static void put_column(struct rows_encoder *e, struct column *column, uint32_t count)
{
    size_t before = e->data.size;

    column->compressed = put_packed(e, column_raw_size(column, count));
    end_column(e, column, before);
}

static void put_logarithms(struct rows_encoder *e, struct column *column, const uint64_t *values,
                           uint32_t count)
{
    size_t before = e->data.size, bits;

    column_subtract_base(column, values, count, e->values);
    bits = logarithm_pack(e->values, count, e->packed, e->bits);
    column->flags |= COLUMN_LOGARITHM;
    column->compressed = put_packed(e, count);
    column->codes = (uint32_t)(e->data.size - before);
    wire_put(&e->data, e->bits, bits);
    end_column(e, column, before);
}

static int compare_values(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Whether most of some values, taken evenly, are different ones. */
static bool are_diverse(const uint64_t *values, uint32_t count)
{
    uint64_t sample[SAMPLE];
    uint32_t different = 1;

    for (uint32_t i = 0; i < SAMPLE; i++)
        sample[i] = values[(uint64_t)i * count / SAMPLE];
    qsort(sample, SAMPLE, sizeof *sample, compare_values);
    for (uint32_t i = 1; i < SAMPLE; i++)
        different += sample[i] != sample[i - 1];
    return different > SAMPLE / 2;
}

/*
 * Writes integers, of which there is at least one. What is a magnitude, and differs from row to
 * row, is smaller and faster as logarithms; what repeats, or is a name, as planes.
 */
static void put_integers(struct rows_encoder *e, struct column *column, const uint64_t *values,
                         uint32_t count, bool is_signed, bool is_magnitude)
{
    column_fit_integers(column, values, count, is_signed);
    if (!e->joint && is_magnitude && column->width > 1 && are_diverse(values, count)) {
        put_logarithms(e, column, values, count);
        return;
    }
    if (column->flags & COLUMN_LANES)
        memcpy(e->packed, e->lane, count);
    column_pack_planes(column, values, count,
                       column->flags & COLUMN_LANES ? e->packed + count : e->packed);
    put_column(e, column, count);
}

static void put_bitmap(struct rows_encoder *e, enum tlz_table table, const uint64_t *bitmap,
                       uint32_t entries)
{
    struct column column = {.kind = COLUMN_BITMAP, .table = (uint8_t)table};
    struct stored_bitmap *stored = &e->bitmap[e->bitmaps++];

    stored->table = table;
    memcpy(stored->words, bitmap, BITMAP_WORDS(entries) * sizeof *bitmap);
    for (uint32_t i = 0; i < (entries + 7) / 8; i++)
        e->packed[i] = (uint8_t)(bitmap[i / 8] >> (8 * (i % 8)));
    put_column(e, &column, entries);
}

/* How block_column.h names that bitmap of a table's entries: all of them, a bitmap already in the
 * block, its complement, or a new one. */
static uint16_t presence_of(struct rows_encoder *e, enum tlz_table table, const uint64_t *bitmap,
                            uint32_t entries)
{
    uint64_t complement[BITMAP_WORDS(TLZ_ROWS_MAX)];
    size_t size = BITMAP_WORDS(entries) * sizeof *bitmap;

    if (bitmap_count(bitmap, entries) == entries)
        return 0;
    bitmap_complement(bitmap, entries, complement);
    for (uint32_t i = 0; i < e->bitmaps; i++) {
        if (e->bitmap[i].table != table)
            continue;
        if (!memcmp(e->bitmap[i].words, bitmap, size))
            return (uint16_t)(2 * i + 1);
        if (!memcmp(e->bitmap[i].words, complement, size))
            return (uint16_t)(2 * i + 2);
    }
    put_bitmap(e, table, bitmap, entries);
    return (uint16_t)(2 * (e->bitmaps - 1) + 1);
}

/* Makes the column's terms of the predictor's fields that are in this block. */
static void put_terms(const struct rows_encoder *e, enum predictor predictor, struct column *column)
{
    for (int i = 0; i < predictors[predictor].terms; i++) {
        struct predictor_term term = predictors[predictor].term[i];

        if (e->place[term.field] != NO_PLACE)
            column->term[column->terms++] =
                (struct column_term){(uint16_t)e->place[term.field], term.negative};
    }
}

/* Makes e->values the differences. The first one, which has nothing before it, is made like the
 * second. */
static void subtract_previous(struct rows_encoder *e, const uint64_t *values, uint32_t count,
                              struct column *column)
{
    for (uint32_t i = 1; i < count; i++)
        e->values[i] = values[i] - values[i - 1];
    e->values[0] = count > 1 ? e->values[1] : 0;
    column->flags |= COLUMN_PREVIOUS;
    column->start = values[0] - e->values[0];
}

/*
 * Makes e->values the differences to the last value of a lane, which is one less where there is
 * such a lane: processors count side by side. Other values begin a lane, or take over an old one.
 */
static void subtract_lanes(struct rows_encoder *e, const uint64_t *values, uint32_t count,
                           struct column *column)
{
    uint64_t last[LANES];
    uint8_t next = 0;

    memset(e->lane_of, 0, sizeof e->lane_of);
    column->flags |= COLUMN_PREVIOUS | COLUMN_LANES;
    column->start = values[0] - 1;
    for (uint32_t i = 0; i < LANES; i++)
        last[i] = column->start;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t value = values[i];
        uint8_t lane = e->lane_of[(uint16_t)(value - 1)];

        if (last[lane] != value - 1)
            lane = ++next;
        e->lane[i] = lane;
        e->values[i] = value - last[lane];
        last[lane] = value;
        e->lane_of[(uint16_t)value] = lane;
    }
}

/* Which rows have a field follows from how sessions ended, or which state became which, and is
 * stored with that. */
static void put_row_integers(struct rows_encoder *e, const struct rows_builder *b, enum tlz_field f)
{
    const struct tuple_table *outcomes = &b->tuples[TLZ_TABLE_OUTCOME];
    const bool is_by_close = f == TLZ_ESTABLISHED_US && b->lacks_open;
    const struct row_column *rows = is_by_close ? &b->established_by_close : &b->column[f];
    const enum predictor predictor = is_by_close ? PREDICT_OPEN : field_predictors[f];
    const uint64_t *values = rows->values;
    const uint32_t count = row_column_count(rows);
    struct column column = {.kind = COLUMN_INTEGERS, .number = tlz_fields[f].number};
    uint64_t present[BITMAP_WORDS(TLZ_ROWS_MAX)];

    if (!count)
        return;
    if (count < b->rows) {
        tuple_table_presence(outcomes, f, present);
        column.presence = presence_of(e, TLZ_TABLE_OUTCOME, present, outcomes->count);
    }
    put_terms(e, predictor, &column);
    if (predictor == PREDICT_PREVIOUS)
        subtract_previous(e, values, count, &column);
    else if (predictor == PREDICT_LANES)
        subtract_lanes(e, values, count, &column);
    if (column.flags & COLUMN_PREVIOUS)
        values = e->values;
    put_integers(e, &column, values, count, predictor != PREDICT_NONE,
                 tlz_fields[f].type != TLZ_TYPE_ID);
    e->place[f] = (int)e->columns - 1;
}

/* Entries are numbered as they come first, so that a new one needs no number. */
static void put_index(struct rows_encoder *e, const struct rows_builder *b, enum tlz_table table)
{
    const enum tlz_table parent = tlz_kinds[b->kind].parent[table];
    struct column column = {
        .kind = COLUMN_INDEX, .table = parent, .number = table, .flags = COLUMN_FIRST};

    put_integers(e, &column, b->index[table],
                 parent == TLZ_TABLE_ROWS ? b->rows : b->tuples[parent].count, false, false);
}

static void put_member(struct rows_encoder *e, const struct tuple_table *t, enum tlz_table table,
                       uint32_t m)
{
    const struct tuple_member *member = &t->member[m];
    enum tlz_field f = member->field;
    bool is_bytes = tlz_type_is_bytes(tlz_fields[f].type);
    struct column column = {.kind = is_bytes ? COLUMN_BYTES : COLUMN_INTEGERS,
                            .table = (uint8_t)table,
                            .number = tlz_fields[f].number};
    uint64_t present[BITMAP_WORDS(TLZ_ROWS_MAX)];
    uint32_t count = 0;

    if (!tuple_table_presence(t, f, present))
        return;
    for (uint32_t entry = 0; entry < t->count; entry++) {
        if (!bitmap_has(present, entry))
            continue;
        if (is_bytes)
            memcpy(&e->bytes[count++], tuple_value(t, entry, member), sizeof *e->bytes);
        else
            e->values[count++] = tuple_integer(t, entry, member);
    }
    column.presence = presence_of(e, table, present, t->count);
    if (is_bytes) {
        column_pack_bytes(&column, e->bytes, count, e->packed);
        put_column(e, &column, count);
    } else {
        put_integers(e, &column, e->values, count, false, false);
    }
}

void rows_encode_columns(struct rows_encoder *e, const struct rows_builder *b, bool joint)
{
    e->joint = joint;
    e->directory.size = e->data.size = 0;
    e->directory.failed = e->data.failed = false;
    e->columns = e->bitmaps = 0;
    TLZ_FOREACH_FIELD(f)
        e->place[f] = NO_PLACE;
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < tlz_kinds[b->kind].tables; table++)
        put_index(e, b, table);
    /* By number: what a column is predicted from has a lower one. */
    for (uint64_t number = 1; number <= TLZ_FIELD_NUMBER_MAX; number++) {
        enum tlz_field f = tlz_field_by_number(number);

        if (f != TLZ_FIELD_COUNT && kind_has_row_integer(b->kind, f))
            put_row_integers(e, b, f);
    }
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < tlz_kinds[b->kind].tables; table++) {
        for (uint32_t m = 0; m < b->tuples[table].members; m++)
            put_member(e, &b->tuples[table], table, m);
    }
}

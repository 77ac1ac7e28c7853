/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/sessions_block.h"

#include <zstd.h>

/* Below that many sessions a block is compressed as a whole: its columns are too short to pay for
 * frames of their own. */
#define JOINT_ROWS 1024
#define NO_PLACE   (-1)
/* Columns shorter than that are not worth compressing. */
#define COMPRESS_MIN 24

/* A field in a predictor. */
struct term {
    enum tlz_field field;
    bool negative;
};

/* What the writer expects a column to be; what is stored is the difference. A new predictor is a
 * row here and a name in field.h. */
enum predictor {
    PREDICT_NONE,
    PREDICT_PREVIOUS,
    PREDICT_OPEN,
    PREDICT_ESTABLISHED,
    PREDICT_FIN,
    PREDICT_TX_BYTES,
    PREDICT_SEGS_OUT,
};

static const struct {
    struct term term[TLZ_TERMS_MAX];
    int terms;
} predictors[] = {
    [PREDICT_OPEN] = {{{TLZ_CLOSE_US, false},
                       {TLZ_SYN_SENT_US, true},
                       {TLZ_SYN_RECV_US, true},
                       {TLZ_IN_ESTABLISHED_US, true},
                       {TLZ_FIN_WAIT1_US, true},
                       {TLZ_FIN_WAIT2_US, true},
                       {TLZ_CLOSE_WAIT_US, true},
                       {TLZ_LAST_ACK_US, true},
                       {TLZ_CLOSING_US, true}},
                      9},
    [PREDICT_ESTABLISHED] =
        {{{TLZ_OPEN_US, false}, {TLZ_SYN_SENT_US, false}, {TLZ_SYN_RECV_US, false}}, 3},
    [PREDICT_FIN] = {{{TLZ_CLOSE_US, false},
                      {TLZ_FIN_WAIT1_US, true},
                      {TLZ_FIN_WAIT2_US, true},
                      {TLZ_CLOSE_WAIT_US, true},
                      {TLZ_LAST_ACK_US, true},
                      {TLZ_CLOSING_US, true}},
                     6},
    [PREDICT_TX_BYTES] = {{{TLZ_TX_BYTES, false}}, 1},
    [PREDICT_SEGS_OUT] = {{{TLZ_SEGS_OUT, false}}, 1},
};

static const enum predictor field_predictors[TLZ_FIELD_COUNT] = {
#define X(id, name, number, type, enumeration, max, table, predictor, help)                        \
    [TLZ_##id] = PREDICT_##predictor,
    TLZ_FIELDS(X)
#undef X
};

/* A bitmap that is already in the block. */
struct stored_bitmap {
    uint64_t words[BITMAP_WORDS(TLZ_ROWS_MAX)];
};

struct sessions_encoder {
    ZSTD_CCtx *zstd;
    int level;
    bool joint;
    struct wire_buffer directory;
    struct wire_buffer data;
    uint32_t columns;
    int place[TLZ_FIELD_COUNT]; /* of a field's column, or NO_PLACE */
    uint32_t bitmaps;           /* of the table that is being written */
    struct stored_bitmap bitmap[TLZ_FIELD_COUNT];
    uint64_t values[TLZ_ROWS_MAX];
    struct tlz_bytes bytes[TLZ_ROWS_MAX];
    uint8_t planes[TLZ_ROWS_MAX * 16];
};

int sessions_encoder_open(struct sessions_encoder **ret, int level)
{
    struct sessions_encoder *e = calloc(1, sizeof *e);

    if (!e)
        return -ENOMEM;
    e->level = level;
    e->zstd = ZSTD_createCCtx();
    if (!e->zstd) {
        sessions_encoder_free(e);
        return -ENOMEM;
    }
    *ret = e;
    return 0;
}

struct sessions_encoder *sessions_encoder_free(struct sessions_encoder *e)
{
    if (e) {
        ZSTD_freeCCtx(e->zstd);
        wire_free(&e->directory);
        wire_free(&e->data);
        free(e);
    }
    return NULL;
}

/* Appends src to out, compressed where that makes it smaller. */
static bool put_compressed(struct sessions_encoder *e, const void *src, size_t size,
                           struct wire_buffer *out)
{
    size_t bound = ZSTD_compressBound(size);
    uint8_t *dst = wire_reserve(out, bound);
    size_t n = dst ? ZSTD_compressCCtx(e->zstd, dst, bound, src, size, e->level) : 0;

    if (!dst || ZSTD_isError(n) || n >= size)
        return false;
    out->size += n;
    return true;
}

/* Writes a column whose planes are in e->planes. */
static void put_column(struct sessions_encoder *e, struct column *column, uint32_t count)
{
    size_t raw = column_raw_size(column, count), before = e->data.size;

    column->compressed =
        !e->joint && raw >= COMPRESS_MIN && put_compressed(e, e->planes, raw, &e->data);
    if (!column->compressed)
        wire_put(&e->data, e->planes, raw);
    column->stored = (uint32_t)(e->data.size - before);
    column_encode(column, &e->directory);
    e->columns++;
}

static void put_bitmap(struct sessions_encoder *e, enum tlz_table table, const uint64_t *bitmap,
                       uint32_t rows)
{
    struct column column = {.kind = COLUMN_BITMAP, .table = table};

    memcpy(e->bitmap[e->bitmaps++].words, bitmap, BITMAP_WORDS(rows) * sizeof *bitmap);
    for (uint32_t i = 0; i < (rows + 7) / 8; i++)
        e->planes[i] = (uint8_t)(bitmap[i / 8] >> (8 * (i % 8)));
    put_column(e, &column, rows);
}

/* How block_column.h names that bitmap: a bitmap already in the block, its complement, or a new
 * one. */
static uint16_t presence_of(struct sessions_encoder *e, enum tlz_table table,
                            const uint64_t *bitmap, uint32_t rows)
{
    uint64_t complement[BITMAP_WORDS(TLZ_ROWS_MAX)];
    size_t size = BITMAP_WORDS(rows) * sizeof *bitmap;

    if (bitmap_count(bitmap, rows) == rows)
        return 0;
    bitmap_complement(bitmap, rows, complement);
    for (uint32_t i = 0; i < e->bitmaps; i++) {
        if (!memcmp(e->bitmap[i].words, bitmap, size))
            return (uint16_t)(2 * i + 1);
        if (!memcmp(e->bitmap[i].words, complement, size))
            return (uint16_t)(2 * i + 2);
    }
    put_bitmap(e, table, bitmap, rows);
    return (uint16_t)(2 * (e->bitmaps - 1) + 1);
}

/* Makes the column's terms of the predictor's fields that are in this block, and takes them off
 * e->values. */
static void subtract_prediction(struct sessions_encoder *e, const struct sessions_builder *b,
                                enum predictor predictor, struct column *column)
{
    for (int i = 0; i < predictors[predictor].terms; i++) {
        struct term term = predictors[predictor].term[i];
        const uint64_t *other = b->value[term.field];

        if (e->place[term.field] == NO_PLACE)
            continue;
        column->term[column->terms++] =
            (struct column_term){(uint16_t)e->place[term.field], term.negative};
        for (uint32_t row = 0; row < b->rows; row++)
            e->values[row] -= term.negative ? -other[row] : other[row];
    }
}

/* Moves the values of present rows to the front; returns how many there are. */
static uint32_t squeeze(uint64_t *values, const uint64_t *present, uint32_t rows)
{
    uint32_t n = 0;

    for (uint32_t row = 0; row < rows; row++) {
        values[n] = values[row];
        n += bitmap_has(present, row);
    }
    return n;
}

/* Leaves the differences. The first one, which has nothing before it, is made like the second. */
static void subtract_previous(uint64_t *values, uint32_t count, struct column *column)
{
    uint64_t first = values[0];

    for (uint32_t i = count - 1; i > 0; i--)
        values[i] -= values[i - 1];
    values[0] = count > 1 ? values[1] : 0;
    column->flags = COLUMN_PREVIOUS;
    column->start = first - values[0];
}

static void put_row_integers(struct sessions_encoder *e, const struct sessions_builder *b,
                             enum tlz_field f)
{
    struct column column = {.kind = COLUMN_INTEGERS, .number = tlz_fields[f].number};
    enum predictor predictor = field_predictors[f];
    uint32_t count = bitmap_count(b->present[f], b->rows);

    if (!count)
        return;
    column.presence = presence_of(e, TLZ_TABLE_ROWS, b->present[f], b->rows);
    memcpy(e->values, b->value[f], b->rows * sizeof *e->values);
    subtract_prediction(e, b, predictor, &column);
    if (column.presence)
        count = squeeze(e->values, b->present[f], b->rows);
    if (predictor == PREDICT_PREVIOUS)
        subtract_previous(e->values, count, &column);
    column_pack_integers(&column, e->values, count, predictor != PREDICT_NONE, e->planes);
    e->place[f] = (int)e->columns;
    put_column(e, &column, count);
}

static void put_index(struct sessions_encoder *e, const struct sessions_builder *b,
                      enum tlz_table table)
{
    struct column column = {.kind = COLUMN_INDEX, .number = table};

    column_pack_integers(&column, b->index[table], b->rows, false, e->planes);
    put_column(e, &column, b->rows);
}

static void put_member(struct sessions_encoder *e, const struct tuple_table *t,
                       enum tlz_table table, uint32_t m)
{
    enum tlz_field f = t->member[m];
    bool is_bytes = tlz_type_is_bytes(tlz_fields[f].type);
    struct column column = {.kind = is_bytes ? COLUMN_BYTES : COLUMN_INTEGERS,
                            .table = table,
                            .number = tlz_fields[f].number};
    uint64_t present[BITMAP_WORDS(TLZ_ROWS_MAX)] = {0};
    uint32_t count = 0;

    for (uint32_t entry = 0; entry < t->count; entry++) {
        const uint8_t *value = tuple_key(t, entry) + t->offset[m];

        if (!tuple_has(t, entry, m))
            continue;
        bitmap_set(present, entry);
        if (is_bytes)
            memcpy(&e->bytes[count++], value, sizeof *e->bytes);
        else
            memcpy(&e->values[count++], value, sizeof *e->values);
    }
    if (!count)
        return;
    column.presence = presence_of(e, table, present, t->count);
    if (is_bytes)
        column_pack_bytes(&column, e->bytes, count, e->planes);
    else
        column_pack_integers(&column, e->values, count, false, e->planes);
    put_column(e, &column, count);
}

/* Writes every column to e->data and its header to e->directory. */
static void put_columns(struct sessions_encoder *e, const struct sessions_builder *b, bool joint)
{
    e->joint = joint;
    e->directory.size = e->data.size = 0;
    e->columns = e->bitmaps = 0;
    TLZ_FOREACH_FIELD(f)
        e->place[f] = NO_PLACE;
    /* By number: what a column is predicted from has a lower one. */
    for (uint64_t number = 1; number <= TLZ_FIELD_NUMBER_MAX; number++) {
        enum tlz_field f = tlz_field_by_number(number);

        if (f != TLZ_FIELD_COUNT && field_is_row_integer(f))
            put_row_integers(e, b, f);
    }
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < TLZ_TABLE_COUNT; table++) {
        put_index(e, b, table);
        e->bitmaps = 0;
        for (uint32_t m = 0; m < b->tuples[table].members; m++)
            put_member(e, &b->tuples[table], table, m);
    }
}

static void put_head(const struct sessions_builder *b, uint8_t flags, struct wire_buffer *body)
{
    wire_put64(body, b->clock.boot_us);
    wire_put64(body, b->clock.real_us);
    wire_put32(body, b->clock.uncertainty_us);
    wire_put32(body, b->clock.status);
    wire_put64(body, b->close_min_us);
    wire_put64(body, b->close_max_us);
    wire_put8(body, flags);
}

/* Counts of tables and columns, then the headers of the columns, then their bytes. */
static void put_content(const struct sessions_encoder *e, const struct sessions_builder *b,
                        struct wire_buffer *out)
{
    wire_put_varint(out, TLZ_TABLE_COUNT);
    wire_put_varint(out, b->rows);
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < TLZ_TABLE_COUNT; table++)
        wire_put_varint(out, b->tuples[table].count);
    wire_put_varint(out, e->columns);
    wire_put(out, e->directory.data, e->directory.size);
    wire_put(out, e->data.data, e->data.size);
}

/* The content as one zstd frame behind its length; false when it is too long, or no shorter for it.
 */
static bool put_joint(struct sessions_encoder *e, const struct sessions_builder *b,
                      struct wire_buffer *body)
{
    struct wire_buffer content = {0};
    bool done = false;

    put_columns(e, b, true);
    put_content(e, b, &content);
    if (!content.failed && content.size <= TLZ_JOINT_MAX) {
        put_head(b, SESSIONS_JOINT, body);
        wire_put32(body, (uint32_t)content.size);
        done = put_compressed(e, content.data, content.size, body);
        if (!done)
            body->size = 0;
    }
    wire_free(&content);
    return done;
}

int sessions_encode(struct sessions_encoder *e, const struct sessions_builder *b,
                    struct wire_buffer *body)
{
    if (b->rows >= JOINT_ROWS || !put_joint(e, b, body)) {
        put_columns(e, b, false);
        put_head(b, 0, body);
        put_content(e, b, body);
    }
    return body->failed || e->directory.failed || e->data.failed ? -ENOMEM : 0;
}

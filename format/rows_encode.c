/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/rows_encoder.h"

/* Below that many rows a block is compressed as a whole: its columns are too short to pay for
 * frames of their own. */
#define JOINT_ROWS 400
/* At the default level, zstd's table for a column: one that stays in the processor's first cache,
 * and costs less to clear, finds as much in a few thousand values. */
#define DEFAULT_LEVEL   1
#define COLUMN_HASH_LOG 12

static bool set_parameters(ZSTD_CCtx *zstd, int level)
{
    int hash_log = level == DEFAULT_LEVEL ? COLUMN_HASH_LOG : 0;

    return !ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, level)) &&
           !ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_hashLog, hash_log));
}

int rows_encoder_open(struct rows_encoder **ret, int level)
{
    struct rows_encoder *e = calloc(1, sizeof *e);

    if (!e)
        return -ENOMEM;
    e->level = level;
    e->zstd = ZSTD_createCCtx();
    if (!e->zstd || !set_parameters(e->zstd, level)) {
        rows_encoder_free(e);
        return -ENOMEM;
    }
    *ret = e;
    return 0;
}

struct rows_encoder *rows_encoder_free(struct rows_encoder *e)
{
    if (e) {
        ZSTD_freeCCtx(e->zstd);
        wire_free(&e->directory);
        wire_free(&e->data);
        free(e);
    }
    return NULL;
}

bool put_compressed(struct rows_encoder *e, const void *src, size_t size, struct wire_buffer *out)
{
    size_t bound = ZSTD_compressBound(size);
    uint8_t *dst = wire_reserve(out, bound);
    size_t n;

    if (!dst)
        return false;
    n = e->joint ? ZSTD_compressCCtx(e->zstd, dst, bound, src, size, e->level)
                 : ZSTD_compress2(e->zstd, dst, bound, src, size);
    if (ZSTD_isError(n) || n >= size)
        return false;
    out->size += n;
    return true;
}

/* The length of the content is set by end_content(). */
static void put_head(const struct rows_builder *b, uint8_t flags, struct wire_buffer *body)
{
    wire_put64(body, b->clock.boot_us);
    wire_put64(body, b->clock.real_us);
    wire_put32(body, b->clock.uncertainty_us);
    wire_put32(body, b->clock.status);
    wire_put64(body, b->time_min_us);
    wire_put64(body, b->time_max_us);
    wire_put32(body, flags);
    wire_put32(body, 0);
}

/* Counts of tables and columns, then the headers of the columns, then their bytes. */
static void put_content(const struct rows_encoder *e, const struct rows_builder *b,
                        struct wire_buffer *out)
{
    wire_put_varint(out, tlz_kinds[b->kind].tables);
    wire_put_varint(out, b->rows);
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < tlz_kinds[b->kind].tables; table++)
        wire_put_varint(out, b->tuples[table].count);
    wire_put_varint(out, e->columns);
    wire_put(out, e->directory.data, e->directory.size);
    wire_put(out, e->data.data, e->data.size);
}

/*
 * The content of the body whose head begins at `start` is complete: its length, then the ranges,
 * and zeros, so that a row has a byte at least (TLZ_ROWS_A_BYTE).
 */
static void end_content(const struct rows_builder *b, size_t start, struct wire_buffer *body)
{
    size_t content = body->size - start - ROWS_HEAD_SIZE, size, padding;
    uint8_t *room;

    ranges_put(b, body);
    size = body->size - start;
    padding = size * TLZ_ROWS_A_BYTE < b->rows ? b->rows / TLZ_ROWS_A_BYTE + 1 - size : 0;
    room = wire_reserve(body, padding);
    if (!room)
        return;
    memset(room, 0, padding);
    body->size += padding;
    wire_store32(body->data + start + ROWS_HEAD_SIZE - 4, (uint32_t)content);
}

/* The content as one zstd frame behind its length; false when it is too long, or no shorter for it.
 */
static bool put_joint(struct rows_encoder *e, const struct rows_builder *b,
                      struct wire_buffer *body)
{
    struct wire_buffer content = {0};
    size_t start = body->size;
    bool done = false;

    rows_encode_columns(e, b, true);
    put_content(e, b, &content);
    if (!content.failed && content.size <= TLZ_JOINT_MAX) {
        put_head(b, ROWS_JOINT, body);
        wire_put32(body, (uint32_t)content.size);
        done = put_compressed(e, content.data, content.size, body);
        if (!done)
            body->size = start;
    }
    wire_free(&content);
    return done;
}

int rows_encode(struct rows_encoder *e, const struct rows_builder *b, struct wire_buffer *body)
{
    size_t start = body->size;

    if (b->rows >= JOINT_ROWS || !put_joint(e, b, body)) {
        rows_encode_columns(e, b, false);
        put_head(b, 0, body);
        put_content(e, b, body);
    }
    end_content(b, start, body);
    return body->failed || e->directory.failed || e->data.failed ? -ENOMEM : 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/fact_blocks.h"
#include "format/metadata_block.h"
#include "format/writer_state.h"

#define DEFAULT_LEVEL 1

static int put_output(struct tlz_writer *w, const void *data, size_t size)
{
    int r = w->output.write(w->output.context, data, size);

    if (r < 0)
        return r;
    w->stats.bytes += size;
    return 0;
}

/* Leaves room for the header in front of the body. */
struct wire_buffer *writer_begin_block(struct tlz_writer *w)
{
    w->block.size = 0;
    w->block.failed = false;
    if (wire_reserve(&w->block, BLOCK_HEADER_SIZE))
        w->block.size = BLOCK_HEADER_SIZE;
    return &w->block;
}

/* Writes the block whose body stands behind the room for its header. */
int writer_put_block(struct tlz_writer *w, enum tlz_block_type type, uint32_t source, uint32_t rows)
{
    struct block_header header = {
        .type = (uint8_t)type, .source = source, .rows = rows, .salt = w->salt};
    int r;

    if (w->block.failed)
        return -ENOMEM;
    header.stored = (uint32_t)(w->block.size - BLOCK_HEADER_SIZE);
    header.sequence = w->sequence[source];
    header.body_hash = block_hash(w->block.data + BLOCK_HEADER_SIZE, header.stored);
    block_header_encode(&header, w->block.data);
    r = put_output(w, w->block.data, w->block.size);
    if (r < 0)
        return r;
    w->sequence[source]++;
    w->stats.blocks++;
    return 0;
}

/* Writes a level of the index, which becomes an entry in the level above, where there is room. */
int writer_put_index(struct tlz_writer *w, uint32_t level)
{
    struct index_entry entry;
    int r = index_writer_reserve(&w->index, level + 1);

    if (r < 0)
        return r;
    index_writer_encode(&w->index, level, w->stats.bytes, writer_begin_block(w), &entry);
    r = writer_put_block(w, TLZ_BLOCK_INDEX, FILE_SOURCE, 0);
    if (r < 0)
        return r;
    index_writer_clear(&w->index, level);
    index_writer_add(&w->index, level + 1, &entry);
    return 0;
}

/*
 * Before a block is begun that the index will list: writes what is full of it. Only one level is
 * full at a time, since nothing is added below one that could not be written.
 */
int writer_make_index_room(struct tlz_writer *w)
{
    int r = index_writer_reserve(&w->index, 0);

    for (uint32_t level = 0; r >= 0 && level < INDEX_LEVELS; level++)
        if (w->index.level[level].count == TLZ_INDEX_MAX)
            r = writer_put_index(w, level);
    return r;
}

/*
 * Writes the block whose body stands behind the room for its header, and notes it in the index,
 * where there is room. *entry tells its source, and its rows and times where it has any.
 */
int writer_end_block(struct tlz_writer *w, enum tlz_block_type type, struct index_entry *entry)
{
    int r;

    entry->type = (uint8_t)type;
    entry->start = entry->offset = w->stats.bytes;
    entry->size = w->block.size;
    entry->blocks = 1;
    r = writer_put_block(w, type, entry->source, (uint32_t)entry->rows);
    if (r >= 0)
        index_writer_add(&w->index, 0, entry);
    return r;
}

static int end_plain_block(struct tlz_writer *w, enum tlz_block_type type, uint32_t source)
{
    return writer_end_block(w, type, &(struct index_entry){.source = source});
}

static int add_sequence(struct tlz_writer *w)
{
    if (w->sources == TLZ_SOURCES_MAX)
        return -ENOSPC;
    if (w->sources == w->sequence_capacity) {
        uint32_t capacity = w->sequence_capacity ? 2 * w->sequence_capacity : 8;
        uint64_t *sequence = realloc(w->sequence, capacity * sizeof *sequence);

        if (!sequence)
            return -ENOMEM;
        w->sequence = sequence;
        w->sequence_capacity = capacity;
    }
    w->sequence[w->sources++] = 0;
    return 0;
}

static int put_metadata(struct tlz_writer *w, enum tlz_block_type type, uint32_t source,
                        const struct tlz_metadata *meta)
{
    int r = writer_make_index_room(w);

    if (r < 0)
        return r;
    metadata_encode(meta, writer_begin_block(w));
    return end_plain_block(w, type, source);
}

static int put_start(struct tlz_writer *w, const struct tlz_metadata *file)
{
    uint8_t preamble[PREAMBLE_SIZE];
    int r;

    preamble_encode(preamble);
    r = add_sequence(w);
    if (r >= 0)
        r = put_output(w, preamble, sizeof preamble);
    return r < 0 ? r : put_metadata(w, TLZ_BLOCK_METADATA, FILE_SOURCE, file);
}

int tlz_writer_open(struct tlz_writer **ret, const struct tlz_output *output,
                    const struct tlz_writer_options *options, const struct tlz_metadata *file)
{
    int level = options && options->level ? options->level : DEFAULT_LEVEL;
    struct tlz_writer *w;
    int r;

    if (!tlz_metadata_id(file) || level < 1 || level > 19)
        return -EINVAL;
    w = calloc(1, sizeof *w);
    if (!w)
        return -ENOMEM;
    w->output = *output;
    w->salt = options && options->salt ? options->salt : block_salt(tlz_metadata_id(file));
    w->builder[TLZ_SESSIONS] = rows_builder_new(TLZ_SESSIONS);
    r = w->builder[TLZ_SESSIONS] ? rows_encoder_open(&w->encoder, level) : -ENOMEM;
    if (r >= 0)
        r = put_start(w, file);
    if (r < 0) {
        tlz_writer_free(w);
        return r;
    }
    *ret = w;
    return 0;
}

struct tlz_writer *tlz_writer_free(struct tlz_writer *w)
{
    if (w) {
        for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
            rows_builder_free(w->builder[kind]);
        rows_encoder_free(w->encoder);
        wire_free(&w->block);
        index_writer_close(&w->index);
        free(w->sequence);
        free(w);
    }
    return NULL;
}

static int flush_rows(struct tlz_writer *w, enum tlz_kind kind)
{
    static const enum tlz_block_type types[TLZ_KINDS] = {TLZ_BLOCK_SESSIONS, TLZ_BLOCK_STATES};
    struct rows_builder *b = w->builder[kind];
    uint32_t rows = b ? b->rows : 0;
    int r;

    if (!rows)
        return 0;
    r = writer_make_index_room(w);
    if (r >= 0)
        r = rows_encode(w->encoder, b, writer_begin_block(w));
    if (r >= 0)
        r = writer_end_block(w, types[kind],
                             &(struct index_entry){
                                 .source = w->row_source[kind],
                                 .rows = rows,
                                 .first_us = b->time_min_us - b->clock.boot_us + b->clock.real_us,
                                 .last_us = b->time_max_us - b->clock.boot_us + b->clock.real_us,
                             });
    if (r < 0)
        w->stats.of[kind].dropped += rows;
    else
        w->stats.of[kind].written += rows;
    rows_builder_clear(b);
    return r < 0 ? r : 0;
}

int tlz_writer_flush(struct tlz_writer *w)
{
    int first = 0;

    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        int r = flush_rows(w, kind);

        first = first < 0 ? first : r;
    }
    return first;
}

static bool has_source(const struct tlz_writer *w, uint32_t source)
{
    return source != FILE_SOURCE && source < w->sources;
}

/* For a block that comes after the rows that were added before it. */
int writer_prepare(struct tlz_writer *w, uint32_t source)
{
    int r = has_source(w, source) ? tlz_writer_flush(w) : -EINVAL;

    return r < 0 ? r : writer_make_index_room(w);
}

int tlz_writer_add_source(struct tlz_writer *w, const struct tlz_metadata *meta,
                          uint32_t *ret_source)
{
    uint32_t source = w->sources;
    int r = tlz_writer_flush(w);

    if (r >= 0)
        r = add_sequence(w);
    if (r >= 0)
        r = put_metadata(w, TLZ_BLOCK_METADATA, source, meta);
    if (r < 0) {
        w->sources = source;
        return r;
    }
    *ret_source = source;
    return 0;
}

int tlz_writer_add_row(struct tlz_writer *w, enum tlz_kind kind, uint32_t source,
                       const struct tlz_clock *clock, const struct tlz_row *row)
{
    struct rows_builder *b;
    int flushed = 0;
    int r;

    if (!has_source(w, source))
        return -EINVAL;
    if (!w->builder[kind])
        w->builder[kind] = rows_builder_new(kind);
    b = w->builder[kind];
    if (!b)
        return -ENOMEM;
    if (source != w->row_source[kind] || !tlz_clock_equal(clock, &b->clock))
        flushed = flush_rows(w, kind);
    w->row_source[kind] = source;
    b->clock = *clock;
    r = rows_builder_add(b, row);
    if (r >= 0 && b->rows == TLZ_ROWS_MAX)
        r = flush_rows(w, kind);
    return r < 0 ? r : flushed;
}

int tlz_writer_add_loss(struct tlz_writer *w, uint32_t source, const struct tlz_loss *loss)
{
    int r = writer_prepare(w, source);

    if (r < 0)
        return r;
    loss_encode(loss, writer_begin_block(w));
    r = end_plain_block(w, loss->kind == TLZ_STATES ? TLZ_BLOCK_STATES_LOSS : TLZ_BLOCK_LOSS,
                        source);
    if (r >= 0)
        w->stats.of[loss->kind].lost += loss->count;
    return r;
}

int tlz_writer_add_name(struct tlz_writer *w, uint32_t source, const struct tlz_name *name)
{
    int r = name->size > TLZ_NAME_MAX ? -EINVAL : writer_prepare(w, source);

    return r < 0 ? r : tlz_writer_add_name_before(w, source, name);
}

int tlz_writer_add_name_before(struct tlz_writer *w, uint32_t source, const struct tlz_name *name)
{
    bool valid = name->size <= TLZ_NAME_MAX && has_source(w, source);
    int r = valid ? writer_make_index_room(w) : -EINVAL;

    if (r < 0)
        return r;
    name_encode(name, writer_begin_block(w));
    return end_plain_block(w, TLZ_BLOCK_NAME, source);
}

void tlz_writer_stats(const struct tlz_writer *w, struct tlz_writer_stats *ret)
{
    *ret = w->stats;
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        ret->of[kind].pending = w->builder[kind] ? w->builder[kind]->rows : 0;
}

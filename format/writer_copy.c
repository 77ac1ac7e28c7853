/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks that another writer has made. */
#include "format/error.h"
#include "format/fact_blocks.h"
#include "format/writer_state.h"

static int copy(struct tlz_writer *w, enum tlz_block_type type, const void *body, size_t size,
                struct index_entry *entry)
{
    wire_put(writer_begin_block(w), body, size);
    return writer_end_block(w, type, entry);
}

static int copy_rows(struct tlz_writer *w, enum tlz_kind kind, uint32_t source,
                     const struct tlz_copied_block *block)
{
    struct tlz_batch batch;
    struct index_entry entry = {.source = source, .rows = block->rows};
    int r = rows_parse_head(block->body, block->size, block->rows, &batch);

    if (r < 0)
        return r;
    entry.first_us = batch.time_min_us;
    entry.last_us = batch.time_max_us;
    r = copy(w, block->type, block->body, block->size, &entry);
    if (r < 0)
        w->stats.of[kind].dropped += block->rows;
    else
        w->stats.of[kind].written += block->rows;
    return r;
}

static int copy_loss(struct tlz_writer *w, enum tlz_kind kind, uint32_t source,
                     const struct tlz_copied_block *block)
{
    struct tlz_loss loss;
    int r = loss_decode(block->body, block->size, &loss);

    if (r == 0)
        r = copy(w, block->type, block->body, block->size, &(struct index_entry){.source = source});
    if (r == 0)
        w->stats.of[kind].lost += loss.count;
    return r;
}

int tlz_writer_copy_block(struct tlz_writer *w, uint32_t source,
                          const struct tlz_copied_block *block)
{
    int r = writer_prepare(w, source);

    if (r < 0)
        return r;
    switch (block->type) {
    case TLZ_BLOCK_SESSIONS:
        return copy_rows(w, TLZ_SESSIONS, source, block);
    case TLZ_BLOCK_STATES:
        return copy_rows(w, TLZ_STATES, source, block);
    case TLZ_BLOCK_LOSS:
        return copy_loss(w, TLZ_SESSIONS, source, block);
    case TLZ_BLOCK_STATES_LOSS:
        return copy_loss(w, TLZ_STATES, source, block);
    case TLZ_BLOCK_NAME:
        return copy(w, block->type, block->body, block->size,
                    &(struct index_entry){.source = source});
    default:
        return -EINVAL;
    }
}

int tlz_copied_block_read(const void *data, size_t size, struct tlz_copied_block *ret)
{
    struct block_header header;
    int r = size < BLOCK_HEADER_SIZE ? -TLZ_E_CUT : block_header_decode(data, &header);

    if (r == 0 && size - BLOCK_HEADER_SIZE != header.stored)
        r = -TLZ_E_CUT;
    if (r < 0)
        return r;
    *ret = (struct tlz_copied_block){
        .type = header.type,
        .rows = header.rows,
        .body = (const uint8_t *)data + BLOCK_HEADER_SIZE,
        .size = header.stored,
    };
    return 0;
}

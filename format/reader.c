/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/reader.h"

#include "format/block_order.h"
#include "format/block_stream.h"
#include "format/error.h"
#include "format/fact_blocks.h"
#include "format/file_check.h"
#include "format/index_reader.h"
#include "format/metadata_block.h"
#include "format/rows_block.h"
#include "format/told.h"

struct tlz_reader {
    struct block_stream stream;
    struct index_reader index;
    bool has_index;
    uint64_t from_us, to_us; /* the window */
    tlz_pass *pass;          /* NULL = nothing is passed over but by the window */
    const void *pass_data;
    struct tlz_fieldset fields[TLZ_KINDS];
    struct rows_decoder *decoder;
    struct tlz_batch batch;
    struct tlz_metadata *meta;
    struct block_order order;
    struct file_check check;
    struct told columns_told;
    struct told blocks_told;
    bool defers;    /* blocks of rows are decoded elsewhere */
    bool stopped;   /* nothing more is read */
    bool has_block; /* `block` was checked and waits to be delivered */
    struct block_header block;
    char *name;
};

int tlz_reader_open(struct tlz_reader **ret, const struct tlz_input *input)
{
    struct tlz_reader *r = calloc(1, sizeof *r);
    int error;

    if (!r)
        return -ENOMEM;
    memset(r->fields, 0xff, sizeof r->fields);
    r->to_us = UINT64_MAX;
    error = block_stream_open(&r->stream, input);
    if (error >= 0 && r->stream.has_header)
        error = index_reader_open(&r->index, input, r->stream.salt);
    r->has_index = error > 0;
    if (error >= 0)
        error = rows_decoder_open(&r->decoder);
    if (error < 0) {
        tlz_reader_free(r);
        return error;
    }
    *ret = r;
    return 0;
}

struct tlz_reader *tlz_reader_free(struct tlz_reader *r)
{
    if (r) {
        block_stream_close(&r->stream);
        index_reader_close(&r->index);
        rows_decoder_free(r->decoder);
        tlz_metadata_free(r->meta);
        block_order_close(&r->order);
        file_check_close(&r->check);
        free(r->name);
        free(r);
    }
    return NULL;
}

void tlz_reader_select(struct tlz_reader *r, enum tlz_kind kind, const struct tlz_fieldset *fields)
{
    r->fields[kind] = *fields;
}

void tlz_reader_window(struct tlz_reader *r, uint64_t from_us, uint64_t to_us)
{
    r->from_us = from_us;
    r->to_us = to_us;
}

void tlz_reader_pass(struct tlz_reader *r, tlz_pass *pass, const void *userdata)
{
    r->pass = pass;
    r->pass_data = userdata;
}

void tlz_reader_verify(struct tlz_reader *r)
{
    r->check.on = true;
}

void tlz_reader_defer(struct tlz_reader *r)
{
    r->defers = true;
}

bool tlz_reader_tells_column(struct tlz_reader *r, uint64_t number)
{
    return tell_once(&r->columns_told, number);
}

uint64_t tlz_reader_offset(const struct tlz_reader *r)
{
    return block_stream_next_offset(&r->stream);
}

static int read_metadata(struct tlz_reader *r, const uint8_t *body, struct tlz_item *ret)
{
    int error;

    tlz_metadata_free(r->meta);
    r->meta = tlz_metadata_new();
    if (!r->meta)
        return -ENOMEM;
    error = metadata_decode(r->meta, body, r->block.stored);
    if (r->block.type == TLZ_BLOCK_END) {
        ret->kind = TLZ_ITEM_END;
        error = error < 0 ? error : block_order_end(&r->order, &r->block, r->meta);
    } else {
        ret->kind = r->block.source ? TLZ_ITEM_SOURCE : TLZ_ITEM_FILE;
    }
    ret->meta = r->meta;
    return error < 0 ? error : 1;
}

static enum tlz_kind kind_of_block(unsigned type)
{
    return type == TLZ_BLOCK_STATES ? TLZ_STATES : TLZ_SESSIONS;
}

/* Whether the block, whose head was parsed, is outside of the window, or need not be decoded. */
static bool is_passed_over(const struct tlz_reader *r, enum tlz_kind kind, const uint8_t *body)
{
    struct tlz_ranges ranges;

    if (r->batch.time_max_us < r->from_us || r->batch.time_min_us > r->to_us)
        return true;
    return r->pass && tlz_ranges_read(kind, body, r->block.stored, &ranges) &&
           r->pass(r->pass_data, kind, &ranges);
}

static int read_rows(struct tlz_reader *r, const uint8_t *body, struct tlz_item *ret)
{
    enum tlz_kind kind = kind_of_block(r->block.type);
    struct tlz_batch *batch = &r->batch;
    int error = rows_parse_head(body, r->block.stored, r->block.rows, batch);

    if (error < 0)
        return error;
    if (is_passed_over(r, kind, body)) {
        ret->kind = TLZ_ITEM_SKIPPED;
        ret->skipped = (struct tlz_skipped){.kind = kind,
                                            .blocks = 1,
                                            .rows = r->block.rows,
                                            .first_us = batch->time_min_us,
                                            .last_us = batch->time_max_us};
        return 1;
    }
    if (r->defers) {
        batch->kind = kind;
        batch->rows = r->block.rows;
        ret->deferred = body;
    } else {
        error = rows_decode(r->decoder, kind, body, r->block.stored, r->block.rows,
                            &r->fields[kind], batch);
    }
    batch->source = r->block.source;
    ret->kind = TLZ_ITEM_ROWS;
    ret->batch = batch;
    return error < 0 ? error : 1;
}

static int read_loss(const struct tlz_reader *r, const uint8_t *body, struct tlz_item *ret)
{
    int error = loss_decode(body, r->block.stored, &ret->loss);

    ret->kind = TLZ_ITEM_LOSS;
    ret->loss.kind = r->block.type == TLZ_BLOCK_STATES_LOSS ? TLZ_STATES : TLZ_SESSIONS;
    return error < 0 ? error : 1;
}

static int read_name(struct tlz_reader *r, const uint8_t *body, struct tlz_item *ret)
{
    int error = name_decode(body, r->block.stored, &ret->name);

    ret->kind = TLZ_ITEM_NAME;
    if (error < 0)
        return error;
    if (!r->name)
        r->name = malloc(TLZ_NAME_MAX + 1);
    if (!r->name)
        return -ENOMEM;
    memcpy(r->name, ret->name.text, ret->name.size);
    r->name[ret->name.size] = '\0';
    ret->name.text = r->name;
    return 1;
}

static int read_unknown(struct tlz_reader *r, struct tlz_item *ret)
{
    if (r->block.flags & BLOCK_CRITICAL)
        return -TLZ_E_NEWER;
    ret->kind = TLZ_ITEM_UNKNOWN;
    ret->unknown = (struct tlz_unknown){.number = r->block.type};
    return tell_once(&r->blocks_told, r->block.type);
}

static int read_block(struct tlz_reader *r, struct tlz_item *ret)
{
    const uint8_t *body = block_stream_body(&r->stream);

    switch (r->block.type) {
    case TLZ_BLOCK_METADATA:
    case TLZ_BLOCK_END:
        return read_metadata(r, body, ret);
    case TLZ_BLOCK_SESSIONS:
    case TLZ_BLOCK_STATES:
        return read_rows(r, body, ret);
    case TLZ_BLOCK_LOSS:
    case TLZ_BLOCK_STATES_LOSS:
        return read_loss(r, body, ret);
    case TLZ_BLOCK_NAME:
        return read_name(r, body, ret);
    case TLZ_BLOCK_INDEX:
        return r->block.source == FILE_SOURCE ? 0 : -TLZ_E_SYNTAX; /* for those who look for it */
    default:
        return read_unknown(r, ret);
    }
}

/* Another file begins, which is not read: its sources are not those of this one. */
static int deliver_another(struct tlz_reader *r, struct tlz_item *ret)
{
    r->stopped = true;
    ret->kind = TLZ_ITEM_DAMAGE;
    ret->source = FILE_SOURCE;
    ret->stored = 0;
    ret->damage = (struct tlz_damage){.error = -TLZ_E_ANOTHER};
    return 1;
}

/* 0 or -ENOMEM. */
static int verify(struct tlz_reader *r, const struct tlz_item *item)
{
    return file_check_block(
        &r->check, &(struct checked_block){.header = &r->block,
                                           .offset = block_stream_offset(&r->stream),
                                           .body = block_stream_body(&r->stream),
                                           .item = item,
                                           .batch = &r->batch,
                                           .has_unknown = rows_decoder_has_unknown(r->decoder),
                                           .meta = r->meta});
}

/* The block that find_block() found: 1 and its item, 0 when it has nothing to tell, or an error. */
static int deliver_block(struct tlz_reader *r, struct tlz_item *ret)
{
    int error;

    *ret = (struct tlz_item){.offset = block_stream_offset(&r->stream),
                             .source = r->block.source,
                             .stored = BLOCK_HEADER_SIZE + r->block.stored};
    error = block_order_check(&r->order, &r->block, &ret->damage);
    if (error == -TLZ_E_ANOTHER)
        return deliver_another(r, ret);
    ret->kind = TLZ_ITEM_DAMAGE;
    if (error)
        return error;
    error = read_block(r, ret);
    if (error >= 0 && r->check.on && verify(r, ret) < 0)
        return -ENOMEM;
    block_order_count(&r->order, &r->block);
    r->has_block = false;
    block_stream_skip(&r->stream, &r->block);
    if (!tlz_error_is_damage(error))
        return error;
    ret->kind = TLZ_ITEM_DAMAGE;
    ret->damage = (struct tlz_damage){.error = error, .size = ret->stored};
    return 1;
}

/* An unknown column of the last block of rows that was not told of yet. */
static bool deliver_unknown_column(struct tlz_reader *r, struct tlz_item *ret)
{
    uint64_t number;

    while (rows_decoder_unknown(r->decoder, &number)) {
        if (!tell_once(&r->columns_told, number))
            continue;
        *ret = (struct tlz_item){.kind = TLZ_ITEM_UNKNOWN,
                                 .offset = block_stream_offset(&r->stream),
                                 .source = r->block.source,
                                 .unknown = {.column = true, .number = number}};
        return true;
    }
    return false;
}

/* Blocks of which only the end block told that they are missing. */
static bool deliver_missing(struct tlz_reader *r, struct tlz_item *ret)
{
    if (!r->order.missing)
        return false;
    *ret = (struct tlz_item){.kind = TLZ_ITEM_DAMAGE,
                             .offset = block_stream_offset(&r->stream),
                             .damage = {.error = -TLZ_E_MISSING, .blocks = r->order.missing}};
    r->order.missing = 0;
    return true;
}

/* Steps over blocks that the index tells to be outside of the window: 1 and their item, 0, or an
 * error. */
static int skip_by_index(struct tlz_reader *r, struct tlz_item *ret)
{
    struct index_entry e;
    int error = index_reader_skip(&r->index, block_stream_next_offset(&r->stream), r->from_us,
                                  r->to_us, &e);

    if (error <= 0)
        return error;
    error = block_order_skip(&r->order, &e);
    if (error < 0)
        return error;
    *ret = (struct tlz_item){.kind = TLZ_ITEM_SKIPPED,
                             .offset = e.start,
                             .source = e.source,
                             .skipped = {.kind = index_reader_kind(&e),
                                         .blocks = e.blocks,
                                         .rows = e.rows,
                                         .first_us = e.first_us,
                                         .last_us = e.last_us,
                                         .unread = true}};
    block_stream_jump(&r->stream, e.offset + e.size);
    return 1;
}

/* Without one everything is read, whatever the index says. */
static bool has_window(const struct tlz_reader *r)
{
    return r->from_us > 0 || r->to_us < UINT64_MAX;
}

/* Looks for the next block. 1 and an item when bytes had to be skipped on the way or before the
 * end; 0 when there is a block, or none any more; or an error. */
static int find_block(struct tlz_reader *r, struct tlz_item *ret)
{
    int error = block_stream_next(&r->stream, &r->block);

    if (error < 0 && error != -TLZ_E_ANOTHER)
        return error;
    r->has_block = error > 0;
    *ret = (struct tlz_item){.kind = TLZ_ITEM_DAMAGE};
    if (block_stream_take_damage(&r->stream, &ret->damage, &ret->offset))
        return 1;
    ret->offset = block_stream_offset(&r->stream);
    return error == -TLZ_E_ANOTHER ? deliver_another(r, ret) : 0;
}

static int next_item(struct tlz_reader *r, struct tlz_item *ret)
{
    int error = 0;

    if (r->stopped)
        return 0;
    if (deliver_unknown_column(r, ret) || deliver_missing(r, ret))
        return 1;
    while (!error) {
        if (file_check_take(&r->check, ret))
            return 1;
        if (!r->has_block) {
            error = r->has_index && has_window(r) ? skip_by_index(r, ret) : 0;
            if (error)
                return error;
            error = find_block(r, ret);
            if (error || !r->has_block)
                return error;
        }
        error = deliver_block(r, ret);
    }
    return error;
}

int tlz_reader_next(struct tlz_reader *r, struct tlz_item *ret)
{
    int error = next_item(r, ret);

    /* What is said of damaged blocks cannot be compared. */
    if (error > 0 && ret->kind == TLZ_ITEM_DAMAGE)
        r->check.on = false;
    return error;
}

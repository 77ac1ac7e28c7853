/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/reader.h"

#include "format/block_header.h"
#include "format/error.h"
#include "format/input_buffer.h"
#include "format/metadata_block.h"
#include "format/sessions_block.h"

/*
 * Behind a damaged body the search goes on inside it, since its length may be what bytes lost in
 * the middle make wrong. A hostile file could have every body searched again and again; so no more
 * is hashed in vain than this many times what was read, and past that a damaged body is skipped
 * whole.
 */
#define SEARCH_FACTOR 4
#define SEARCH_FREE   (2u * TLZ_BODY_MAX)

/* What is remembered of a source. */
struct source {
    bool described;    /* its metadata was seen */
    bool missed;       /* ... or missed, and said to be */
    uint64_t sequence; /* of its next block */
};

struct tlz_reader {
    struct input_buffer in;
    struct tlz_fieldset fields;
    struct sessions_decoder *decoder;
    struct tlz_batch batch;
    struct tlz_metadata *meta;
    struct source *sources;
    uint32_t source_count;
    uint64_t wasted; /* bytes hashed in vain */
    uint64_t
        columns_told[4]; /* unknown columns and blocks that were told of, by number modulo 256 */
    uint64_t blocks_told[4];
    bool in_damage; /* looking for the next good block */
    struct tlz_damage damage;
    uint64_t damage_offset;
    bool has_block; /* `block` was checked and waits to be delivered */
    struct block_header block;
    char *name;
};

static void begin_damage(struct tlz_reader *r, int error)
{
    if (r->in_damage)
        return;
    r->in_damage = true;
    r->damage_offset = r->in.offset;
    r->damage = (struct tlz_damage){.error = error};
}

/* A preamble that is damaged is no reason to refuse the blocks behind it. */
static int read_preamble(struct tlz_reader *r)
{
    struct block_header header;
    int damage, error = input_buffer_fill(&r->in, PREAMBLE_SIZE + BLOCK_HEADER_SIZE);

    if (error < 0)
        return error;
    damage = preamble_check(input_buffer_data(&r->in), input_buffer_size(&r->in));
    if (damage == -TLZ_E_NEWER)
        return damage;
    if (damage < 0) {
        if (input_buffer_size(&r->in) < PREAMBLE_SIZE + BLOCK_HEADER_SIZE ||
            block_header_decode(input_buffer_data(&r->in) + PREAMBLE_SIZE, &header) < 0)
            return damage;
        begin_damage(r, damage);
    }
    input_buffer_skip(&r->in, PREAMBLE_SIZE);
    return 0;
}

int tlz_reader_open(struct tlz_reader **ret, const struct tlz_input *input)
{
    struct tlz_reader *r = calloc(1, sizeof *r);
    int error;

    if (!r)
        return -ENOMEM;
    input_buffer_open(&r->in, input);
    memset(&r->fields, 0xff, sizeof r->fields);
    error = sessions_decoder_open(&r->decoder);
    if (error >= 0)
        error = read_preamble(r);
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
        input_buffer_close(&r->in);
        sessions_decoder_free(r->decoder);
        tlz_metadata_free(r->meta);
        free(r->sources);
        free(r->name);
        free(r);
    }
    return NULL;
}

void tlz_reader_select(struct tlz_reader *r, const struct tlz_fieldset *fields)
{
    r->fields = *fields;
}

static struct source *find_source(struct tlz_reader *r, uint32_t number)
{
    if (number >= r->source_count) {
        uint32_t count = number + 1 > 2 * r->source_count ? number + 1 : 2 * r->source_count;
        struct source *sources = realloc(r->sources, count * sizeof *sources);

        if (!sources)
            return NULL;
        memset(sources + r->source_count, 0, (count - r->source_count) * sizeof *sources);
        r->sources = sources;
        r->source_count = count;
    }
    return &r->sources[number];
}

/* Steps over what cannot be a block: at least one byte, then on to the next sync word in the
 * buffer. */
static void search_on(struct tlz_reader *r, size_t skip)
{
    const uint8_t *data, *found;
    size_t size;

    input_buffer_skip(&r->in, skip);
    data = input_buffer_data(&r->in);
    size = input_buffer_size(&r->in);
    found = memmem(data, size, block_sync, BLOCK_SYNC_SIZE);
    if (found)
        input_buffer_skip(&r->in, (size_t)(found - data));
    else if (size >= BLOCK_SYNC_SIZE)
        input_buffer_skip(&r->in, size - (BLOCK_SYNC_SIZE - 1));
}

/* The whole block at the buffer's start: 1 and *ret when its sums are right, 0 when not and the
 * damage is noted, or an error of the input. */
static int check_block(struct tlz_reader *r, struct block_header *ret)
{
    int error = block_header_decode(input_buffer_data(&r->in), ret);
    size_t size;

    if (error < 0) {
        begin_damage(r, error);
        search_on(r, 1);
        return 0;
    }
    size = BLOCK_HEADER_SIZE + (size_t)ret->stored;
    error = input_buffer_fill(&r->in, size);
    if (error < 0)
        return error;
    if (input_buffer_size(&r->in) < size) {
        begin_damage(r, -TLZ_E_CUT);
    } else {
        if (block_hash(input_buffer_data(&r->in) + BLOCK_HEADER_SIZE, ret->stored) ==
            ret->body_hash)
            return 1;
        begin_damage(r, -TLZ_E_CHECKSUM);
        r->wasted += size;
    }
    if (r->wasted > SEARCH_FREE + SEARCH_FACTOR * r->in.offset && input_buffer_size(&r->in) >= size)
        search_on(r, size);
    else
        search_on(r, 1);
    return 0;
}

/* 1 when r->block is a good block, 0 at the end of the input, or an error of the input. Damage on
 * the way is noted. */
static int find_block(struct tlz_reader *r)
{
    for (;;) {
        int error = input_buffer_fill(&r->in, BLOCK_HEADER_SIZE);
        size_t size = input_buffer_size(&r->in);

        if (error < 0)
            return error;
        if (size < BLOCK_HEADER_SIZE) {
            if (size)
                begin_damage(r, -TLZ_E_CUT);
            input_buffer_skip(&r->in, size);
            return 0;
        }
        error = check_block(r, &r->block);
        if (error)
            return error;
    }
}

static void deliver_damage(struct tlz_reader *r, struct tlz_item *ret)
{
    r->in_damage = false;
    r->damage.size = r->in.offset - r->damage_offset;
    *ret =
        (struct tlz_item){.kind = TLZ_ITEM_DAMAGE, .offset = r->damage_offset, .damage = r->damage};
}

/* Gaps in a source's sequence, and a source without metadata: 1 and an item of damage when there is
 * one to tell. */
static int check_order(struct tlz_reader *r, struct tlz_item *ret)
{
    const struct block_header *b = &r->block;
    struct source *s = find_source(r, b->source);
    uint64_t expected;

    if (!s)
        return -ENOMEM;
    ret->kind = TLZ_ITEM_DAMAGE;
    expected = s->sequence;
    s->sequence = b->sequence;
    if (b->type == TLZ_BLOCK_METADATA)
        s->described = true;
    if (b->sequence != expected) {
        bool gap = b->sequence > expected;

        ret->damage = (struct tlz_damage){.error = gap ? -TLZ_E_MISSING : -TLZ_E_ORDER,
                                          .blocks = gap ? b->sequence - expected : 0};
        return 1;
    }
    if (!s->described && !s->missed) {
        s->missed = true;
        ret->damage = (struct tlz_damage){.error = -TLZ_E_SOURCE};
        return 1;
    }
    return 0;
}

/* True once for each number. */
static bool tell_once(uint64_t told[4], uint64_t number)
{
    uint64_t bit = UINT64_C(1) << (number % 64), *word = &told[number / 64 % 4];
    bool first = !(*word & bit);

    *word |= bit;
    return first;
}

static int read_metadata(struct tlz_reader *r, const uint8_t *body, struct tlz_item *ret)
{
    int error;

    tlz_metadata_free(r->meta);
    r->meta = tlz_metadata_new();
    if (!r->meta)
        return -ENOMEM;
    error = metadata_decode(r->meta, body, r->block.stored);
    if (r->block.type == TLZ_BLOCK_END)
        ret->kind = TLZ_ITEM_END;
    else
        ret->kind = r->block.source ? TLZ_ITEM_SOURCE : TLZ_ITEM_FILE;
    ret->meta = r->meta;
    return error < 0 ? error : 1;
}

static int read_sessions(struct tlz_reader *r, const uint8_t *body, struct tlz_item *ret)
{
    int error =
        sessions_decode(r->decoder, body, r->block.stored, r->block.rows, &r->fields, &r->batch);

    r->batch.source = r->block.source;
    ret->kind = TLZ_ITEM_SESSIONS;
    ret->batch = &r->batch;
    return error < 0 ? error : 1;
}

static int read_loss(const struct tlz_reader *r, const uint8_t *body, struct tlz_item *ret)
{
    struct wire_cursor c = {body, body + r->block.stored, false};

    ret->kind = TLZ_ITEM_LOSS;
    ret->loss.cause = (enum tlz_loss_cause)wire_take32(&c);
    ret->loss.count = wire_take64(&c);
    ret->loss.from_us = wire_take64(&c);
    ret->loss.to_us = wire_take64(&c);
    return c.bad ? -TLZ_E_SYNTAX : 1;
}

static int read_name(struct tlz_reader *r, const uint8_t *body, struct tlz_item *ret)
{
    struct wire_cursor c = {body, body + r->block.stored, false};

    ret->kind = TLZ_ITEM_NAME;
    ret->name.kind = (enum tlz_name_kind)wire_take32(&c);
    ret->name.id = wire_take64(&c);
    if (c.bad)
        return -TLZ_E_SYNTAX;
    ret->name.size = (size_t)(c.end - c.p);
    if (ret->name.size > TLZ_NAME_MAX)
        return -TLZ_E_LIMIT;
    if (!r->name)
        r->name = malloc(TLZ_NAME_MAX + 1);
    if (!r->name)
        return -ENOMEM;
    memcpy(r->name, c.p, ret->name.size);
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
    return tell_once(r->blocks_told, r->block.type);
}

static int read_block(struct tlz_reader *r, struct tlz_item *ret)
{
    const uint8_t *body = input_buffer_data(&r->in) + BLOCK_HEADER_SIZE;

    switch (r->block.type) {
    case TLZ_BLOCK_METADATA:
    case TLZ_BLOCK_END:
        return read_metadata(r, body, ret);
    case TLZ_BLOCK_SESSIONS:
        return read_sessions(r, body, ret);
    case TLZ_BLOCK_LOSS:
        return read_loss(r, body, ret);
    case TLZ_BLOCK_NAME:
        return read_name(r, body, ret);
    default:
        return read_unknown(r, ret);
    }
}

static bool is_damage(int error)
{
    return error <= -TLZ_E_NOT_A_CAPTURE && error != -TLZ_E_NEWER;
}

/* The block that find_block() found: 1 and its item, 0 when it has nothing to tell, or an error. */
static int deliver_block(struct tlz_reader *r, struct tlz_item *ret)
{
    size_t size = BLOCK_HEADER_SIZE + (size_t)r->block.stored;
    int error;

    *ret = (struct tlz_item){
        .offset = r->in.offset, .source = r->block.source, .stored = (uint32_t)size};
    error = check_order(r, ret);
    if (error)
        return error;
    error = read_block(r, ret);
    find_source(r, r->block.source)->sequence++;
    r->has_block = false;
    input_buffer_skip_later(&r->in, size);
    if (!is_damage(error))
        return error;
    ret->kind = TLZ_ITEM_DAMAGE;
    ret->damage = (struct tlz_damage){.error = error, .size = size};
    return 1;
}

/* An unknown column of the last block of sessions that was not told of yet. */
static bool deliver_unknown_column(struct tlz_reader *r, struct tlz_item *ret)
{
    uint64_t number;

    while (sessions_decoder_unknown(r->decoder, &number)) {
        if (!tell_once(r->columns_told, number))
            continue;
        *ret = (struct tlz_item){.kind = TLZ_ITEM_UNKNOWN,
                                 .offset = r->in.offset,
                                 .source = r->block.source,
                                 .unknown = {.column = true, .number = number}};
        return true;
    }
    return false;
}

int tlz_reader_next(struct tlz_reader *r, struct tlz_item *ret)
{
    for (;;) {
        int error;

        if (deliver_unknown_column(r, ret))
            return 1;
        if (!r->has_block) {
            error = find_block(r);
            if (error < 0)
                return error;
            r->has_block = error > 0;
            if (r->in_damage) {
                deliver_damage(r, ret);
                return 1;
            }
            if (!r->has_block)
                return 0;
        }
        error = deliver_block(r, ret);
        if (error)
            return error;
    }
}

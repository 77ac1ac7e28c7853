/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/block_stream.h"

#include <errno.h>
#include <string.h>

#include "format/error.h"
#include "format/not_posix.h"

/*
 * Inside a damaged body is searched where no block begins behind it, as when bytes were lost from
 * it. A hostile file could have every body searched again and again; so no more is hashed in vain
 * than this many times what was read, and past that a damaged body is skipped whole.
 */
#define SEARCH_FACTOR 4
#define SEARCH_FREE   (2u * TLZ_BODY_MAX)

static void begin_damage(struct block_stream *s, int error)
{
    if (s->in_damage)
        return;
    s->in_damage = true;
    s->damage_offset = s->in.offset;
    s->damage = (struct tlz_damage){.error = error};
}

/* The header at `data`, when it is good and of this file. 0 or an error. */
static int read_header(const struct block_stream *s, const uint8_t *data, struct block_header *ret)
{
    int error = block_header_decode(data, ret);

    return error == 0 && !block_salt_fits(s->salt, ret->salt) ? -TLZ_E_FOREIGN : error;
}

/* That of the header behind the preamble, when it is good: a search could find what was planted. */
static void read_salt(struct block_stream *s)
{
    struct block_header header;

    s->has_header = input_buffer_size(&s->in) >= PREAMBLE_SIZE + BLOCK_HEADER_SIZE &&
                    block_header_decode(input_buffer_data(&s->in) + PREAMBLE_SIZE, &header) == 0;
    s->salt = s->has_header ? header.salt : 0;
}

/* A preamble that is damaged is no reason to refuse the blocks behind it; one that is good and of
 * another format is. */
static int read_preamble(struct block_stream *s)
{
    int damage, error = input_buffer_fill(&s->in, PREAMBLE_SIZE + BLOCK_HEADER_SIZE);

    if (error < 0 && (error != -EAGAIN || input_buffer_size(&s->in) == 0))
        return error;
    damage = preamble_check(input_buffer_data(&s->in), input_buffer_size(&s->in));
    /* Of what is still to come, the start tells whether it can be a capture. */
    if (error < 0)
        return damage == -TLZ_E_NOT_A_CAPTURE || damage == -TLZ_E_TEXT_DAMAGE ? damage : error;
    if (damage == -TLZ_E_NEWER || damage == -TLZ_E_DRAFT)
        return damage;
    read_salt(s);
    if (damage < 0) {
        if (!s->has_header)
            return damage;
        begin_damage(s, damage);
    }
    input_buffer_skip(&s->in, PREAMBLE_SIZE);
    return 0;
}

int block_stream_open(struct block_stream *s, const struct tlz_input *input)
{
    *s = (struct block_stream){0};
    input_buffer_open(&s->in, input);
    return read_preamble(s);
}

void block_stream_close(struct block_stream *s)
{
    input_buffer_close(&s->in);
}

/* Steps over what cannot be a block, then on to the next sync word in the buffer. */
static void search_on(struct block_stream *s, size_t skip)
{
    const uint8_t *data, *found;
    size_t size;

    s->is_lost = true;
    input_buffer_skip(&s->in, skip);
    data = input_buffer_data(&s->in);
    size = input_buffer_size(&s->in);
    found = memmem(data, size, block_sync, BLOCK_SYNC_SIZE);
    if (found)
        input_buffer_skip(&s->in, (size_t)(found - data));
    else if (size >= BLOCK_SYNC_SIZE)
        input_buffer_skip(&s->in, size - (BLOCK_SYNC_SIZE - 1));
}

/* Another capture, whatever its version. */
static bool is_preamble(const uint8_t *data, size_t size)
{
    int error = preamble_check(data, size);

    return error == 0 || error == -TLZ_E_NEWER || error == -TLZ_E_DRAFT;
}

/* Whether what stands so far ahead in the buffer, which is all that is left of a shorter input, is
 * what stands behind a block: so that bytes of its body are wrong, and none are missing. */
static bool is_behind_block(const struct block_stream *s, size_t ahead)
{
    const uint8_t *data = input_buffer_data(&s->in) + ahead;
    size_t size = input_buffer_size(&s->in) - ahead;
    struct block_header header;

    return size == 0 || (size >= BLOCK_HEADER_SIZE && read_header(s, data, &header) == 0) ||
           is_preamble(data, size);
}

/* The header at the buffer's start is good, and its body is not, or is not all there. 0 or an error
 * of the input. */
static int pass_bad_body(struct block_stream *s, size_t block_size)
{
    int error = input_buffer_fill(&s->in, block_size + BLOCK_HEADER_SIZE);
    bool complete = input_buffer_size(&s->in) >= block_size;

    if (error < 0)
        return error;
    begin_damage(s, complete ? -TLZ_E_CHECKSUM : -TLZ_E_CUT);
    if (complete && is_behind_block(s, block_size)) {
        s->is_lost = false;
        input_buffer_skip(&s->in, block_size);
        return 0;
    }
    s->wasted += complete ? block_size : 0;
    search_on(s,
              complete && s->wasted > SEARCH_FREE + SEARCH_FACTOR * s->in.offset ? block_size : 1);
    return 0;
}

/* Looks at the buffer's start: 1 and *ret when a good block stands there, 0 after a step on, or an
 * error as block_stream_next() says. */
static int check_block(struct block_stream *s, struct block_header *ret)
{
    int error = read_header(s, input_buffer_data(&s->in), ret);
    size_t size;

    if (error < 0) {
        if (!s->is_lost && is_preamble(input_buffer_data(&s->in), input_buffer_size(&s->in)))
            return -TLZ_E_ANOTHER;
        begin_damage(s, error);
        search_on(s, 1);
        return 0;
    }
    size = BLOCK_HEADER_SIZE + (size_t)ret->stored;
    error = input_buffer_fill(&s->in, size);
    if (error < 0)
        return error;
    if (input_buffer_size(&s->in) >= size &&
        block_hash(block_stream_body(s), ret->stored) == ret->body_hash) {
        s->is_lost = false;
        return 1;
    }
    return pass_bad_body(s, size);
}

int block_stream_next(struct block_stream *s, struct block_header *ret)
{
    for (;;) {
        int error = input_buffer_fill(&s->in, BLOCK_HEADER_SIZE);
        size_t size = input_buffer_size(&s->in);

        if (error < 0)
            return error;
        if (size < BLOCK_HEADER_SIZE) {
            if (size)
                begin_damage(s, -TLZ_E_CUT);
            input_buffer_skip(&s->in, size);
            return 0;
        }
        error = check_block(s, ret);
        if (error)
            return error;
    }
}

bool block_stream_take_damage(struct block_stream *s, struct tlz_damage *ret, uint64_t *ret_offset)
{
    if (!s->in_damage)
        return false;
    s->in_damage = false;
    s->damage.size = s->in.offset - s->damage_offset;
    *ret = s->damage;
    *ret_offset = s->damage_offset;
    return true;
}

void block_stream_skip(struct block_stream *s, const struct block_header *block)
{
    input_buffer_skip_later(&s->in, BLOCK_HEADER_SIZE + (size_t)block->stored);
}

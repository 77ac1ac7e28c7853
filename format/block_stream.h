/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds good blocks in the bytes of a file, whatever stands between them: docs/FORMAT.md,
 * section 4. */
#ifndef TLZ_BLOCK_STREAM_H
#define TLZ_BLOCK_STREAM_H

#include "format/block_header.h"
#include "format/input_buffer.h"
#include "format/reader.h"

struct block_stream {
    struct input_buffer in;
    bool has_header; /* a good one stands behind the preamble */
    uint32_t salt;   /* its own, and so the file's; 0 = there is none */
    bool is_lost;    /* a block is searched for: none need begin here */
    uint64_t wasted; /* bytes hashed in vain */
    bool in_damage;  /* `damage` has begun, and its end was not found yet */
    struct tlz_damage damage;
    uint64_t damage_offset;
};

/* Reads the preamble. 0, or an error as tlz_reader_open() says. block_stream_close() follows in
 * both cases. */
int block_stream_open(struct block_stream *s, const struct tlz_input *input);
void block_stream_close(struct block_stream *s);

/*
 * Finds the next block whose sums are right, and that is of this file: 1 and its header, its body
 * at block_stream_body(); 0 at the end of the input; -TLZ_E_ANOTHER where another capture was
 * joined, and at block_stream_offset() its preamble stands; or -ENOMEM or an error of the input.
 * Bytes skipped on the way are told by block_stream_take_damage().
 */
int block_stream_next(struct block_stream *s, struct block_header *ret);

/* The body of the block that was found; valid until the next block_stream_next(). */
static inline const uint8_t *block_stream_body(const struct block_stream *s)
{
    return input_buffer_data(&s->in) + BLOCK_HEADER_SIZE;
}

/* Where the block that was found begins. */
static inline uint64_t block_stream_offset(const struct block_stream *s)
{
    return s->in.offset;
}

/* Where the next block is looked for. */
static inline uint64_t block_stream_next_offset(const struct block_stream *s)
{
    return s->in.offset + s->in.later;
}

/* Steps over blocks, to that offset, unread. */
static inline void block_stream_jump(struct block_stream *s, uint64_t offset)
{
    input_buffer_jump(&s->in, offset);
}

/* What was skipped before the block that was found, or before the end: true once, with its offset.
 */
bool block_stream_take_damage(struct block_stream *s, struct tlz_damage *ret, uint64_t *ret_offset);

/* Steps over the block that was found, before the next block_stream_next(). */
void block_stream_skip(struct block_stream *s, const struct block_header *block);

#endif

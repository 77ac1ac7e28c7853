/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of the input that is looked at: grows with what really arrives, never with what a length
 * claims. */
#ifndef TLZ_INPUT_BUFFER_H
#define TLZ_INPUT_BUFFER_H

#include <stdbool.h>

#include "format/reader.h"

struct input_buffer {
    struct tlz_input input;
    uint8_t *data;
    size_t capacity;
    size_t begin;
    size_t end;
    size_t later;    /* bytes to skip before the next fill */
    size_t most;     /* bytes that the next read asks for */
    uint64_t offset; /* of data[begin] in the input */
    bool at_end;
    bool is_stale; /* the data are read again by the next fill: who writes a block may have cut it
                      off, and begun another there */
};

void input_buffer_open(struct input_buffer *b, const struct tlz_input *input);
void input_buffer_close(struct input_buffer *b);

/* Reads until `size` bytes are there, or the input ends. 0, -ENOMEM, or the input's error. Moves
 * the data. */
int input_buffer_fill(struct input_buffer *b, size_t size);

static inline const uint8_t *input_buffer_data(const struct input_buffer *b)
{
    return b->data + b->begin;
}

static inline size_t input_buffer_size(const struct input_buffer *b)
{
    return b->end - b->begin;
}

static inline void input_buffer_skip(struct input_buffer *b, size_t size)
{
    b->begin += size;
    b->offset += size;
}

/* Goes on at that offset, which is not before the present one. Only for inputs with read_at. */
void input_buffer_jump(struct input_buffer *b, uint64_t offset);

/* Skips when the next fill begins, so that pointers into the data stay valid until then. */
static inline void input_buffer_skip_later(struct input_buffer *b, size_t size)
{
    b->later = size;
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/input_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY (256 * 1024)

void input_buffer_open(struct input_buffer *b, const struct tlz_input *input)
{
    *b = (struct input_buffer){.input = *input};
}

void input_buffer_close(struct input_buffer *b)
{
    free(b->data);
    *b = (struct input_buffer){0};
}

/* Makes room behind the data: by moving it to the front, else by doubling. */
static int make_room(struct input_buffer *b)
{
    uint8_t *data;
    size_t capacity;

    if (b->begin) {
        memmove(b->data, b->data + b->begin, b->end - b->begin);
        b->end -= b->begin;
        b->begin = 0;
    }
    if (b->end < b->capacity)
        return 0;
    capacity = b->capacity ? 2 * b->capacity : FIRST_CAPACITY;
    data = realloc(b->data, capacity);
    if (!data)
        return -ENOMEM;
    b->data = data;
    b->capacity = capacity;
    return 0;
}

int input_buffer_fill(struct input_buffer *b, size_t size)
{
    input_buffer_skip(b, b->later);
    b->later = 0;
    while (input_buffer_size(b) < size && !b->at_end) {
        ssize_t n;
        int r = b->end == b->capacity ? make_room(b) : 0;

        if (r < 0)
            return r;
        n = b->input.read(b->input.context, b->data + b->end, b->capacity - b->end);
        if (n == -EINTR)
            continue;
        if (n < 0)
            return (int)n;
        b->at_end = n == 0;
        b->end += (size_t)n;
    }
    return 0;
}

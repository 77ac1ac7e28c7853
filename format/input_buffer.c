/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/input_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY (256 * 1024)
#define FIRST_READ     4096 /* behind a jump, where little may be wanted; twice as much each time */

void input_buffer_open(struct input_buffer *b, const struct tlz_input *input)
{
    *b = (struct input_buffer){.input = *input, .most = SIZE_MAX};
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

void input_buffer_jump(struct input_buffer *b, uint64_t offset)
{
    uint64_t step = offset - b->offset;

    b->later = 0;
    if (step < input_buffer_size(b)) {
        input_buffer_skip(b, (size_t)step);
        return;
    }
    b->begin = b->end = 0;
    b->offset = offset;
    b->most = FIRST_READ;
}

static ssize_t read_more(struct input_buffer *b)
{
    uint8_t *to = b->data + b->end;
    size_t room = b->capacity - b->end, size = room < b->most ? room : b->most;

    b->most = b->most < FIRST_CAPACITY ? 2 * b->most : SIZE_MAX;
    return b->input.read_at
               ? b->input.read_at(b->input.context, b->offset + input_buffer_size(b), to, size)
               : b->input.read(b->input.context, to, size);
}

int input_buffer_fill(struct input_buffer *b, size_t size)
{
    input_buffer_skip(b, b->later);
    b->later = 0;
    if (b->is_stale)
        b->end = b->begin;
    b->is_stale = false;
    while (input_buffer_size(b) < size && !b->at_end) {
        ssize_t n;
        int r = b->end == b->capacity ? make_room(b) : 0;

        if (r < 0)
            return r;
        n = read_more(b);
        if (n == -EINTR)
            continue;
        b->is_stale = n == -EAGAIN && b->input.read_at;
        if (n < 0)
            return (int)n;
        b->at_end = n == 0;
        b->end += (size_t)n;
    }
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void output_init(struct output *o, int fd)
{
    *o = (struct output){.fd = fd};
}

int output_init_part(struct output *o, size_t rows_max)
{
    output_init(o, -1);
    o->ends = calloc(rows_max, sizeof *o->ends);
    return o->ends ? 0 : -ENOMEM;
}

void output_clear(struct output *part)
{
    part->used = part->rows = 0;
}

void output_release(struct output *o)
{
    free(o->buffer);
    free(o->ends);
    *o = (struct output){.fd = -1, .error = o->error};
}

char *output_reserve(struct output *o, size_t size)
{
    size_t wanted = o->used + size;
    char *buffer;

    if (o->buffer && wanted <= o->capacity)
        return o->buffer + o->used;
    if (wanted < 2 * (size_t)OUTPUT_BLOCK)
        wanted = 2 * (size_t)OUTPUT_BLOCK;
    if (wanted < o->capacity + o->capacity / 4)
        wanted = o->capacity + o->capacity / 4;
    buffer = realloc(o->buffer, wanted);
    if (!buffer) {
        o->error = o->error ? o->error : -ENOMEM;
        return NULL;
    }
    o->buffer = buffer;
    o->capacity = wanted;
    return o->buffer + o->used;
}

void output_advance(struct output *o, const char *end)
{
    o->used = (size_t)(end - o->buffer);
}

void output_bytes(struct output *o, const void *bytes, size_t size)
{
    char *p = output_reserve(o, size);

    if (p && size) {
        memcpy(p, bytes, size);
        o->used += size;
    }
}

void output_string(struct output *o, const char *text)
{
    output_bytes(o, text, strlen(text));
}

int output_row_done(struct output *o)
{
    if (!o->ends)
        return o->used >= OUTPUT_BLOCK ? output_flush(o) : o->error;
    o->ends[o->rows++] = o->used;
    return o->error;
}

static void write_all(struct output *o, const char *bytes, size_t size)
{
    size_t done = 0;

    while (!o->error && done < size) {
        ssize_t n = write(o->fd, bytes + done, size - done);

        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            o->error = -errno;
    }
}

int output_flush(struct output *o)
{
    write_all(o, o->buffer, o->used);
    o->used = 0;
    return o->error;
}

int output_take(struct output *o, const struct output *part, size_t first, size_t count,
                size_t skip)
{
    size_t from = (first > 0 ? part->ends[first - 1] : 0) + skip;
    size_t size = part->ends[first + count - 1] - from;

    if (size < OUTPUT_BLOCK) {
        output_bytes(o, part->buffer + from, size);
        return output_row_done(o);
    }
    output_flush(o);
    write_all(o, part->buffer + from, size);
    return o->error;
}

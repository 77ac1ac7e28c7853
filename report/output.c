/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void output_init(struct output *o, int fd)
{
    *o = (struct output){.fd = fd};
}

void output_release(struct output *o)
{
    free(o->buffer);
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
    return o->used >= OUTPUT_BLOCK ? output_flush(o) : o->error;
}

int output_flush(struct output *o)
{
    size_t done = 0;

    while (!o->error && done < o->used) {
        ssize_t n = write(o->fd, o->buffer + done, o->used - done);

        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            o->error = -errno;
    }
    o->used = 0;
    return o->error;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/line_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define READ_BYTES ((size_t)64 * 1024)

void line_reader_init(struct line_reader *reader, struct input *input)
{
    *reader = (struct line_reader){.input = input};
}

void line_reader_close(struct line_reader *reader)
{
    free(reader->buffer);
    *reader = (struct line_reader){0};
}

static const char *find_feed(const struct line_reader *reader)
{
    if (reader->used == reader->at)
        return NULL;
    return memchr(reader->buffer + reader->at, '\n', reader->used - reader->at);
}

bool line_reader_is_ready(const struct line_reader *reader)
{
    return reader->at_end || find_feed(reader);
}

/* Reads on behind what is left of the buffer. */
static int read_more(struct line_reader *reader)
{
    size_t left = reader->used - reader->at;
    char *grown;
    ssize_t n;

    if (left > LINE_MAX_BYTES)
        return -EMSGSIZE;
    if (left > 0)
        memmove(reader->buffer, reader->buffer + reader->at, left);
    reader->used = left;
    reader->at = 0;
    grown = realloc(reader->buffer, left + READ_BYTES);
    if (!grown)
        return -ENOMEM;
    reader->buffer = grown;
    n = input_read(reader->input, grown + left, READ_BYTES);
    if (n < 0)
        return (int)n;
    reader->used += (size_t)n;
    reader->at_end = n == 0;
    return 0;
}

int line_reader_next(struct line_reader *reader, const char **ret, size_t *ret_size)
{
    const char *feed;

    while (!(feed = find_feed(reader)) && !reader->at_end) {
        int r = read_more(reader);

        if (r < 0) {
            reader->number++;
            return r;
        }
    }
    if (reader->used == reader->at)
        return 0;
    *ret = reader->buffer + reader->at;
    *ret_size = feed ? (size_t)(feed - *ret) : reader->used - reader->at;
    if (*ret_size > LINE_MAX_BYTES) {
        reader->number++;
        return -EMSGSIZE;
    }
    reader->at += *ret_size + (feed ? 1 : 0);
    reader->number++;
    return 1;
}

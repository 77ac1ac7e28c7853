/* SPDX-License-Identifier: BSD-2-Clause */
/* Standard output, gathered into large writes. */
#ifndef REPORT_TEXT_OUTPUT_H
#define REPORT_TEXT_OUTPUT_H

#include <stddef.h>

/* Bytes after which a row's end writes the buffer. */
#define OUTPUT_BLOCK (64 * 1024)

/* `error` is 0 or the negative errno of the first failure, after which nothing is written. */
struct output {
    int fd;
    int error;
    char *buffer;
    size_t used;
    size_t capacity;
    size_t *ends; /* of a part: where each of its rows ends */
    size_t rows;
};

/* The descriptor stays the caller's. */
void output_init(struct output *o, int fd);

/* One that gathers rows for another, up to that many, and is never written itself. 0 or -ENOMEM. */
int output_init_part(struct output *o, size_t rows_max);

/* Forgets the rows of a part. */
void output_clear(struct output *part);

/* Writes rows of a part, behind the first so many, less so many bytes at their begin. 0 or the
 * latched error. */
int output_take(struct output *o, const struct output *part, size_t first, size_t count,
                size_t skip);

/* Frees the buffer without writing it. */
void output_release(struct output *o);

/*
 * Room for `size` more bytes: the place to write at, to be given back to output_advance() with the
 * place behind the last byte. NULL when memory is out (the error is latched).
 */
char *output_reserve(struct output *o, size_t size);
void output_advance(struct output *o, const char *end);

/* Copies bytes, or a string. */
void output_bytes(struct output *o, const void *bytes, size_t size);
void output_string(struct output *o, const char *text);

/* Writes the buffer when it holds OUTPUT_BLOCK bytes; of a part, notes that a row ends. 0 or the
 * latched error. */
int output_row_done(struct output *o);

/* Writes what is gathered. 0 or the latched error. */
int output_flush(struct output *o);

#endif

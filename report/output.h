/* SPDX-License-Identifier: BSD-2-Clause */
/* Standard output, gathered into large writes. */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

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
};

/* The descriptor stays the caller's. */
void output_init(struct output *o, int fd);

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

/* Writes the buffer when it holds OUTPUT_BLOCK bytes. 0 or the latched error. */
int output_row_done(struct output *o);

/* Writes what is gathered. 0 or the latched error. */
int output_flush(struct output *o);

#endif

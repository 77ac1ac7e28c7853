/* SPDX-License-Identifier: BSD-2-Clause */
/* A file in memory, and the processor's clock. */
#ifndef BENCH_BUFFER_H
#define BENCH_BUFFER_H

#include "format/reader.h"
#include "format/writer.h"

struct bench_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    size_t offset; /* of the next byte to read */
};

/* Room for so many bytes behind the end. Ends the program when there is no memory. */
uint8_t *buffer_reserve(struct bench_buffer *b, size_t size);
void buffer_free(struct bench_buffer *b);

struct tlz_output buffer_output(struct bench_buffer *b);
struct tlz_input buffer_input(struct bench_buffer *b); /* from its start */

/* CPU time of this process. */
uint64_t cpu_ns(void);

/* Ends the program with the library's error when r is one. */
void must(int r, const char *what);

/* The middle one, or the mean of the two in the middle. Sorts the values. */
double median(double *values, size_t count);

#endif

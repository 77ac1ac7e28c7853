/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench_buffer.h"

#include <err.h>
#include <stdlib.h>
#include <time.h>

#include "format/error.h"

uint8_t *buffer_reserve(struct bench_buffer *b, size_t size)
{
    if (b->capacity - b->size < size) {
        b->capacity = 2 * b->capacity + size;
        b->data = realloc(b->data, b->capacity);
        if (!b->data)
            err(1, "no memory");
    }
    return b->data + b->size;
}

void buffer_free(struct bench_buffer *b)
{
    free(b->data);
    *b = (struct bench_buffer){0};
}

static int write_buffer(void *context, const void *data, size_t size)
{
    struct bench_buffer *b = context;

    memcpy(buffer_reserve(b, size), data, size);
    b->size += size;
    return 0;
}

static ssize_t read_buffer(void *context, void *data, size_t size)
{
    struct bench_buffer *b = context;
    size_t n = b->size - b->offset < size ? b->size - b->offset : size;

    memcpy(data, b->data + b->offset, n);
    b->offset += n;
    return (ssize_t)n;
}

struct tlz_output buffer_output(struct bench_buffer *b)
{
    return (struct tlz_output){write_buffer, b};
}

struct tlz_input buffer_input(struct bench_buffer *b)
{
    b->offset = 0;
    return (struct tlz_input){read_buffer, b};
}

uint64_t cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void must(int r, const char *what)
{
    if (r < 0)
        errx(1, "%s: %s", what, tlz_strerror(r));
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

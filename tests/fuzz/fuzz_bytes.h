/* SPDX-License-Identifier: BSD-2-Clause */
/* The input of a harness as a source of numbers: what is asked for behind its end is 0. */
#ifndef TESTS_FUZZ_BYTES_H
#define TESTS_FUZZ_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct fuzz_bytes {
    const uint8_t *p;
    const uint8_t *end;
};

static inline size_t fuzz_left(const struct fuzz_bytes *b)
{
    return (size_t)(b->end - b->p);
}

/* Fills ret with the next `size` bytes, and zeros where there are no more. */
static inline void fuzz_take(struct fuzz_bytes *b, void *ret, size_t size)
{
    size_t n = fuzz_left(b) < size ? fuzz_left(b) : size;

    memset(ret, 0, size);
    memcpy(ret, b->p, n);
    b->p += n;
}

static inline uint8_t fuzz_take8(struct fuzz_bytes *b)
{
    uint8_t v;

    fuzz_take(b, &v, sizeof v);
    return v;
}

static inline uint64_t fuzz_take64(struct fuzz_bytes *b)
{
    uint64_t v;

    fuzz_take(b, &v, sizeof v);
    return v;
}

/* An integer of any size in one to nine bytes: small ones are as likely as great ones. */
static inline uint64_t fuzz_take_integer(struct fuzz_bytes *b)
{
    uint8_t first = fuzz_take8(b);
    uint64_t v = 0;

    if (first < 0xe0)
        return first;
    fuzz_take(b, &v, 1 + first % 8u);
    return first & 8 ? ~v : v;
}

#endif

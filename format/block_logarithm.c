/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/block_logarithm.h"

#include "format/error.h"
#include "format/wire.h"

/*
 * Codes 0 to 7 are the integers 0 to 7. From 8 on there are four codes for each exponent e, from 3
 * to 63: the two bits m behind the leading one; the e - 2 bits below those follow.
 */
#define SMALL    8u
#define EXPONENT 3u
#define CODES    (SMALL + (64 - EXPONENT) * 4)

/* How many bits of a value follow its code, which is 4 * n and the bits above them. */
static unsigned bits_behind(uint64_t value)
{
    return 61u - (unsigned)__builtin_clzll(value | (SMALL - 1));
}

static unsigned bits_of(unsigned code)
{
    return code < SMALL ? 0 : (code - SMALL) / 4 + EXPONENT - 2;
}

static uint64_t low_bits(uint64_t value, unsigned bits)
{
    return value & ((UINT64_C(1) << bits) - 1);
}

/* Bits being written: those of the byte at p that are set already. */
struct bit_writer {
    uint8_t *p;
    uint64_t pending;
    unsigned count; /* of them, 0 to 7 */
};

/* Puts up to 32 bits; of the eight bytes at p, what is behind becomes 0. */
static inline void put_bits(struct bit_writer *w, uint64_t value, unsigned n)
{
    w->pending |= value << w->count;
    wire_store64(w->p, w->pending);
    w->count += n;
    w->p += w->count / 8;
    w->pending >>= w->count & ~7u;
    w->count %= 8;
}

size_t logarithm_pack(const uint64_t *values, uint32_t count, uint8_t *codes, uint8_t *bits)
{
    struct bit_writer w = {.p = bits};

    for (uint32_t i = 0; i < count; i++) {
        uint64_t value = values[i];
        unsigned n = bits_behind(value);

        codes[i] = (uint8_t)(4 * n + (value >> n));
        if (n > 32) {
            put_bits(&w, low_bits(value, 32), 32);
            value >>= 32;
            n -= 32;
        }
        put_bits(&w, low_bits(value, n), n);
    }
    return (size_t)(w.p - bits) + (w.count > 0);
}

/* Eight bytes at p, as many of them as there are; 0 behind the end. */
static uint64_t load_near_end(const uint8_t *p, const uint8_t *end)
{
    uint8_t bytes[8] = {0};

    if (p < end)
        memcpy(bytes, p, end - p < 8 ? (size_t)(end - p) : 8);
    return wire_load64(bytes);
}

/* Up to 57 bits. */
static uint64_t take_bits(const uint8_t *bits, const uint8_t *end, size_t at, unsigned n)
{
    const uint8_t *p = bits + at / 8;
    uint64_t v = end - p >= 8 ? wire_load64(p) : load_near_end(p, end);

    return low_bits(v >> (at % 8), n);
}

/* What a code stands for. */
struct magnitude {
    uint64_t first; /* its least value */
    uint8_t bits;   /* that follow */
};

/* How many bits follow the codes, or UINT64_MAX when one of them is none. */
static uint64_t count_bits(const struct magnitude *magnitudes, const uint8_t *codes, uint32_t count)
{
    uint64_t sum = 0;
    uint8_t greatest = 0;

    for (uint32_t i = 0; i < count; i++) {
        sum += magnitudes[codes[i]].bits;
        greatest = codes[i] > greatest ? codes[i] : greatest;
    }
    return greatest < CODES ? sum : UINT64_MAX;
}

int logarithm_unpack(const uint8_t *codes, const uint8_t *bits, size_t bits_size, uint32_t count,
                     uint64_t *ret_values)
{
    const uint8_t *end = bits + bits_size;
    struct magnitude magnitudes[256] = {0};
    uint64_t sum;
    size_t at = 0;

    for (unsigned code = 0; code < CODES; code++) {
        uint64_t leading = code < SMALL ? code : 4 + (code - SMALL) % 4;

        magnitudes[code] = (struct magnitude){leading << bits_of(code), (uint8_t)bits_of(code)};
    }
    sum = count_bits(magnitudes, codes, count);
    if (sum == UINT64_MAX || (sum + 7) / 8 != bits_size)
        return -TLZ_E_SYNTAX;
    for (uint32_t i = 0; i < count; i++) {
        const struct magnitude *m = &magnitudes[codes[i]];

        ret_values[i] =
            m->first + (m->bits <= 57 ? take_bits(bits, end, at, m->bits)
                                      : take_bits(bits, end, at, 32) |
                                            take_bits(bits, end, at + 32, m->bits - 32u) << 32);
        at += m->bits;
    }
    return 0;
}

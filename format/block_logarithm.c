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

#define WORD_BITS 57 /* of a loaded word, wherever in its first byte they begin */

/* Bits being read; there are none behind the end, which read as 0. */
struct bit_reader {
    const uint8_t *bytes;
    size_t size;
    size_t at; /* bits taken */
};

/* The eight bytes from there on, as many of them as there are. */
static uint64_t load_near_end(const struct bit_reader *r, size_t from)
{
    uint8_t bytes[8] = {0};

    if (from < r->size)
        memcpy(bytes, r->bytes + from, r->size - from < 8 ? r->size - from : 8);
    return wire_load64(bytes);
}

/* Takes up to WORD_BITS. */
static inline uint64_t take_bits(struct bit_reader *r, unsigned n)
{
    size_t from = r->at / 8;
    uint64_t v = from + 8 <= r->size ? wire_load64(r->bytes + from) : load_near_end(r, from);

    v = low_bits(v >> (r->at % 8), n);
    r->at += n;
    return v;
}

/* What a code stands for. */
struct magnitude {
    uint64_t first; /* its least value */
    uint64_t low;   /* all ones in the bits that follow */
    uint8_t bits;   /* how many those are */
};

static void fill_magnitudes(struct magnitude ret[256])
{
    for (unsigned code = 0; code < CODES; code++) {
        uint64_t leading = code < SMALL ? code : 4 + (code - SMALL) % 4;

        ret[code] = (struct magnitude){leading << bits_of(code),
                                       low_bits(UINT64_MAX, bits_of(code)), (uint8_t)bits_of(code)};
    }
}

static uint8_t greatest_code(const uint8_t *codes, uint32_t count)
{
    uint8_t greatest = 0;

    for (uint32_t i = 0; i < count; i++)
        greatest = codes[i] > greatest ? codes[i] : greatest;
    return greatest;
}

/* Values of up to WORD_BITS bits behind their code, as long as there are eight bytes to load: how
 * many. */
static uint32_t unpack_words(const struct magnitude *magnitudes, const uint8_t *codes,
                             uint32_t count, struct bit_reader *r, uint64_t *ret_values)
{
    const size_t end = r->size < 8 ? 0 : 8 * (r->size - 8) + 1;
    size_t at = r->at;
    uint32_t i = 0;

    for (; i < count && at < end; i++) {
        const struct magnitude *m = &magnitudes[codes[i]];

        ret_values[i] = m->first + (wire_load64(r->bytes + at / 8) >> (at % 8) & m->low);
        at += m->bits;
    }
    r->at = at;
    return i;
}

int logarithm_unpack(const uint8_t *codes, const uint8_t *bits, size_t bits_size, uint32_t count,
                     uint64_t *ret_values)
{
    struct bit_reader r = {.bytes = bits, .size = bits_size};
    struct magnitude magnitudes[256] = {0};
    const uint8_t greatest = greatest_code(codes, count);
    uint32_t done = 0;

    if (greatest >= CODES)
        return -TLZ_E_SYNTAX;
    fill_magnitudes(magnitudes);
    if (magnitudes[greatest].bits <= WORD_BITS)
        done = unpack_words(magnitudes, codes, count, &r, ret_values);
    for (uint32_t i = done; i < count; i++) {
        const struct magnitude *m = &magnitudes[codes[i]];
        uint64_t low = m->bits > WORD_BITS ? take_bits(&r, 32) : 0;

        ret_values[i] = m->first + (m->bits > WORD_BITS ? low | take_bits(&r, m->bits - 32u) << 32
                                                        : take_bits(&r, m->bits));
    }
    return (r.at + 7) / 8 == bits_size ? 0 : -TLZ_E_SYNTAX;
}

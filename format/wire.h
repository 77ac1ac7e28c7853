/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of the file: little-endian whatever the machine, bounds checked when read. */
#ifndef TLZ_WIRE_H
#define TLZ_WIRE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* From the machine's order of bytes to the file's, or back. */
static inline uint16_t wire_little16(uint16_t v)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? v : __builtin_bswap16(v);
}

static inline uint32_t wire_little32(uint32_t v)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? v : __builtin_bswap32(v);
}

static inline uint64_t wire_little64(uint64_t v)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? v : __builtin_bswap64(v);
}

static inline uint16_t wire_load16(const uint8_t *p)
{
    uint16_t v;

    memcpy(&v, p, sizeof v);
    return wire_little16(v);
}

static inline uint32_t wire_load32(const uint8_t *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return wire_little32(v);
}

static inline uint64_t wire_load64(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return wire_little64(v);
}

static inline void wire_store16(uint8_t *p, uint16_t v)
{
    v = wire_little16(v);
    memcpy(p, &v, sizeof v);
}

static inline void wire_store32(uint8_t *p, uint32_t v)
{
    v = wire_little32(v);
    memcpy(p, &v, sizeof v);
}

static inline void wire_store64(uint8_t *p, uint64_t v)
{
    v = wire_little64(v);
    memcpy(p, &v, sizeof v);
}

/* A place in bytes that are being read. Reading past the end gives 0 and sets `bad`, for ever. */
struct wire_cursor {
    const uint8_t *p;
    const uint8_t *end;
    bool bad;
};

/* The next n bytes, or NULL. */
static inline const uint8_t *wire_take(struct wire_cursor *c, size_t n)
{
    const uint8_t *p = c->p;

    if (c->bad || (size_t)(c->end - p) < n) {
        c->bad = true;
        return NULL;
    }
    c->p += n;
    return p;
}

static inline uint8_t wire_take8(struct wire_cursor *c)
{
    const uint8_t *p = wire_take(c, 1);

    return p ? *p : 0;
}

static inline uint16_t wire_take16(struct wire_cursor *c)
{
    const uint8_t *p = wire_take(c, 2);

    return p ? wire_load16(p) : 0;
}

static inline uint32_t wire_take32(struct wire_cursor *c)
{
    const uint8_t *p = wire_take(c, 4);

    return p ? wire_load32(p) : 0;
}

static inline uint64_t wire_take64(struct wire_cursor *c)
{
    const uint8_t *p = wire_take(c, 8);

    return p ? wire_load64(p) : 0;
}

/* A variable-length integer: 7 bits a byte, least significant first, the last byte below 128
 * (LEB128). */
static inline uint64_t wire_take_varint(struct wire_cursor *c)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = wire_take8(c);

        if (shift == 63 && byte > 1)
            break;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return v;
    }
    c->bad = true;
    return 0;
}

/* Bytes that are being written. When memory is out, `failed` is set, for ever, and nothing is
 * added. */
struct wire_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed;
};

/* Room for n more bytes, not yet counted in `size`; NULL when memory is out. */
static inline uint8_t *wire_reserve(struct wire_buffer *b, size_t n)
{
    if (b->failed)
        return NULL;
    if (n > b->capacity - b->size || !b->data) {
        size_t need = b->size + (n ? n : 1);
        size_t capacity = b->capacity * 2 > need ? b->capacity * 2 : need;
        uint8_t *data = realloc(b->data, capacity);

        if (!data) {
            b->failed = true;
            return NULL;
        }
        b->data = data;
        b->capacity = capacity;
    }
    return b->data + b->size;
}

static inline void wire_put(struct wire_buffer *b, const void *data, size_t n)
{
    uint8_t *p = wire_reserve(b, n);

    if (p && n) {
        memcpy(p, data, n);
        b->size += n;
    }
}

static inline void wire_put8(struct wire_buffer *b, uint8_t v)
{
    wire_put(b, &v, 1);
}

static inline void wire_put16(struct wire_buffer *b, uint16_t v)
{
    v = wire_little16(v);
    wire_put(b, &v, sizeof v);
}

static inline void wire_put32(struct wire_buffer *b, uint32_t v)
{
    v = wire_little32(v);
    wire_put(b, &v, sizeof v);
}

static inline void wire_put64(struct wire_buffer *b, uint64_t v)
{
    v = wire_little64(v);
    wire_put(b, &v, sizeof v);
}

static inline void wire_put_varint(struct wire_buffer *b, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        wire_put8(b, (uint8_t)(v | 0x80));
    wire_put8(b, (uint8_t)v);
}

static inline void wire_free(struct wire_buffer *b)
{
    free(b->data);
    *b = (struct wire_buffer){0};
}

#endif

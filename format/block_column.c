/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/block_column.h"

#include "format/error.h"
#include "format/vector.h"

#define POSITIONS  16  /* bytes of a value of bytes */
#define HEADER_MAX 128 /* bytes of a column's header, as this version writes it */

size_t column_raw_size(const struct column *column, uint32_t count)
{
    switch (column->kind) {
    case COLUMN_BITMAP:
        return (count + 7) / 8;
    case COLUMN_BYTES:
        return (size_t)__builtin_popcount(column->mask) * count;
    default:
        if (column->flags & COLUMN_LOGARITHM)
            return count;
        return (size_t)(column->width + (column->flags & COLUMN_LANES ? 1 : 0)) * count;
    }
}

/* Whole bytes that hold v. */
static uint8_t byte_width(uint64_t v)
{
    return v ? (uint8_t)((64 - __builtin_clzll(v) + 7) / 8) : 0;
}

VECTOR_LOOPS void column_range(const uint64_t *values, uint32_t count, uint64_t flip,
                               int64_t *ret_min, int64_t *ret_max)
{
    int64_t min = INT64_MAX, max = INT64_MIN;

    for (uint32_t i = 0; i < count; i++) {
        int64_t v = (int64_t)(values[i] ^ flip);

        min = v < min ? v : min;
        max = v > max ? v : max;
    }
    *ret_min = min;
    *ret_max = max;
}

/* The distance to 0. */
static uint64_t magnitude(int64_t v)
{
    return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

void column_fit_integers(struct column *column, const uint64_t *values, uint32_t count,
                         bool is_signed)
{
    /* Flipping the top bit orders unsigned numbers as two's complement ones. */
    const uint64_t flip = is_signed ? 0 : UINT64_C(1) << 63;
    int64_t min, max;

    column_range(values, count, flip, &min, &max);
    column->width = byte_width((uint64_t)max - (uint64_t)min);
    /* From the end that is nearer to 0, so that small values stay small. */
    if (is_signed && min < 0 && magnitude(min) > magnitude(max))
        column->flags |= COLUMN_DOWN;
    column->base = (uint64_t)(column->flags & COLUMN_DOWN ? max : min) ^ flip;
}

/* All ones to count down: (v ^ down) - down is v or -v. */
static uint64_t down_mask(const struct column *column)
{
    return column->flags & COLUMN_DOWN ? UINT64_MAX : 0;
}

VECTOR_LOOPS void column_subtract_base(const struct column *column, const uint64_t *values,
                                       uint32_t count, uint64_t *ret_values)
{
    const uint64_t base = column->base, down = down_mask(column);

    for (uint32_t i = 0; i < count; i++)
        ret_values[i] = ((values[i] - base) ^ down) - down;
}

VECTOR_LOOPS void column_pack_planes(const struct column *column, const uint64_t *values,
                                     uint32_t count, uint8_t *planes)
{
    const uint64_t base = column->base, down = down_mask(column);

    for (uint8_t plane = 0; plane < column->width; plane++) {
        for (uint32_t i = 0; i < count; i++)
            planes[i] = (uint8_t)((((values[i] - base) ^ down) - down) >> (8 * plane));
        planes += count;
    }
}

VECTOR_LOOPS void column_unpack_planes(const struct column *column, const uint8_t *planes,
                                       uint32_t count, uint64_t *ret_values)
{
    if (!column->width)
        memset(ret_values, 0, count * sizeof *ret_values);
    for (uint8_t plane = 0; plane < column->width; plane++) {
        for (uint32_t i = 0; i < count; i++)
            ret_values[i] = (plane ? ret_values[i] : 0) | (uint64_t)planes[i] << (8 * plane);
        planes += count;
    }
}

VECTOR_LOOPS void column_add_base(const struct column *column, uint64_t *values, uint32_t count)
{
    const uint64_t base = column->base, down = down_mask(column);

    for (uint32_t i = 0; i < count; i++)
        values[i] = base + ((values[i] ^ down) - down);
}

VECTOR_LOOPS void column_add(const uint64_t *other, bool is_negative, uint32_t count,
                             uint64_t *values)
{
    const uint64_t flip = is_negative ? UINT64_MAX : 0;

    for (uint32_t i = 0; i < count; i++)
        values[i] += (other[i] ^ flip) - flip;
}

void column_pack_bytes(struct column *column, const struct tlz_bytes *values, uint32_t count,
                       uint8_t *packed)
{
    uint8_t position[POSITIONS];
    uint32_t positions = 0;

    column->mask = 0;
    for (uint8_t p = 0; p < POSITIONS; p++) {
        uint8_t differs = 0;

        column->fixed[p] = values[0].b[p];
        for (uint32_t i = 0; i < count; i++)
            differs |= values[i].b[p] ^ values[0].b[p];
        if (!differs)
            continue;
        column->mask |= (uint16_t)(1u << p);
        position[positions++] = p;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < positions; j++)
            *packed++ = values[i].b[position[j]];
    }
}

void column_unpack_bytes(const struct column *column, const uint8_t *packed, uint32_t count,
                         struct tlz_bytes *ret_values)
{
    uint8_t position[POSITIONS];
    uint32_t positions = 0;

    for (uint8_t p = 0; p < POSITIONS; p++) {
        if (column->mask >> p & 1)
            position[positions++] = p;
    }
    for (uint32_t i = 0; i < count; i++) {
        memcpy(ret_values[i].b, column->fixed, POSITIONS);
        for (uint32_t j = 0; j < positions; j++)
            ret_values[i].b[position[j]] = *packed++;
    }
}

static void encode_integers(const struct column *column, struct wire_buffer *header)
{
    wire_put8(header, column->flags);
    if (column->flags & COLUMN_LOGARITHM)
        wire_put_varint(header, column->codes);
    else
        wire_put8(header, column->width);
    wire_put_varint(header, column->base);
    if (column->flags & COLUMN_PREVIOUS)
        wire_put_varint(header, column->start);
    wire_put_varint(header, column->terms);
    for (uint8_t i = 0; i < column->terms; i++)
        wire_put_varint(header, (uint64_t)column->term[i].column << 1 | column->term[i].negative);
}

static void encode_bytes(const struct column *column, struct wire_buffer *header)
{
    wire_put16(header, column->mask);
    for (int p = 0; p < POSITIONS; p++) {
        if (!(column->mask >> p & 1))
            wire_put8(header, column->fixed[p]);
    }
}

void column_encode(const struct column *column, struct wire_buffer *directory)
{
    uint8_t bytes[HEADER_MAX];
    struct wire_buffer header = {.data = bytes, .capacity = sizeof bytes};

    wire_put8(&header, column->kind);
    wire_put8(&header, column->table);
    wire_put_varint(&header, column->number);
    wire_put_varint(&header, (uint64_t)column->stored << 1 | column->compressed);
    if (column->kind != COLUMN_BITMAP)
        wire_put_varint(&header, column->presence);
    if (column->kind == COLUMN_INTEGERS || column->kind == COLUMN_INDEX)
        encode_integers(column, &header);
    else if (column->kind == COLUMN_BYTES)
        encode_bytes(column, &header);
    wire_put_varint(directory, header.size);
    wire_put(directory, header.data, header.size);
}

static int decode_terms(struct wire_cursor *header, struct column *ret)
{
    uint64_t terms = wire_take_varint(header);

    if (terms > TLZ_TERMS_MAX)
        return -TLZ_E_LIMIT;
    ret->terms = (uint8_t)terms;
    for (uint8_t i = 0; i < terms; i++) {
        uint64_t term = wire_take_varint(header);

        if (term >> 1 >= TLZ_COLUMNS_MAX)
            return -TLZ_E_SYNTAX;
        ret->term[i] = (struct column_term){(uint16_t)(term >> 1), term & 1};
    }
    return 0;
}

static int decode_integers(struct wire_cursor *header, struct column *ret)
{
    ret->flags = wire_take8(header);
    if (ret->flags & ~COLUMN_FLAGS) {
        ret->kind = COLUMN_UNKNOWN;
        return 0;
    }
    if (ret->flags & COLUMN_LOGARITHM) {
        uint64_t codes = wire_take_varint(header);

        if (codes > ret->stored)
            return -TLZ_E_SYNTAX;
        ret->codes = (uint32_t)codes;
    } else {
        ret->width = wire_take8(header);
    }
    ret->base = wire_take_varint(header);
    if (ret->flags & COLUMN_PREVIOUS)
        ret->start = wire_take_varint(header);
    if (ret->width > 8 || (ret->flags & COLUMN_FIRST && ret->kind != COLUMN_INDEX) ||
        (ret->flags & COLUMN_LANES &&
         (ret->flags & (COLUMN_PREVIOUS | COLUMN_LOGARITHM)) != COLUMN_PREVIOUS))
        return -TLZ_E_SYNTAX;
    return decode_terms(header, ret);
}

static void decode_bytes(struct wire_cursor *header, struct column *ret)
{
    ret->mask = wire_take16(header);
    for (int p = 0; p < POSITIONS; p++) {
        if (!(ret->mask >> p & 1))
            ret->fixed[p] = wire_take8(header);
    }
}

static int decode_by_kind(struct wire_cursor *header, struct column *ret)
{
    uint64_t presence;

    if (ret->kind == COLUMN_BITMAP)
        return 0;
    presence = wire_take_varint(header);
    if (presence > 2 * TLZ_COLUMNS_MAX)
        return -TLZ_E_SYNTAX;
    ret->presence = (uint16_t)presence;
    if (ret->kind != COLUMN_BYTES)
        return decode_integers(header, ret);
    decode_bytes(header, ret);
    return 0;
}

int column_decode(struct wire_cursor *directory, struct column *ret)
{
    uint64_t size = wire_take_varint(directory), stored;
    const uint8_t *bytes = size > TLZ_BODY_MAX ? NULL : wire_take(directory, size);
    struct wire_cursor header;
    int r = 0;

    *ret = (struct column){0};
    if (directory->bad || !bytes)
        return -TLZ_E_SYNTAX;
    header = (struct wire_cursor){bytes, bytes + size, false};
    ret->kind = wire_take8(&header);
    ret->table = wire_take8(&header);
    ret->number = wire_take_varint(&header);
    stored = wire_take_varint(&header);
    if (stored >> 1 > TLZ_BODY_MAX)
        return -TLZ_E_LIMIT;
    ret->stored = (uint32_t)(stored >> 1);
    ret->compressed = stored & 1;
    if (ret->kind > COLUMN_INDEX)
        ret->kind = COLUMN_UNKNOWN;
    if (ret->kind != COLUMN_UNKNOWN)
        r = decode_by_kind(&header, ret);
    return header.bad ? -TLZ_E_SYNTAX : r;
}

VECTOR_LOOPS void bitmap_keep(const uint64_t *bitmap, uint32_t rows, uint64_t *values)
{
    for (uint32_t row = 0; row < rows; row += 64) {
        uint64_t word = bitmap[row / 64];
        uint32_t count = rows - row < 64 ? rows - row : 64;

        for (uint32_t i = 0; i < count; i++)
            values[row + i] &= -(word >> i & 1);
    }
}

uint32_t bitmap_count(const uint64_t *bitmap, uint32_t rows)
{
    uint32_t count = 0;

    for (uint32_t word = 0; word < BITMAP_WORDS(rows); word++)
        count += (uint32_t)__builtin_popcountll(bitmap[word]);
    return count;
}

void bitmap_spread(const uint64_t *bitmap, uint32_t entries, const uint64_t *index, uint32_t count,
                   uint64_t *ret)
{
    uint8_t has[TLZ_ROWS_MAX];

    for (uint32_t entry = 0; entry < entries; entry++)
        has[entry] = bitmap_has(bitmap, entry);
    for (uint32_t row = 0; row < count; row += 64) {
        const uint32_t left = count - row < 64 ? count - row : 64;
        uint64_t word = 0;

        for (uint32_t i = 0; i < left; i++)
            word |= (uint64_t)has[index[row + i]] << i;
        ret[row / 64] = word;
    }
}

void bitmap_complement(const uint64_t *bitmap, uint32_t rows, uint64_t *ret)
{
    for (uint32_t word = 0; word < BITMAP_WORDS(rows); word++)
        ret[word] = ~bitmap[word];
    if (rows % 64)
        ret[rows / 64] &= (UINT64_C(1) << (rows % 64)) - 1;
}

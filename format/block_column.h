/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A column of a block, as bytes: docs/FORMAT.md, section 6.
 *
 * Integers: r[i] = base + u[i], or base - u[i] with COLUMN_DOWN (with COLUMN_PREVIOUS, + r[i-1],
 * where r[-1] = start; with COLUMN_LANES as well, + the last r of the same lane, at first start),
 * value[i] = r[i] + terms, modulo 2^64. u is stored as `width` planes: first the lowest byte of
 * every u, then the next byte of every u, and so on; or, with COLUMN_LOGARITHM, as
 * block_logarithm.h says. Width 0 is a column of one value, and takes no bytes. A term adds or
 * subtracts an earlier column in the same row.
 *
 * Bytes (16 each): value by value, of those positions in which not all values are equal.
 *
 * Every raw length follows from the count of values and the header, so no length on disk can lie
 * about it.
 */
#ifndef TLZ_BLOCK_COLUMN_H
#define TLZ_BLOCK_COLUMN_H

#include "format/block.h"
#include "format/row.h"
#include "format/wire.h"

enum column_kind {
    COLUMN_UNKNOWN = 0,  /* not on disk: of a newer version, cannot be decoded */
    COLUMN_BITMAP = 1,   /* which rows of a table have a value; a bit a row, lowest bit first */
    COLUMN_INTEGERS = 2, /* of the field `number` */
    COLUMN_BYTES = 3,    /* of the field `number` */
    COLUMN_INDEX = 4,    /* integers: the row of table `number` that belongs to this row */
};

enum column_flag {
    COLUMN_PREVIOUS = 0x01,  /* add the value before */
    COLUMN_LOGARITHM = 0x02, /* codes and bits instead of planes */
    COLUMN_DOWN = 0x04,      /* count down from the base */
    COLUMN_FIRST = 0x08, /* an index: 0 = the next entry that no row had before, else entry u - 1 */
    COLUMN_LANES =
        0x10, /* with COLUMN_PREVIOUS: a plane before the others tells the lane, 0 to 255 */
};
#define COLUMN_FLAGS 0x1f

#define LANES 256 /* that a byte can tell apart */

/* Another column that is added to (or subtracted from) a column of integers. */
struct column_term {
    uint16_t column; /* its place among the columns of the block, counted from 0 */
    bool negative;
};

struct column {
    uint8_t kind;
    uint8_t table;
    uint8_t flags;
    uint8_t width; /* planes of integers */
    uint8_t terms; /* used entries of `term` */
    uint16_t mask; /* bytes: the positions that are stored as planes */
    uint16_t
        presence; /* 0 = all rows; 2n+1 = those that bitmap n of the block has; 2n+2 = has not */
    uint64_t number;
    uint64_t base;
    uint64_t start;    /* with COLUMN_PREVIOUS */
    uint8_t fixed[16]; /* bytes: the value of the positions that are not in the mask */
    struct column_term term[TLZ_TERMS_MAX];
    uint32_t codes;  /* with COLUMN_LOGARITHM: bytes of `stored` that are the codes */
    uint32_t stored; /* bytes in the file */
    bool compressed; /* with COLUMN_LOGARITHM: the codes are */
};

/* Bytes of a column (with COLUMN_LOGARITHM: of its codes) before compression, for that many stored
 * values. At most 16 * count. */
size_t column_raw_size(const struct column *column, uint32_t count);

/*
 * Chooses base, direction and width for count integers r, at least one. With `is_signed` they are
 * taken as two's complement, which suits differences.
 */
void column_fit_integers(struct column *column, const uint64_t *values, uint32_t count,
                         bool is_signed);

/* Makes u of r; the two may be the same place. */
void column_subtract_base(const struct column *column, const uint64_t *values, uint32_t count,
                          uint64_t *ret_values);

/* The least and the greatest of count integers, as two's complement numbers, after their bits
 * `flip` are changed. */
void column_range(const uint64_t *values, uint32_t count, uint64_t flip, int64_t *ret_min,
                  int64_t *ret_max);

/* Writes the planes of r (column_raw_size() bytes), and reads u from them. */
void column_pack_planes(const struct column *column, const uint64_t *values, uint32_t count,
                        uint8_t *planes);
void column_unpack_planes(const struct column *column, const uint8_t *planes, uint32_t count,
                          uint64_t *ret_values);

/* Changes u to r, without the sum of COLUMN_PREVIOUS. */
void column_add_base(const struct column *column, uint64_t *values, uint32_t count);

/* Adds to each value the other one, or subtracts it. */
void column_add(const uint64_t *other, bool is_negative, uint32_t count, uint64_t *values);

/* Chooses the mask and writes column_raw_size() bytes. */
void column_pack_bytes(struct column *column, const struct tlz_bytes *values, uint32_t count,
                       uint8_t *packed);
void column_unpack_bytes(const struct column *column, const uint8_t *packed, uint32_t count,
                         struct tlz_bytes *ret_values);

/*
 * The header of a column, behind its length. Decoding checks all that can be checked without the
 * other columns, and makes a kind or flags that this version does not know COLUMN_UNKNOWN. 0,
 * -TLZ_E_SYNTAX, or -TLZ_E_LIMIT.
 */
void column_encode(const struct column *column, struct wire_buffer *directory);
int column_decode(struct wire_cursor *directory, struct column *ret);

/* Bitmaps of rows: whole 64-bit words, bits past the last row are 0. */
#define BITMAP_WORDS(rows) (((rows) + 63) / 64)

static inline bool bitmap_has(const uint64_t *bitmap, uint32_t row)
{
    return bitmap[row / 64] >> (row % 64) & 1;
}

static inline void bitmap_set(uint64_t *bitmap, uint32_t row)
{
    bitmap[row / 64] |= UINT64_C(1) << (row % 64);
}

/* Makes the values of all rows 0 that the bitmap has not. */
void bitmap_keep(const uint64_t *bitmap, uint32_t rows, uint64_t *values);

uint32_t bitmap_count(const uint64_t *bitmap, uint32_t rows);

/* The bits of the entries that `count` rows lead to: index[row] < entries. */
void bitmap_spread(const uint64_t *bitmap, uint32_t entries, const uint64_t *index, uint32_t count,
                   uint64_t *ret);

/* All rows that the other has not. */
void bitmap_complement(const uint64_t *bitmap, uint32_t rows, uint64_t *ret);

#endif

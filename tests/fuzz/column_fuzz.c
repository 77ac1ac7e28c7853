/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Columns: headers of any bytes, of which those that are understood are encoded to the same; and
 * values of any kind, which come back as they were packed.
 */
#include <stdlib.h>

#include "format/block_column.h"
#include "format/block_logarithm.h"
#include "format/error.h"
#include "fuzz.h"
#include "fuzz_bytes.h"

#define VALUES_MAX 300 /* of a column: more than one word of a bitmap */

static void check_same_terms(const struct column *a, const struct column *b)
{
    assert(a->terms == b->terms);
    for (uint8_t i = 0; i < a->terms; i++)
        assert(a->term[i].column == b->term[i].column &&
               a->term[i].negative == b->term[i].negative);
}

static void check_same_header(const struct column *a, const struct column *b)
{
    assert(a->kind == b->kind && a->table == b->table && a->number == b->number);
    assert(a->stored == b->stored && a->compressed == b->compressed && a->codes == b->codes);
    assert(a->presence == b->presence && a->flags == b->flags && a->width == b->width);
    assert(a->base == b->base && a->start == b->start && a->mask == b->mask);
    assert(!memcmp(a->fixed, b->fixed, sizeof a->fixed));
    check_same_terms(a, b);
}

static void check_encoded(const struct column *column)
{
    struct wire_buffer directory = {0};
    struct wire_cursor cursor;
    struct column again;

    column_encode(column, &directory);
    assert(!directory.failed);
    cursor = (struct wire_cursor){directory.data, directory.data + directory.size, false};
    assert(column_decode(&cursor, &again) == 0 && cursor.p == cursor.end && !cursor.bad);
    check_same_header(column, &again);
    wire_free(&directory);
}

/* Headers one behind the other, as a directory has them. */
static void check_headers(const uint8_t *data, size_t size)
{
    struct wire_cursor directory = {data, data + size, false};
    struct column column;
    int r = 0;

    while (r == 0 && directory.p < directory.end) {
        r = column_decode(&directory, &column);
        assert(r == 0 || r == -TLZ_E_SYNTAX || r == -TLZ_E_LIMIT);
        if (r < 0)
            break;
        assert(column.kind <= COLUMN_INDEX && column.stored <= TLZ_BODY_MAX);
        assert(column.kind == COLUMN_UNKNOWN || column_raw_size(&column, 7) <= 16 * 7);
        if (column.kind != COLUMN_UNKNOWN)
            check_encoded(&column);
    }
}

/* An array of just that size, so that a byte too far is seen. */
static void *array(size_t count, size_t element_size)
{
    void *p = calloc(count ? count : 1, element_size);

    assert(p);
    return p;
}

static void check_planes(const struct column *column, const uint64_t *values, uint32_t count,
                         uint64_t *ret_unpacked)
{
    uint8_t *planes = array(column_raw_size(column, count), 1);

    assert(column->width <= 8 && column_raw_size(column, count) == (size_t)column->width * count);
    column_pack_planes(column, values, count, planes);
    column_unpack_planes(column, planes, count, ret_unpacked);
    check_encoded(column);
    free(planes);
}

static void check_logarithm(struct column *column, const uint64_t *values, uint32_t count,
                            uint64_t *ret_unpacked)
{
    uint8_t *codes = array(count, 1), *bits = array(LOGARITHM_BITS_MAX(count), 1), *exact;
    uint64_t *fitted = array(count, sizeof *fitted);
    size_t size;

    column_subtract_base(column, values, count, fitted);
    size = logarithm_pack(fitted, count, codes, bits);
    exact = array(size, 1);
    memcpy(exact, bits, size);
    assert(logarithm_unpack(codes, exact, size, count, ret_unpacked) == 0);
    assert(logarithm_unpack(codes, bits, size + 1, count, ret_unpacked) == -TLZ_E_SYNTAX);
    column->flags |= COLUMN_LOGARITHM;
    column->width = 0;
    column->codes = count;
    column->stored = (uint32_t)(count + size);
    check_encoded(column);
    free(fitted);
    free(exact);
    free(bits);
    free(codes);
}

static void check_integers(struct fuzz_bytes *b, uint32_t count)
{
    struct column column = {.kind = COLUMN_INTEGERS};
    uint64_t *values = array(count, sizeof *values);
    uint64_t *unpacked = array(count, sizeof *unpacked);
    uint8_t way = fuzz_take8(b);

    for (uint32_t i = 0; i < count; i++)
        values[i] = fuzz_take_integer(b);
    column_fit_integers(&column, values, count, way & 1);
    if (way & 2)
        check_logarithm(&column, values, count, unpacked);
    else
        check_planes(&column, values, count, unpacked);
    column_add_base(&column, unpacked, count);
    assert(!memcmp(values, unpacked, count * sizeof *values));
    free(unpacked);
    free(values);
}

/* Codes and bits of any kind: refused, or taken for values that are packed to the same. */
static void check_codes(struct fuzz_bytes *b, uint32_t count)
{
    uint8_t *codes = array(count, 1), *bits, *again = array(LOGARITHM_BITS_MAX(count), 1);
    uint64_t *values = array(count, sizeof *values);
    size_t size;
    int r;

    fuzz_take(b, codes, count);
    size = fuzz_left(b);
    bits = array(size, 1);
    fuzz_take(b, bits, size);
    r = logarithm_unpack(codes, bits, size, count, values);
    assert(r == 0 || r == -TLZ_E_SYNTAX);
    if (r == 0) {
        uint8_t *codes_again = array(count, 1);

        assert(logarithm_pack(values, count, codes_again, again) == size);
        assert(!memcmp(codes, codes_again, count));
        free(codes_again);
    }
    free(values);
    free(again);
    free(bits);
    free(codes);
}

static void check_bytes(struct fuzz_bytes *b, uint32_t count)
{
    struct column column = {.kind = COLUMN_BYTES};
    struct tlz_bytes *values = array(count, sizeof *values),
                     *unpacked = array(count, sizeof *unpacked);
    uint8_t *planes = array(count, sizeof *values), *exact;

    for (uint32_t i = 0; i < count; i++) {
        values[i] = values[i ? i - 1 : 0];
        fuzz_take(b, values[i].b + i % 16, 1 + i % 3 * (i % 16 < 14));
    }
    column_pack_bytes(&column, values, count, planes);
    exact = array(column_raw_size(&column, count), 1);
    memcpy(exact, planes, column_raw_size(&column, count));
    column_unpack_bytes(&column, exact, count, unpacked);
    assert(!memcmp(values, unpacked, count * sizeof *values));
    for (int p = 0; p < 16; p++) /* what is in the planes is not in the header */
        column.fixed[p] = column.mask >> p & 1 ? 0 : column.fixed[p];
    check_encoded(&column);
    free(exact);
    free(planes);
    free(unpacked);
    free(values);
}

static void check_bitmap(struct fuzz_bytes *b, uint32_t rows)
{
    uint64_t *bitmap = array(BITMAP_WORDS(rows), sizeof *bitmap);
    uint64_t *complement = array(BITMAP_WORDS(rows), sizeof *complement);
    uint32_t set = 0;

    for (uint32_t row = 0; row < rows; row++) {
        if (!(fuzz_take8(b) & 1))
            continue;
        bitmap_set(bitmap, row);
        set++;
    }
    bitmap_complement(bitmap, rows, complement);
    assert(bitmap_count(bitmap, rows) == set && bitmap_count(complement, rows) == rows - set);
    for (uint32_t row = 0; row < rows; row++)
        assert(bitmap_has(bitmap, row) != bitmap_has(complement, row));
    free(complement);
    free(bitmap);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes b = {data, data + size};
    uint32_t count = 1 + (fuzz_take8(&b) | (uint32_t)fuzz_take8(&b) << 8) % VALUES_MAX;

    switch (fuzz_take8(&b) % 5) {
    case 0:
        check_headers(b.p, fuzz_left(&b));
        break;
    case 1:
        check_integers(&b, count);
        break;
    case 2:
        check_bytes(&b, count);
        break;
    case 3:
        check_codes(&b, count);
        break;
    default:
        check_bitmap(&b, count);
    }
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/block_column.h"
#include "format/block_logarithm.h"
#include "format/error.h"
#include "memory_file.h"

#define COUNT 1000

static void integers_come_back(const uint64_t *values, uint32_t count, bool is_signed,
                               uint8_t width)
{
    struct column column = {.kind = COLUMN_INTEGERS};
    uint8_t planes[COUNT * 8], bits[LOGARITHM_BITS_MAX(COUNT)];
    uint64_t u[COUNT], back[COUNT];
    size_t size;

    column_fit_integers(&column, values, count, is_signed);
    assert_int_equal(column.width, width);
    assert_int_equal(column_raw_size(&column, count), (size_t)width * count);
    column_pack_planes(&column, values, count, planes);
    column_unpack_planes(&column, planes, count, back);
    column_add_base(&column, back, count);
    assert_memory_equal(values, back, count * sizeof *back);
    column_subtract_base(&column, values, count, u);
    size = logarithm_pack(u, count, planes, bits);
    assert_int_equal(logarithm_unpack(planes, bits, size, count, back), 0);
    assert_memory_equal(u, back, count * sizeof *back);
}

static void test_integers(void **state)
{
    static const uint64_t equal[] = {7, 7, 7}, zero_max[] = {0, UINT64_MAX},
                          small[] = {1000, 1255, 1001};
    static const uint64_t minus[] = {(uint64_t)-1, 1, (uint64_t)-2}, one[] = {UINT64_MAX};
    uint64_t values[COUNT], seed = 1;

    (void)state;
    integers_come_back(equal, 3, false, 0);
    integers_come_back(one, 1, true, 0);
    integers_come_back(small, 3, false, 1);
    integers_come_back(zero_max, 2, false, 8);
    integers_come_back(zero_max, 2, true, 1);
    integers_come_back(minus, 3, true, 1);
    for (uint8_t width = 1; width <= 8; width++) {
        for (int i = 0; i < COUNT; i++)
            values[i] = random_next(&seed) >> (64 - 8 * width);
        values[0] = 0;
        values[1] = UINT64_MAX >> (64 - 8 * width);
        integers_come_back(values, COUNT, false, width);
    }
}

/* The nearer end to 0 is the base, so that small values stay small. */
static void test_direction(void **state)
{
    uint64_t falling[] = {(uint64_t)-70000, (uint64_t)-3, (uint64_t)-5};
    uint64_t rising[] = {70000, (uint64_t)-3, 5};
    struct column column = {.kind = COLUMN_INTEGERS};

    (void)state;
    column_fit_integers(&column, falling, 3, true);
    assert_int_equal(column.flags, COLUMN_DOWN);
    assert_true(column.base == (uint64_t)-3);
    column_subtract_base(&column, falling, 3, falling);
    assert_int_equal(falling[0], 69997);
    column = (struct column){.kind = COLUMN_INTEGERS};
    column_fit_integers(&column, rising, 3, true);
    assert_int_equal(column.flags, 0);
    column_subtract_base(&column, rising, 3, rising);
    assert_int_equal(rising[2], 8);
}

/* Every magnitude, and codes and bits that do not fit each other. */
static void test_logarithms(void **state)
{
    uint64_t values[64 * 3], back[64 * 3];
    uint8_t codes[64 * 3], bits[LOGARITHM_BITS_MAX(64 * 3)];
    size_t size;

    (void)state;
    for (unsigned e = 0; e < 64; e++) {
        values[3 * e] = UINT64_C(1) << e;
        values[3 * e + 1] = (UINT64_C(1) << e) - 1;
        values[3 * e + 2] = UINT64_C(0xcafebabedeadbeef) >> e;
    }
    size = logarithm_pack(values, 64 * 3, codes, bits);
    assert_int_equal(logarithm_unpack(codes, bits, size, 64 * 3, back), 0);
    assert_memory_equal(values, back, sizeof back);
    assert_int_equal(logarithm_unpack(codes, bits, size - 1, 64 * 3, back), -TLZ_E_SYNTAX);
    assert_int_equal(logarithm_unpack(codes, bits, size + 1, 64 * 3, back), -TLZ_E_SYNTAX);
    codes[0] = 252;
    assert_int_equal(logarithm_unpack(codes, bits, size, 64 * 3, back), -TLZ_E_SYNTAX);
    values[0] = 1000; /* exponent 9, then 11 behind the leading one: 7 bits follow, 1101000 */
    assert_int_equal(logarithm_pack(values, 1, codes, bits), 1);
    assert_int_equal(codes[0], 8 + 6 * 4 + 3);
    assert_int_equal(bits[0], 0x68);
}

static void test_bytes(void **state)
{
    struct tlz_bytes values[COUNT], back[COUNT];
    struct column column = {.kind = COLUMN_BYTES};
    uint8_t planes[COUNT * 16];

    (void)state;
    memset(values, 0, sizeof values);
    for (int i = 0; i < COUNT; i++) {
        values[i].b[0] = 0xfe;
        values[i].b[15] = (uint8_t)i;
    }
    column_pack_bytes(&column, values, COUNT, planes);
    assert_int_equal(column.mask, 1 << 15);
    assert_int_equal(column.fixed[0], 0xfe);
    assert_int_equal(column_raw_size(&column, COUNT), COUNT);
    column_unpack_bytes(&column, planes, COUNT, back);
    assert_memory_equal(values, back, sizeof back);
}

static void assert_header_round_trip(const struct column *column)
{
    struct wire_buffer directory = {0};
    struct column back;
    struct wire_cursor c;

    column_encode(column, &directory);
    c = (struct wire_cursor){directory.data, directory.data + directory.size, false};
    assert_int_equal(column_decode(&c, &back), 0);
    assert_ptr_equal(c.p, c.end);
    assert_memory_equal(column, &back, sizeof back);
    for (size_t cut = 0; cut < directory.size; cut++) {
        c = (struct wire_cursor){directory.data, directory.data + cut, false};
        assert_int_equal(column_decode(&c, &back), -TLZ_E_SYNTAX);
    }
    wire_free(&directory);
}

static void test_headers(void **state)
{
    struct column integers, bytes, bitmap;

    (void)state;
    memset(&integers, 0, sizeof integers);
    integers.kind = COLUMN_INTEGERS;
    integers.flags = COLUMN_PREVIOUS;
    integers.number = 300;
    integers.base = UINT64_MAX;
    integers.start = 12345678901;
    integers.width = 8;
    integers.presence = 5;
    integers.terms = 2;
    integers.term[0].column = 3;
    integers.term[1].column = 200;
    integers.term[1].negative = true;
    integers.stored = 70000;
    integers.compressed = true;
    assert_header_round_trip(&integers);
    integers.flags = COLUMN_LOGARITHM | COLUMN_DOWN;
    integers.width = 0;
    integers.start = 0;
    integers.codes = 69999;
    assert_header_round_trip(&integers);
    memset(&bytes, 0, sizeof bytes);
    bytes.kind = COLUMN_BYTES;
    bytes.table = 3;
    bytes.number = 32;
    bytes.mask = 0x7ffe;
    bytes.fixed[0] = 1;
    bytes.fixed[15] = 2;
    assert_header_round_trip(&bytes);
    memset(&bitmap, 0, sizeof bitmap);
    bitmap.kind = COLUMN_BITMAP;
    bitmap.stored = 128;
    assert_header_round_trip(&bitmap);
}

static int decode_header(const uint8_t *data, size_t size, struct column *ret)
{
    struct wire_cursor c = {data, data + size, false};

    return column_decode(&c, ret);
}

static void test_hostile_headers(void **state)
{
    /* length, kind, table, number, stored, presence, flags, width, base, terms */
    uint8_t good[] = {9, COLUMN_INTEGERS, 0, 1, 0, 0, 0, 8, 0, 0};
    const uint8_t long_stored[] = {8, COLUMN_BITMAP, 0, 0, 0x82, 0x80, 0x80, 0x80, 0x7f};
    const uint8_t endless_varint[] = {13,   COLUMN_BITMAP, 0,    0xff, 0xff, 0xff, 0xff,
                                      0xff, 0xff,          0xff, 0xff, 0xff, 0xff, 0x01};
    struct column column;

    (void)state;
    assert_int_equal(decode_header(good, sizeof good, &column), 0);
    good[7] = 9;
    assert_int_equal(decode_header(good, sizeof good, &column), -TLZ_E_SYNTAX);
    good[7] = 8;
    good[9] = TLZ_TERMS_MAX + 1;
    assert_int_equal(decode_header(good, sizeof good, &column), -TLZ_E_LIMIT);
    good[9] = 0;
    good[6] = 0x80; /* a flag of a newer version */
    assert_int_equal(decode_header(good, sizeof good, &column), 0);
    assert_int_equal(column.kind, COLUMN_UNKNOWN);
    good[6] = 0;
    good[1] = 77; /* a kind of a newer version */
    assert_int_equal(decode_header(good, sizeof good, &column), 0);
    assert_int_equal(column.kind, COLUMN_UNKNOWN);
    assert_int_equal(column.number, 1);
    assert_int_equal(decode_header(long_stored, sizeof long_stored, &column), -TLZ_E_LIMIT);
    assert_int_equal(decode_header(endless_varint, sizeof endless_varint, &column), -TLZ_E_SYNTAX);
}

static void test_varints(void **state)
{
    static const uint64_t values[] = {0, 127, 128, 300, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct wire_buffer b = {0};
        struct wire_cursor c;

        wire_put_varint(&b, values[i]);
        c = (struct wire_cursor){b.data, b.data + b.size, false};
        assert_true(wire_take_varint(&c) == values[i]);
        assert_false(c.bad);
        assert_ptr_equal(c.p, c.end);
        wire_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),   cmocka_unit_test(test_direction),
        cmocka_unit_test(test_logarithms), cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_headers),    cmocka_unit_test(test_hostile_headers),
        cmocka_unit_test(test_varints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The halves of util/wide.h, beside the compiler's own numbers of 128 bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define WIDE_HALVES
#include "util/wide.h"

#ifdef __SIZEOF_INT128__
typedef unsigned __int128 native;

static native native_of(wide_number a)
{
    return (native)wide_high(a) << 64 | wide_low(a);
}

static void assert_same(wide_number found, native wanted)
{
    assert_true(wide_high(found) == (uint64_t)(wanted >> 64));
    assert_true(wide_low(found) == (uint64_t)wanted);
}

/* All that is made of two numbers of 128 bits. */
static void check(wide_number a, wide_number b)
{
    native x = native_of(a), y = native_of(b);

    assert_same(wide_add(a, b), x + y);
    assert_same(wide_times(a, wide_low(b)), x * (uint64_t)y);
    assert_same(wide_product(wide_low(a), wide_high(b)), (native)(uint64_t)x * (uint64_t)(y >> 64));
    assert_same(wide_half(a), x / 2);
    assert_int_equal(wide_is_less(a, b), x < y);
    assert_int_equal(wide_is_zero(a), x == 0);
    assert_true(wide_clamp(a) == (x > UINT64_MAX ? UINT64_MAX : (uint64_t)x));
    if (y == 0)
        return;
    assert_same(wide_quotient(a, b), x / y);
    assert_same(wide_rounded(a, 1000, b), (x * 1000 + y / 2) / y);
}

/* Around each power of two, where carries are. */
static void test_edges(void **state)
{
    wide_number number[3 * 128];
    size_t count = 0;

    (void)state;
    for (unsigned int bit = 0; bit < 128; bit++) {
        native power = (native)1 << bit;

        for (native n = power - 1; n != power + 2; n++)
            number[count++] = wide_join((uint64_t)(n >> 64), (uint64_t)n);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            check(number[i], number[j]);
}

/* Of all sizes, always the same. */
static void test_many(void **state)
{
    uint64_t x = 1, part[4];

    (void)state;
    for (unsigned int i = 0; i < 20000; i++) {
        for (size_t j = 0; j < 4; j++) {
            x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            part[j] = (x ^ x >> 29) >> (x >> 58);
        }
        check(wide_join(part[0], part[1]), wide_join(i % 2 ? part[2] : 0, part[3]));
    }
}
#else
static void test_edges(void **state)
{
    (void)state;
    skip();
}

#define test_many test_edges
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

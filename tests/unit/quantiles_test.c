/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/view/quantiles.h"

/* SplitMix64: the same numbers every time. */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double next_part(uint64_t *seed)
{
    return ((double)(next_random(seed) >> 11) + 1) / 9007199254740993.0;
}

/* Distributions: each makes a number of a seed. */

static uint64_t make_constant(uint64_t *seed)
{
    (void)seed;
    return 123456789;
}

static uint64_t make_small(uint64_t *seed)
{
    return next_random(seed) % 128;
}

static uint64_t make_uniform(uint64_t *seed)
{
    return next_random(seed) % 1000000;
}

static uint64_t make_any(uint64_t *seed)
{
    return next_random(seed);
}

static uint64_t make_any_magnitude(uint64_t *seed)
{
    uint64_t value = next_random(seed);

    return value >> next_random(seed) % 64;
}

static uint64_t make_lognormal(uint64_t *seed)
{
    double normal = sqrt(-2 * log(next_part(seed))) * cos(6.283185307179586 * next_part(seed));

    return (uint64_t)exp(8 + 2 * normal);
}

static uint64_t make_pareto(uint64_t *seed)
{
    return (uint64_t)(1000 / pow(next_part(seed), 1.25));
}

static uint64_t make_two_heaps(uint64_t *seed)
{
    return (next_random(seed) % 2 ? 65000000 : 200) + next_random(seed) % 50;
}

static uint64_t make_near_power(uint64_t *seed)
{
    return (UINT64_C(1) << next_random(seed) % 64) - next_random(seed) % 2;
}

static uint64_t make_greatest(uint64_t *seed)
{
    return UINT64_MAX - next_random(seed) % 3;
}

static uint64_t (*const distributions[])(uint64_t *) = {
    make_constant,  make_small,  make_uniform,   make_any,        make_any_magnitude,
    make_lognormal, make_pareto, make_two_heaps, make_near_power, make_greatest,
};

static const size_t distribution_count = sizeof distributions / sizeof *distributions;

static const uint32_t counts[] = {1, 2, 3, 31, 32, 33, 100, 999, 1000, 20000};

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The definition: the least number so that part/of of all are not greater. */
static uint64_t exact_at(const uint64_t *sorted, uint32_t count, uint32_t part, uint32_t of)
{
    uint32_t i = 0;

    while (i + 1 < count && (uint64_t)(i + 1) * of < (uint64_t)part * count)
        i++;
    return sorted[i];
}

static void check_near(uint64_t got, uint64_t wanted, bool exact)
{
    uint64_t error = got > wanted ? got - wanted : wanted - got;

    if (exact ? error != 0 : error > wanted / QUANTILES_ERROR_DIVISOR)
        fail_msg("%llu, not %llu", (unsigned long long)got, (unsigned long long)wanted);
}

static void check(const struct quantiles *q, const uint64_t *sorted, uint32_t count)
{
    static const uint32_t parts[] = {0, 1, 10, 100, 250, 333, 500, 667, 900, 990, 999, 1000};
    uint64_t value;

    assert_int_equal(q->count, count);
    assert_true(q->min == sorted[0] && q->max == sorted[count - 1]);
    assert_true(q->room * sizeof *q->held <= QUANTILES_BYTES_MAX);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_true(quantiles_at(q, parts[i], 1000, &value));
        check_near(value, exact_at(sorted, count, parts[i], 1000),
                   count <= QUANTILES_EXACT || parts[i] == 0 || parts[i] == 1000 ||
                       sorted[0] == sorted[count - 1]);
    }
}

static uint64_t *make_numbers(size_t distribution, uint32_t count)
{
    uint64_t *numbers = calloc(count, sizeof *numbers);
    uint64_t seed = distribution * 1000003 + count;

    assert_non_null(numbers);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = distributions[distribution](&seed);
    return numbers;
}

static void add_all(struct quantiles *q, const uint64_t *numbers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(quantiles_add(q, numbers[i]), 0);
}

static void test_empty(void **state)
{
    struct quantiles q = {0}, other = {0};
    uint64_t value = 7;

    (void)state;
    assert_false(quantiles_at(&q, 1, 2, &value));
    assert_int_equal(quantiles_merge(&q, &other), 0);
    assert_false(quantiles_at(&q, 1, 2, &value));
    assert_int_equal(value, 7);
    assert_int_equal(quantiles_add(&q, 0), 0);
    assert_true(quantiles_at(&q, 1, 2, &value));
    assert_int_equal(value, 0);
    quantiles_free(&q);
    assert_false(quantiles_at(&q, 1, 2, &value));
    quantiles_free(&q);
}

static void test_nearest_rank(void **state)
{
    static const uint64_t numbers[] = {15, 20, 35, 40, 50};
    static const struct {
        uint32_t part;
        uint64_t wanted;
    } cases[] = {{0, 15}, {5, 15}, {20, 15}, {30, 20}, {40, 20}, {50, 35}, {81, 50}, {100, 50}};
    struct quantiles q = {0};
    uint64_t value;

    (void)state;
    for (size_t i = 5; i-- > 0;)
        assert_int_equal(quantiles_add(&q, numbers[i]), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(quantiles_at(&q, cases[i].part, 100, &value));
        assert_int_equal(value, cases[i].wanted);
    }
    quantiles_free(&q);
}

static void test_distributions(void **state)
{
    (void)state;
    for (size_t d = 0; d < distribution_count; d++) {
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct quantiles q = {0};
            uint64_t *numbers = make_numbers(d, counts[c]);

            add_all(&q, numbers, counts[c]);
            qsort(numbers, counts[c], sizeof *numbers, compare_numbers);
            check(&q, numbers, counts[c]);
            quantiles_free(&q);
            free(numbers);
        }
    }
}

/* A number alone among its like, below and above by far: where its step is, and how far off. */
static void check_step(uint64_t number)
{
    struct quantiles q = {0};
    uint64_t value;

    for (int i = 0; i < 20; i++) {
        assert_int_equal(quantiles_add(&q, 0), 0);
        assert_int_equal(quantiles_add(&q, UINT64_MAX), 0);
        assert_int_equal(quantiles_add(&q, number), 0);
    }
    assert_true(quantiles_at(&q, 1, 2, &value));
    check_near(value, number, number < 128);
    quantiles_free(&q);
}

/* The first, second, middle and last number of every step. */
static void test_every_step(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 256; number++)
        check_step(number);
    for (unsigned int bits = 7; bits < 64; bits++) {
        uint64_t width = UINT64_C(1) << (bits - 6);

        for (uint64_t step = 64; step < 128; step++) {
            check_step(step * width);
            check_step(step * width + 1);
            check_step(step * width + width / 2);
            check_step(step * width + width - 1);
        }
    }
}

/* However many numbers come, memory has its bound; and it is reached. */
static void test_memory(void **state)
{
    struct quantiles q = {0};
    uint64_t numbers = 0, seed = 1;

    (void)state;
    for (unsigned int bits = 0; bits < 57; bits++)
        for (uint64_t step = 64; step < 128; step++, numbers++)
            assert_int_equal(quantiles_add(&q, step << bits | step), 0);
    for (uint64_t number = 0; number < 128; number++, numbers++)
        assert_int_equal(quantiles_add(&q, number), 0);
    for (int i = 0; i < 100000; i++, numbers++)
        assert_int_equal(quantiles_add(&q, make_any_magnitude(&seed)), 0);
    assert_int_equal(q.count, numbers);
    assert_true(q.room * sizeof *q.held <= QUANTILES_BYTES_MAX);
    quantiles_free(&q);
}

static void test_narrow_is_small(void **state)
{
    struct quantiles q = {0};
    uint64_t seed = 1;

    (void)state;
    for (int i = 0; i < 100000; i++)
        assert_int_equal(quantiles_add(&q, 1000000 + next_random(&seed) % 20000), 0);
    assert_true(q.room <= QUANTILES_EXACT * 2);
    quantiles_free(&q);
}

/* Any split of the numbers, in any order, gives what all of them give. */
static void test_merge(void **state)
{
    (void)state;
    for (size_t d = 0; d < distribution_count; d++) {
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct quantiles parts[3] = {{0}};
            uint64_t *numbers = make_numbers(d, counts[c]);
            uint32_t first = counts[c] / 30, second = counts[c] / 2;

            add_all(&parts[0], numbers, first);
            add_all(&parts[1], numbers + first, second - first);
            add_all(&parts[2], numbers + second, counts[c] - second);
            assert_int_equal(quantiles_merge(&parts[0], &parts[2]), 0);
            assert_int_equal(quantiles_merge(&parts[1], &parts[0]), 0);
            qsort(numbers, counts[c], sizeof *numbers, compare_numbers);
            check(&parts[1], numbers, counts[c]);
            for (size_t i = 0; i < 3; i++)
                quantiles_free(&parts[i]);
            free(numbers);
        }
    }
}

static void test_order_is_nothing(void **state)
{
    uint64_t *numbers = make_numbers(5, 5000);
    struct quantiles up = {0}, down = {0};
    uint64_t x, y;

    (void)state;
    add_all(&up, numbers, 5000);
    for (uint32_t i = 5000; i-- > 0;)
        assert_int_equal(quantiles_add(&down, numbers[i]), 0);
    for (uint32_t part = 0; part <= 1000; part++) {
        assert_true(quantiles_at(&up, part, 1000, &x) && quantiles_at(&down, part, 1000, &y));
        assert_true(x == y);
    }
    quantiles_free(&up);
    quantiles_free(&down);
    free(numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),         cmocka_unit_test(test_nearest_rank),
        cmocka_unit_test(test_distributions), cmocka_unit_test(test_every_step),
        cmocka_unit_test(test_memory),        cmocka_unit_test(test_narrow_is_small),
        cmocka_unit_test(test_merge),         cmocka_unit_test(test_order_is_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/view/scale.h"

#define SECOND UINT64_C(1000000)
#define DAY    (86400 * SECOND)

static void check_has(const struct scale *scale, const uint64_t *edges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true(scale->edge[scale_step(scale, edges[i])] == edges[i]);
}

static void test_edges(void **state)
{
    static const uint64_t numbers[] = {
        0, 1, 2, 5, 10, 20, 50, 500000, UINT64_C(10000000000000000000)};
    static const uint64_t sizes[] = {0, 1, 2, 4, 1024, UINT64_C(1) << 63};
    static const uint64_t durations[] = {
        0,           1,           500,           1000,          500000, SECOND,
        20 * SECOND, 60 * SECOND, 1200 * SECOND, 3600 * SECOND, DAY,    100000000 * DAY};
    struct scale scale;

    (void)state;
    scale_make(&scale, SCALE_NUMBERS);
    check_has(&scale, numbers, sizeof numbers / sizeof *numbers);
    scale_make(&scale, SCALE_SIZES);
    check_has(&scale, sizes, sizeof sizes / sizeof *sizes);
    scale_make(&scale, SCALE_DURATIONS);
    check_has(&scale, durations, sizeof durations / sizeof *durations);
    assert_true(scale.edge[scale_step(&scale, 50 * SECOND)] == 20 * SECOND);
}

/* Every number is in one step, and none is much wider than those beside it. */
static void test_steps(void **state)
{
    (void)state;
    for (enum scale_kind kind = SCALE_NUMBERS; kind <= SCALE_DURATIONS; kind++) {
        struct scale scale;

        scale_make(&scale, kind);
        assert_true(scale.count > 50 && scale.count <= SCALE_STEPS_MAX);
        assert_true(scale.edge[0] == 0 && scale.edge[1] == 1);
        for (size_t i = 0; i < scale.count; i++) {
            assert_int_equal(scale_step(&scale, scale.edge[i]), i);
            if (i == 0)
                continue;
            assert_true(scale.edge[i] > scale.edge[i - 1]);
            assert_int_equal(scale_step(&scale, scale.edge[i] - 1), i - 1);
            assert_true(i == 1 || scale.edge[i] / 3 <= scale.edge[i - 1]);
            assert_true(i == 1 || scale.edge[i] / 2 >= scale.edge[i - 1]);
        }
        assert_int_equal(scale_step(&scale, UINT64_MAX), scale.count - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

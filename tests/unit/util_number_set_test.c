/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/number_set.h"

static void test_empty(void **state)
{
    struct number_set set = {0};

    (void)state;
    assert_false(number_set_has(&set, 0));
    assert_false(number_set_has(&set, 1));
    assert_false(number_set_has(&set, UINT64_MAX));
    number_set_free(&set);
}

static void test_zero_is_a_number(void **state)
{
    struct number_set set = {0};

    (void)state;
    assert_int_equal(number_set_add(&set, 0), 0);
    assert_true(number_set_has(&set, 0));
    assert_false(number_set_has(&set, 1));
    assert_int_equal(number_set_add(&set, UINT64_MAX), 0);
    assert_true(number_set_has(&set, UINT64_MAX));
    number_set_free(&set);
    assert_false(number_set_has(&set, 0));
}

static void test_many(void **state)
{
    struct number_set set = {0};

    (void)state;
    for (int round = 0; round < 2; round++)
        for (uint64_t i = 0; i < 5000; i++)
            assert_int_equal(number_set_add(&set, i * i * 4096), 0);
    assert_int_equal(set.used, 4999);
    for (uint64_t i = 0; i < 5000; i++) {
        assert_true(number_set_has(&set, i * i * 4096));
        assert_false(number_set_has(&set, i * i * 4096 + 1));
    }
    number_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_zero_is_a_number),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

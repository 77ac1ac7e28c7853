/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/joined_text.h"

static void test_nothing_is_an_empty_text(void **state)
{
    struct joined_text text = {0};

    (void)state;
    assert_string_equal(joined_text_whole(&text), "");
    joined_text_free(&text);
}

static void test_pieces_in_their_order(void **state)
{
    struct joined_text text = {0};
    size_t size = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        joined_text_add(&text, i % 2 ? "," : "");
        joined_text_format(&text, "%d", i % 10);
    }
    for (const char *p = joined_text_whole(&text); *p; p++, size++)
        assert_int_equal(*p, size % 3 == 1 ? ',' : '0' + (size / 3 * 2 + (size % 3 == 2)) % 10);
    assert_int_equal(size, 1500);
    assert_int_equal(text.size, 1500);
    joined_text_free(&text);
    assert_null(text.bytes);
}

static void test_a_part_is_never_the_whole(void **state)
{
    struct joined_text text = {0};

    (void)state;
    joined_text_add(&text, "a");
    text.failed = true; /* as when memory was out */
    joined_text_add(&text, "b");
    assert_null(joined_text_whole(&text));
    joined_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_an_empty_text),
        cmocka_unit_test(test_pieces_in_their_order),
        cmocka_unit_test(test_a_part_is_never_the_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

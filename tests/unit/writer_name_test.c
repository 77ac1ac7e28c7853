/* SPDX-License-Identifier: BSD-2-Clause */
/* A name that comes before the sessions that wait in the writer. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory_file.h"

static const struct tlz_clock boot_clock = {.boot_us = 5000000, .real_us = 1760000000000000};

static void expect_item(struct tlz_reader *r, enum tlz_item_kind kind, struct tlz_item *ret)
{
    assert_int_equal(tlz_reader_next(r, ret), 1);
    assert_int_equal(ret->kind, kind);
}

static void test_name_before_the_sessions_that_wait(void **state)
{
    const struct tlz_name name = {TLZ_NAME_UID, 1000, "alice", 5};
    struct tlz_name long_name = name;
    struct memory_file file = {0};
    uint32_t source;
    struct tlz_writer *w = open_writer(&file, 0, &source);
    struct tlz_reader *r = NULL;
    struct tlz_row s;
    struct tlz_input input;
    struct tlz_item item;
    uint64_t seed = 5;

    (void)state;
    random_session(&seed, 7000000000, &s);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &s), 0);
    assert_int_equal(tlz_writer_add_name_before(w, source, &name), 0);
    long_name.size = TLZ_NAME_MAX + 1;
    assert_int_equal(tlz_writer_add_name_before(w, source, &long_name), -EINVAL);
    assert_int_equal(tlz_writer_add_name_before(w, 0, &name), -EINVAL);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &s), 0);
    assert_int_equal(tlz_writer_finish(w, NULL), 0);

    input = memory_input(&file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    expect_item(r, TLZ_ITEM_FILE, &item);
    expect_item(r, TLZ_ITEM_SOURCE, &item);
    expect_item(r, TLZ_ITEM_NAME, &item);
    assert_int_equal(item.name.id, 1000);
    expect_item(r, TLZ_ITEM_ROWS, &item);
    assert_int_equal(item.batch->rows, 2);
    expect_item(r, TLZ_ITEM_END, &item);
    assert_int_equal(tlz_reader_next(r, &item), 0);
    tlz_reader_free(r);
    tlz_writer_free(w);
    memory_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_before_the_sessions_that_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A full disk that gets room again: what was not written is counted, and the capture is whole. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory_file.h"

static const struct tlz_clock first_clock = {.boot_us = 5000000, .real_us = 1760000000000000};
static const struct tlz_clock second_clock = {.boot_us = 6000000, .real_us = 1760000001000000};

struct fixture {
    struct memory_file file;
    struct tlz_writer *writer;
    uint32_t source;
    uint64_t seed;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->writer = open_writer(&f->file, 0, &f->source);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    tlz_writer_free(f->writer);
    memory_file_free(&f->file);
    free(f);
    return 0;
}

static void fill_disk(struct fixture *f)
{
    f->file.fail_at = f->file.size + 10;
}

static void free_disk(struct fixture *f)
{
    f->file.fail_at = 0;
}

static int add_session(struct fixture *f, const struct tlz_clock *clock)
{
    struct tlz_row s;

    random_session(&f->seed, 7000000000, &s);
    return tlz_writer_add_row(f->writer, TLZ_SESSIONS, f->source, clock, &s);
}

static void expect_counts(const struct fixture *f, uint64_t sessions, uint64_t pending,
                          uint64_t dropped)
{
    struct tlz_writer_stats stats;

    tlz_writer_stats(f->writer, &stats);
    assert_int_equal(stats.of[TLZ_SESSIONS].written, sessions);
    assert_int_equal(stats.of[TLZ_SESSIONS].pending, pending);
    assert_int_equal(stats.of[TLZ_SESSIONS].dropped, dropped);
    assert_int_equal(stats.bytes, f->file.size);
}

/* Ends the capture, and reads it: so many sessions, a clean end whose totals are right, no gap. */
static void expect_whole(struct fixture *f, uint64_t sessions, uint64_t lost)
{
    struct tlz_input input = memory_input(&f->file);
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    uint64_t rows = 0, losses = 0, ends = 0;

    assert_int_equal(tlz_writer_finish(f->writer, NULL), 0);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    while (tlz_reader_next(r, &item) == 1) {
        assert_int_not_equal(item.kind, TLZ_ITEM_DAMAGE);
        rows += tlz_item_has(&item, TLZ_SESSIONS) ? item.batch->rows : 0;
        losses += item.kind == TLZ_ITEM_LOSS ? item.loss.count : 0;
        ends += item.kind == TLZ_ITEM_END;
    }
    tlz_reader_free(r);
    assert_int_equal(rows, sessions);
    assert_int_equal(losses, lost);
    assert_int_equal(ends, 1);
}

static void test_a_block_is_given_up(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(add_session(f, &first_clock), 0);
    fill_disk(f);
    assert_int_equal(tlz_writer_flush(f->writer), -ENOSPC);
    expect_counts(f, 0, 0, 1);
    assert_int_equal(tlz_writer_flush(f->writer), 0);
    free_disk(f);
    assert_int_equal(add_session(f, &first_clock), 0);
    assert_int_equal(tlz_writer_flush(f->writer), 0);
    expect_counts(f, 1, 0, 1);
    expect_whole(f, 1, 0);
}

/* The error is that of the block before; the session is in the next one. */
static void test_a_clock_ends_a_block_that_fails(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(add_session(f, &first_clock), 0);
    fill_disk(f);
    assert_int_equal(add_session(f, &second_clock), -ENOSPC);
    expect_counts(f, 0, 1, 1);
    free_disk(f);
    expect_whole(f, 1, 0);
}

/* Memory is bounded: however many come, at most one block of them is kept. */
static void test_full_blocks_that_fail(void **state)
{
    struct fixture *f = *state;

    fill_disk(f);
    for (uint32_t i = 1; i <= 2 * TLZ_ROWS_MAX + 3; i++)
        assert_int_equal(add_session(f, &first_clock), i % TLZ_ROWS_MAX ? 0 : -ENOSPC);
    expect_counts(f, 0, 3, UINT64_C(2) * TLZ_ROWS_MAX);
    free_disk(f);
    expect_whole(f, 3, 0);
}

static void test_other_blocks_that_fail(void **state)
{
    const struct tlz_loss loss = {TLZ_LOSS_WRITE_ERROR, 17, 1000, 2000};
    const struct tlz_name name = {TLZ_NAME_UID, 7, "someone", 7};
    struct fixture *f = *state;

    fill_disk(f);
    assert_int_equal(tlz_writer_add_loss(f->writer, f->source, &loss), -ENOSPC);
    assert_int_equal(tlz_writer_add_name(f->writer, f->source, &name), -ENOSPC);
    free_disk(f);
    assert_int_equal(tlz_writer_add_loss(f->writer, f->source, &loss), 0);
    expect_whole(f, 0, 17);
}

static void test_a_source_that_fails(void **state)
{
    struct fixture *f = *state;
    struct tlz_metadata *meta = tlz_metadata_new();
    uint32_t source = 0;

    fill_disk(f);
    assert_int_equal(tlz_writer_add_source(f->writer, meta, &source), -ENOSPC);
    assert_int_equal(source, 0);
    free_disk(f);
    assert_int_equal(tlz_writer_add_source(f->writer, meta, &source), 0);
    assert_int_equal(source, f->source + 1);
    expect_whole(f, 0, 0);
    tlz_metadata_free(meta);
}

/* Sessions that the index alone tells of, when none is wanted. */
static uint64_t indexed_rows(struct fixture *f)
{
    struct tlz_input input = memory_input_at(&f->file);
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    uint64_t rows = 0;

    assert_int_equal(tlz_reader_open(&r, &input), 0);
    tlz_reader_window(r, 1, 0);
    while (tlz_reader_next(r, &item) == 1) {
        assert_int_not_equal(item.kind, TLZ_ITEM_DAMAGE);
        if (item.kind == TLZ_ITEM_SKIPPED && item.skipped.unread)
            rows += item.skipped.rows;
    }
    tlz_reader_free(r);
    return rows;
}

/* Each block of sessions has one; those that are not flushed because of an error are dropped. */
static uint64_t flush_blocks(struct fixture *f, uint32_t blocks, int error)
{
    for (uint32_t block = 0; block < blocks; block++) {
        assert_int_equal(add_session(f, &first_clock), 0);
        assert_int_equal(tlz_writer_flush(f->writer), error);
    }
    return error ? 0 : blocks;
}

/* It is written when there is room, and lists every block, though many were given up before. */
static void test_an_index_block_that_fails(void **state)
{
    struct fixture *f = *state;
    uint64_t rows = flush_blocks(f, TLZ_INDEX_MAX - 2, 0); /* two are metadata */

    fill_disk(f);
    flush_blocks(f, 3, -ENOSPC);
    expect_counts(f, rows, 0, 3);
    free_disk(f);
    rows += flush_blocks(f, TLZ_INDEX_MAX + 10, 0);
    expect_whole(f, rows, 0);
    assert_int_equal(indexed_rows(f), rows);
}

/* Sessions wait, and the end cannot be written with them. */
static void test_an_end_that_fails(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(add_session(f, &first_clock), 0);
    fill_disk(f);
    assert_int_equal(tlz_writer_finish(f->writer, NULL), -ENOSPC);
    expect_counts(f, 0, 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_block_is_given_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_clock_ends_a_block_that_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full_blocks_that_fail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_blocks_that_fail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_source_that_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_index_block_that_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_end_that_fails, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

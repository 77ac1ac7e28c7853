/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks in memory: the last ones are there, whole and in order, however often the ring is gone
 * round, and a capture that is made of them is one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_file.h"
#include "record/history.h"

#define BYTES   ((size_t)64 << 10)
#define SECOND  UINT64_C(1000000)
#define REAL_US UINT64_C(1760000000000000)

struct fixture {
    struct history history;
    struct tlz_writer *writer;
    uint32_t source;
    uint64_t seed;
    uint64_t now_us;
    uint64_t sessions; /* added; each ends a microsecond after the one before */
    int error;         /* of the last write into memory */
};

static int write_history(void *context, const void *data, size_t size)
{
    struct fixture *f = context;

    f->error = history_write(&f->history, f->now_us, data, size);
    return f->error;
}

static struct tlz_writer *open_any(const struct tlz_output *output, uint32_t *ret_source)
{
    const uint8_t id[16] = {1};
    struct tlz_metadata *meta = tlz_metadata_new();
    struct tlz_writer *writer = NULL;

    assert_int_equal(tlz_metadata_set_id(meta, id), 0);
    assert_int_equal(tlz_writer_open(&writer, output, NULL, meta), 0);
    assert_int_equal(tlz_writer_add_source(writer, meta, ret_source), 0);
    tlz_metadata_free(meta);
    return writer;
}

static void open_history(struct fixture *f, size_t bytes, uint64_t span_us)
{
    const struct tlz_output output = {.write = write_history, .context = f};

    *f = (struct fixture){.seed = 7, .now_us = 1000 * SECOND};
    assert_int_equal(history_open(&f->history, bytes, span_us), 0);
    f->writer = open_any(&output, &f->source);
}

static void close_history(struct fixture *f)
{
    tlz_writer_free(f->writer);
    history_close(&f->history);
}

/* A block of so many sessions. 0 or the error of its write. */
static int add_block(struct fixture *f, uint32_t count)
{
    const struct tlz_clock clock = {.boot_us = f->now_us, .real_us = REAL_US + f->now_us};
    struct tlz_row row;

    for (uint32_t i = 0; i < count; i++) {
        random_session(&f->seed, 900 * SECOND + ++f->sessions, &row);
        assert_int_equal(tlz_writer_add_row(f->writer, TLZ_SESSIONS, f->source, &clock, &row), 0);
    }
    return tlz_writer_flush(f->writer);
}

/* A capture of all that is in memory. */
static void make_snapshot(const struct fixture *f, struct memory_file *ret)
{
    struct tlz_output output = memory_output(ret);
    struct tlz_copied_block block;
    uint64_t position = f->history.tail;
    size_t name = 0;
    uint32_t source;
    struct tlz_writer *writer = open_any(&output, &source);

    while (history_next_name(&f->history, &name, &block))
        assert_int_equal(tlz_writer_copy_block(writer, source, &block), 0);
    while (history_next(&f->history, &position, f->history.head, &block))
        assert_int_equal(tlz_writer_copy_block(writer, source, &block), 0);
    assert_int_equal(tlz_writer_finish(writer, NULL), 0);
    tlz_writer_free(writer);
}

struct found {
    uint64_t sessions, first_us, last_us; /* close_us, less REAL_US and what comes before all */
    uint64_t lost, names, said;           /* said: sessions, by the end */
};

/* Reads it; nothing in it may be damaged, and sessions are in order and without a gap. */
static struct found read_all(struct memory_file *file)
{
    struct tlz_input input = memory_input(file);
    struct tlz_reader *reader;
    struct tlz_item item;
    struct found found = {0};
    bool has_end = false;

    assert_int_equal(tlz_reader_open(&reader, &input), 0);
    while (tlz_reader_next(reader, &item) == 1) {
        assert_true(item.kind != TLZ_ITEM_DAMAGE);
        if (item.kind == TLZ_ITEM_LOSS)
            found.lost += item.loss.count;
        found.names += item.kind == TLZ_ITEM_NAME;
        if (item.kind == TLZ_ITEM_END)
            has_end = tlz_metadata_number(item.meta, TLZ_META_SESSIONS, &found.said) == 1;
        for (uint32_t i = 0; item.kind == TLZ_ITEM_ROWS && i < item.batch->rows; i++) {
            uint64_t close_us = item.batch->column[TLZ_CLOSE_US].u[i] - REAL_US - 900 * SECOND;

            found.first_us = found.sessions ? found.first_us : close_us;
            if (found.sessions)
                assert_int_equal(close_us, found.last_us + 1);
            found.last_us = close_us;
            found.sessions++;
        }
    }
    assert_true(has_end);
    assert_int_equal(found.said, found.sessions);
    tlz_reader_free(reader);
    return found;
}

static struct found look(const struct fixture *f)
{
    struct memory_file file = {0};
    struct found found;

    make_snapshot(f, &file);
    found = read_all(&file);
    memory_file_free(&file);
    return found;
}

static void test_all_that_fits(void **state)
{
    struct fixture f;

    (void)state;
    open_history(&f, BYTES, 0);
    assert_int_equal(look(&f).sessions, 0);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(add_block(&f, 10), 0);
    assert_int_equal(look(&f).sessions, 100);
    assert_int_equal(look(&f).last_us, 100);
    close_history(&f);
}

/* Blocks of many sizes, so that they end anywhere before the ring's end. */
static void test_the_last_ones_are_there(void **state)
{
    struct fixture f;
    uint64_t least = UINT64_MAX;

    (void)state;
    open_history(&f, BYTES, 0);
    for (uint32_t i = 0; i < 3000; i++) {
        struct found found;

        assert_int_equal(add_block(&f, 1 + (uint32_t)(random_next(&f.seed) % 60)), 0);
        assert_true(f.history.head - f.history.tail <= BYTES);
        if (i % 100)
            continue;
        found = look(&f);
        assert_int_equal(found.last_us, f.sessions);
        if (found.first_us > 1 && found.sessions < least)
            least = found.sessions;
    }
    assert_true(f.history.head > 20 * BYTES);
    assert_true(least > 200 && least != UINT64_MAX);
    close_history(&f);
}

static void test_time(void **state)
{
    struct fixture f;

    (void)state;
    open_history(&f, BYTES, 10 * SECOND);
    for (uint32_t i = 0; i < 30; i++) {
        f.now_us += SECOND;
        assert_int_equal(add_block(&f, 5), 0);
    }
    assert_int_equal(look(&f).sessions, 11 * 5);
    history_forget(&f.history, f.now_us + 4 * SECOND);
    assert_int_equal(look(&f).sessions, 7 * 5);
    history_forget(&f.history, f.now_us + 100 * SECOND);
    assert_int_equal(look(&f).sessions, 0);
    assert_int_equal(add_block(&f, 5), 0);
    assert_int_equal(look(&f).sessions, 5);
    close_history(&f);
}

/* What is being written out is not overwritten: what comes meanwhile is lost, and counted. */
static void test_pinned(void **state)
{
    struct tlz_writer_stats stats;
    struct fixture f;
    uint64_t kept, added = 0;

    (void)state;
    open_history(&f, BYTES, SECOND);
    while (f.history.head < 3 * BYTES)
        assert_int_equal(add_block(&f, 20), 0);
    f.history.pinned = f.history.tail;
    kept = look(&f).sessions;
    f.now_us += 10 * SECOND;
    while (add_block(&f, 20) == 0)
        added += 20;
    assert_int_equal(f.error, -ENOSPC);
    assert_int_equal(look(&f).sessions, kept + added);
    tlz_writer_stats(f.writer, &stats);
    assert_int_equal(stats.of[TLZ_SESSIONS].dropped, 20);
    f.history.pinned = UINT64_MAX;
    assert_int_equal(add_block(&f, 20), 0);
    assert_int_equal(look(&f).sessions, 20);
    close_history(&f);
}

static void test_too_large(void **state)
{
    struct fixture f;

    (void)state;
    open_history(&f, 4096, 0);
    assert_int_equal(add_block(&f, 5), 0);
    assert_int_equal(add_block(&f, 5000), -EFBIG);
    assert_int_equal(look(&f).sessions, 5);
    close_history(&f);
}

static void test_losses_go_with_their_time(void **state)
{
    const struct tlz_loss loss = {.cause = TLZ_LOSS_RING_FULL, .count = 17, .kind = TLZ_SESSIONS};
    struct fixture f;

    (void)state;
    open_history(&f, BYTES, 10 * SECOND);
    assert_int_equal(tlz_writer_add_loss(f.writer, f.source, &loss), 0);
    assert_int_equal(look(&f).lost, 17);
    f.now_us += 11 * SECOND;
    assert_int_equal(tlz_writer_add_loss(f.writer, f.source, &loss), 0);
    assert_int_equal(look(&f).lost, 17);
    close_history(&f);
}

/* They stay until there are as many newer ones. */
static void test_names(void **state)
{
    const struct tlz_name name = {.kind = TLZ_NAME_UID, .id = 3, .text = "nobody", .size = 6};
    struct fixture f;

    (void)state;
    open_history(&f, BYTES, 0);
    assert_int_equal(tlz_writer_add_name(f.writer, f.source, &name), 0);
    assert_int_equal(tlz_writer_add_name(f.writer, f.source, &name), 0);
    while (f.history.head < 3 * BYTES)
        assert_int_equal(add_block(&f, 20), 0);
    assert_int_equal(look(&f).names, 2);
    history_age_names(&f.history);
    assert_int_equal(tlz_writer_add_name(f.writer, f.source, &name), 0);
    assert_int_equal(look(&f).names, 3);
    history_age_names(&f.history);
    assert_int_equal(look(&f).names, 1);
    history_age_names(&f.history);
    assert_int_equal(look(&f).names, 0);
    close_history(&f);
}

/* What is no block that may be copied is refused, and the capture goes on. */
static void test_bad_blocks(void **state)
{
    const uint8_t body[200] = {0};
    const struct tlz_copied_block bad[] = {
        {.type = TLZ_BLOCK_SESSIONS, .rows = 0, .body = body, .size = sizeof body},
        {.type = TLZ_BLOCK_SESSIONS, .rows = 1, .body = body, .size = 3},
        {.type = TLZ_BLOCK_LOSS, .body = body, .size = 1},
        {.type = TLZ_BLOCK_METADATA, .body = body, .size = sizeof body},
        {.type = TLZ_BLOCK_INDEX, .body = body, .size = sizeof body},
        {.type = TLZ_BLOCK_END, .body = body, .size = sizeof body},
    };
    struct memory_file file = {0};
    struct tlz_copied_block block;
    uint32_t source;
    struct tlz_writer *writer = open_writer(&file, 0, &source);

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(tlz_writer_copy_block(writer, source, &bad[i]) < 0);
    assert_int_equal(tlz_writer_copy_block(writer, source + 1, &bad[0]), -EINVAL);
    assert_true(tlz_copied_block_read(body, sizeof body, &block) < 0);
    assert_true(tlz_copied_block_read(body, 0, &block) < 0);
    assert_int_equal(tlz_writer_finish(writer, NULL), 0);
    assert_int_equal(read_all(&file).sessions, 0);
    tlz_writer_free(writer);
    memory_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_that_fits), cmocka_unit_test(test_the_last_ones_are_there),
        cmocka_unit_test(test_time),          cmocka_unit_test(test_pinned),
        cmocka_unit_test(test_too_large),     cmocka_unit_test(test_losses_go_with_their_time),
        cmocka_unit_test(test_names),         cmocka_unit_test(test_bad_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

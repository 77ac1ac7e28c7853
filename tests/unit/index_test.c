/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading with the index tells what reading everything tells, and reads less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/block_header.h"
#include "format/error.h"
#include "format/index_reader.h"
#include "memory_file.h"

#define SOURCES 2
#define BLOCKS  2600 /* of sessions: three index blocks and a root */
#define ROWS    3    /* in each */
#define STEP_US 1000 /* between the blocks' times */

/* What was told of a file. */
struct told {
    uint64_t rows; /* in blocks that were delivered */
    uint64_t in_window;
    uint64_t skipped_rows;
    uint64_t skipped_blocks;
    uint64_t losses;
    uint64_t damage;
    uint64_t first_us, last_us; /* of all rows, skipped ones too */
    uint64_t sum;               /* over the rows in the window, of what they are */
};

static struct memory_file file;

static uint64_t block_time_us(uint32_t block)
{
    return UINT64_C(1777626000000000) + (uint64_t)block * STEP_US;
}

/* Blocks of both sources, first by turns, then in long runs; now and then a loss. */
static int make_file(void **state)
{
    struct tlz_clock clock = {.boot_us = 1000000000000, .real_us = 1777626000000000};
    uint32_t source[SOURCES];
    struct tlz_writer *w = open_writer(&file, 0, &source[0]);
    struct tlz_metadata *meta = tlz_metadata_new();
    uint64_t seed = 1;

    (void)state;
    assert_int_equal(tlz_writer_add_source(w, meta, &source[1]), 0);
    tlz_metadata_free(meta);
    for (uint32_t block = 0; block < BLOCKS; block++) {
        uint32_t s = source[block < 100 ? block % SOURCES : block / 700 % SOURCES];
        struct tlz_loss loss = {.cause = TLZ_LOSS_RING_FULL, .count = 1};
        struct tlz_row session;

        for (int row = 0; row < ROWS; row++) {
            uint64_t close_us = block_time_us(block) + (uint64_t)row - clock.real_us;

            random_session(&seed, close_us + clock.boot_us + STEP_US, &session);
            assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, s, &clock, &session), 0);
        }
        assert_int_equal(tlz_writer_flush(w), 0);
        if (block % 500 == 0)
            assert_int_equal(tlz_writer_add_loss(w, s, &loss), 0);
    }
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    tlz_writer_free(w);
    return 0;
}

static int free_file(void **state)
{
    (void)state;
    memory_file_free(&file);
    return 0;
}

static void tell_times(struct told *told, uint64_t first_us, uint64_t last_us)
{
    bool none = told->rows + told->skipped_rows == 0;

    told->first_us = none || first_us < told->first_us ? first_us : told->first_us;
    told->last_us = none || last_us > told->last_us ? last_us : told->last_us;
}

static void tell_rows(struct told *told, const struct tlz_batch *b, uint64_t from_us,
                      uint64_t to_us)
{
    tell_times(told, b->time_min_us, b->time_max_us);
    told->rows += b->rows;
    for (uint32_t row = 0; row < b->rows; row++) {
        uint64_t close_us = b->column[TLZ_CLOSE_US].u[row];

        if (close_us < from_us || close_us > to_us)
            continue;
        told->in_window++;
        told->sum += close_us ^ b->column[TLZ_OPEN_US].u[row] << 1 ^ b->source;
    }
}

static struct told read_file(const struct tlz_input *input, uint64_t from_us, uint64_t to_us)
{
    struct told told = {0};
    struct tlz_reader *r;
    struct tlz_item item;
    int got;

    assert_int_equal(tlz_reader_open(&r, input), 0);
    tlz_reader_window(r, from_us, to_us);
    while ((got = tlz_reader_next(r, &item)) == 1) {
        if (tlz_item_has(&item, TLZ_SESSIONS)) {
            tell_rows(&told, item.batch, from_us, to_us);
        } else if (item.kind == TLZ_ITEM_SKIPPED) {
            tell_times(&told, item.skipped.first_us, item.skipped.last_us);
            told.skipped_rows += item.skipped.rows;
            told.skipped_blocks += item.skipped.blocks;
        }
        told.losses += item.kind == TLZ_ITEM_LOSS;
        told.damage += item.kind == TLZ_ITEM_DAMAGE;
    }
    assert_int_equal(got, 0);
    tlz_reader_free(r);
    return told;
}

static void assert_same_rows(const struct told *a, const struct told *b)
{
    assert_int_equal(a->in_window, b->in_window);
    assert_true(a->sum == b->sum);
    assert_int_equal(a->losses, b->losses);
    assert_int_equal(a->rows + a->skipped_rows, b->rows + b->skipped_rows);
    assert_true(a->first_us == b->first_us && a->last_us == b->last_us);
}

static void test_windows(void **state)
{
    static const uint32_t windows[][2] = {{0, 0},       {0, 1},       {99, 101},   {1023, 1025},
                                          {1500, 1500}, {2047, 2599}, {2599, 2599}};

    (void)state;
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        uint64_t from_us = block_time_us(windows[i][0]) + STEP_US;
        uint64_t to_us = block_time_us(windows[i][1]) + STEP_US + 1;
        struct tlz_input streamed = memory_input(&file), seeking = memory_input_at(&file);
        struct told all = read_file(&streamed, from_us, to_us), few;
        uint32_t blocks = windows[i][1] - windows[i][0] + 1;

        file.read_total = 0;
        few = read_file(&seeking, from_us, to_us);
        assert_int_equal(all.in_window, blocks * ROWS - 1); /* the last row is one too late */
        assert_int_equal(few.damage, 0);
        assert_same_rows(&all, &few);
        assert_int_equal(few.rows, blocks * ROWS);
        assert_int_equal(few.skipped_blocks, BLOCKS - blocks);
    }
}

/* Nothing but what is not sessions: the end, the index, and the blocks between runs of sessions. */
static void test_reads_little(void **state)
{
    struct tlz_input seeking = memory_input_at(&file);
    struct told told = read_file(&seeking, 1, 0);

    (void)state;
    assert_int_equal(told.skipped_rows, BLOCKS * ROWS);
    assert_int_equal(told.losses, (BLOCKS + 499) / 500);
    assert_int_equal(told.damage, 0);
    assert_true(told.first_us == block_time_us(0) + STEP_US);
    assert_true(told.last_us == block_time_us(BLOCKS - 1) + STEP_US + ROWS - 1);
    assert_true(file.read_total < file.size / 2);
}

/* The header of the last index block: the root. */
static size_t find_root(void)
{
    size_t root = 0;
    struct block_header h;

    for (size_t at = PREAMBLE_SIZE; at < file.size; at += BLOCK_HEADER_SIZE + h.stored) {
        assert_int_equal(block_header_decode(file.data + at, &h), 0);
        root = h.type == TLZ_BLOCK_INDEX ? at : root;
    }
    return root;
}

/* A damaged index is damage like any other; all sessions are read without it. */
static void test_damaged_index(void **state)
{
    size_t root = find_root();
    struct told told;
    struct tlz_input seeking;

    (void)state;
    file.data[root + BLOCK_HEADER_SIZE] ^= 1;
    seeking = memory_input_at(&file);
    told = read_file(&seeking, 0, UINT64_MAX);
    assert_int_equal(told.rows, BLOCKS * ROWS);
    assert_int_equal(told.damage, 2); /* the block itself, and the gap that it leaves */
    told = read_file(&seeking, 1, 0);
    assert_int_equal(told.skipped_rows, BLOCKS * ROWS);
    assert_int_equal(told.damage, 2);
    file.data[root + BLOCK_HEADER_SIZE] ^= 1;
}

/* Without an end there is no index; the rest is as it is. */
static void test_cut(void **state)
{
    size_t size = file.size;
    struct tlz_input seeking;
    struct told told;

    (void)state;
    file.size = find_root();
    seeking = memory_input_at(&file);
    told = read_file(&seeking, 1, 0);
    assert_int_equal(told.skipped_rows, BLOCKS * ROWS);
    assert_int_equal(told.damage, 0);
    file.size = size;
}

static void test_hostile_bodies(void **state)
{
    static const uint8_t good[] = {1, 16, 0, 60, TLZ_BLOCK_NAME, 1, 0};
    static const struct {
        uint8_t body[8];
        size_t size;
        int error;
    } bad[] = {
        {{0, 16}, 2, -TLZ_E_SYNTAX},                              /* no entry */
        {{1, 16, 0, 60, TLZ_BLOCK_NAME, 1}, 6, -TLZ_E_SYNTAX},    /* cut */
        {{1, 16, 0, 0, TLZ_BLOCK_NAME, 1, 0}, 7, -TLZ_E_SYNTAX},  /* of no size */
        {{1, 16, 0, 90, TLZ_BLOCK_NAME, 1, 0}, 7, -TLZ_E_SYNTAX}, /* past the index block */
        {{1, 16, 99, 1, TLZ_BLOCK_NAME, 1, 0}, 7, -TLZ_E_SYNTAX},
        {{0x81, 0x08, 16}, 3, -TLZ_E_LIMIT}, /* 1025 entries */
    };
    struct index_entry *entries = calloc(TLZ_INDEX_MAX, sizeof *entries);
    uint32_t count;

    (void)state;
    assert_non_null(entries);
    assert_int_equal(index_decode(good, sizeof good, 100, entries, &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].offset, 16);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(index_decode(bad[i].body, bad[i].size, 100, entries, &count),
                         bad[i].error);
    free(entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_windows),        cmocka_unit_test(test_reads_little),
        cmocka_unit_test(test_damaged_index),  cmocka_unit_test(test_cut),
        cmocka_unit_test(test_hostile_bodies),
    };

    return cmocka_run_group_tests(tests, make_file, free_file);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures holed, or put together wrongly: never a wrong row, and what is whole is read. (Cut and
 * flipped ones: survival_test.c.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "damaged_file.h"
#include "format/block_header.h"
#include "format/error.h"

/* Bytes lost in the middle: the length of a block is then wrong, and the next block must be found
 * inside it. */
static void test_holes(void **state)
{
    struct memory_file file = {0};
    size_t ends[BLOCKS + 1];

    (void)state;
    make_capture(&file, ends);
    for (size_t hole = 1; hole < 300; hole += 13) {
        struct memory_file copy = {.size = file.size - hole};
        size_t at = ends[1] + 60;
        struct outcome o;

        copy.data = malloc(copy.size);
        memcpy(copy.data, file.data, at);
        memcpy(copy.data + at, file.data + at + hole, copy.size - at);
        o = read_all(&copy);
        assert_int_equal(o.open_error, 0);
        assert_int_equal(o.blocks, 0x3f & ~(1u << 2));
        assert_int_equal(o.first_damage, -TLZ_E_CHECKSUM);
        assert_int_equal(o.first_offset, ends[1]);
        assert_int_equal(o.missing, 1);
        assert_int_equal(o.ends, 1);
        memory_file_free(&copy);
    }
    memory_file_free(&file);
}

/* Rubbish in front of, between and behind blocks is skipped, with its place and size. */
static void test_rubbish_between_blocks(void **state)
{
    struct memory_file file = {0}, copy = {0};
    size_t ends[BLOCKS + 1], rubbish = 5000;
    struct outcome o;

    (void)state;
    make_capture(&file, ends);
    copy.size = file.size + rubbish;
    copy.data = malloc(copy.size);
    memcpy(copy.data, file.data, ends[2]);
    for (size_t i = 0; i < rubbish; i++)
        copy.data[ends[2] + i] = block_sync[i % BLOCK_SYNC_SIZE];
    memcpy(copy.data + ends[2] + rubbish, file.data + ends[2], file.size - ends[2]);
    o = read_all(&copy);
    assert_int_equal(o.rows, BLOCKS * BLOCK_ROWS);
    assert_int_equal(o.damages, 1);
    assert_int_equal(o.first_offset, ends[2]);
    assert_int_equal(o.damaged_bytes, rubbish);
    memory_file_free(&copy);
    memory_file_free(&file);
}

static void test_block_cut_out_and_swapped(void **state)
{
    struct memory_file file = {0}, copy = {0};
    size_t ends[BLOCKS + 1], size2, size3;
    struct outcome o;

    (void)state;
    make_capture(&file, ends);
    size2 = ends[2] - ends[1];
    size3 = ends[3] - ends[2];
    copy.data = malloc(file.size);
    copy.size = file.size - size2;
    memcpy(copy.data, file.data, ends[1]);
    memcpy(copy.data + ends[1], file.data + ends[2], file.size - ends[2]);
    o = read_all(&copy);
    assert_int_equal(o.blocks, 0x3f & ~(1u << 2));
    assert_int_equal(o.damages, 1);
    assert_int_equal(o.first_damage, -TLZ_E_MISSING);
    assert_int_equal(o.missing, 1);

    copy.size = file.size;
    memcpy(copy.data + ends[1], file.data + ends[2], size3);
    memcpy(copy.data + ends[1] + size3, file.data + ends[1], size2);
    memcpy(copy.data + ends[3], file.data + ends[3], file.size - ends[3]);
    o = read_all(&copy);
    assert_int_equal(o.rows, BLOCKS * BLOCK_ROWS);
    assert_true(o.damages >= 2);
    memory_file_free(&copy);
    memory_file_free(&file);
}

/* The last block of a source leaves no gap in its sequence: the end block tells of it. */
static void test_last_block_cut_out(void **state)
{
    struct memory_file file = {0};
    size_t ends[BLOCKS + 1], last;
    struct outcome o;

    (void)state;
    make_capture(&file, ends);
    last = ends[BLOCKS - 1] - ends[BLOCKS - 2];
    memmove(file.data + ends[BLOCKS - 2], file.data + ends[BLOCKS - 1],
            ends[BLOCKS] - ends[BLOCKS - 1]);
    file.size -= last;
    o = read_all(&file);
    assert_int_equal(o.blocks, 0x3f & ~(1u << (BLOCKS - 1)));
    assert_int_equal(o.ends, 1);
    assert_int_equal(o.first_damage, -TLZ_E_MISSING);
    assert_int_equal(o.missing, 1);
    memory_file_free(&file);
}

/* Blocks behind the end, as when two files were joined: they are read, and said to be out of place.
 */
static void test_blocks_behind_the_end(void **state)
{
    struct memory_file file = {0};
    size_t ends[BLOCKS + 1], size;
    struct outcome o;

    (void)state;
    make_capture(&file, ends);
    size = ends[1] - ends[0];
    file.data = realloc(file.data, file.size + size);
    memcpy(file.data + file.size, file.data + ends[0], size);
    file.size += size;
    o = read_all(&file);
    assert_int_equal(o.rows, (BLOCKS + 1) * BLOCK_ROWS);
    assert_true(o.damages >= 1);
    assert_int_equal(o.first_damage, -TLZ_E_ORDER);
    memory_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holes),
        cmocka_unit_test(test_rubbish_between_blocks),
        cmocka_unit_test(test_block_cut_out_and_swapped),
        cmocka_unit_test(test_last_block_cut_out),
        cmocka_unit_test(test_blocks_behind_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A capture that is cut anywhere, or has one bit changed anywhere: all that is whole is read,
 * nothing wrong is told, and what is lost is said and counted. Streaming, seeking, and in windows
 * of time.
 *
 * STEP in the environment makes it so many times fewer places (for emulation, and sanitizers).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "known_capture.h"

#define PLACES 10000 /* in the large capture */

static struct known_capture small, large, longest;

static uint64_t step(void)
{
    const char *text = getenv("STEP");

    return text ? strtoull(text, NULL, 10) : 1;
}

/* Joint blocks. */
static int make_small(void **state)
{
    (void)state;
    known_capture_make(
        &small, &(struct known_plan){.blocks = 9, .rows = 6, .run = 2, .names = 1, .losses = 5});
    return 0;
}

/* 100,000 sessions, in columns that are compressed one by one, and three index blocks. */
static int make_large(void **state)
{
    (void)state;
    known_capture_make(&large, &(struct known_plan){
                                   .blocks = 82, .rows = 1370, .run = 4, .names = 20, .losses = 5});
    assert_true(large.rows > 98000);
    return 0;
}

/* Index blocks beneath which there are sessions of one source alone, so that all are passed over.
 */
static int make_longest(void **state)
{
    (void)state;
    known_capture_make(&longest, &(struct known_plan){.blocks = 4300, .rows = 2, .run = 2100});
    return 0;
}

static int free_small(void **state)
{
    (void)state;
    known_capture_free(&small);
    return 0;
}

static int free_large(void **state)
{
    (void)state;
    known_capture_free(&large);
    return 0;
}

static int free_longest(void **state)
{
    (void)state;
    known_capture_free(&longest);
    return 0;
}

/* A window of which both ends, or one, or none, lie among the sessions. */
static struct way random_window(const struct known_capture *c, uint64_t *seed, bool seeking)
{
    struct way way = {.seeking = seeking, .to_us = UINT64_MAX};
    const struct known_block *from = &c->block[random_next(seed) % c->blocks];
    const struct known_block *to = &c->block[random_next(seed) % c->blocks];

    if (from->rows && random_next(seed) % 4)
        way.from_us = from->first_us + random_next(seed) % 3;
    if (to->rows && random_next(seed) % 4)
        way.to_us = to->first_us + random_next(seed) % 3;
    return way;
}

/* Any byte, or any byte of any block: there are few bytes in most. */
static uint64_t random_place(const struct known_capture *c, uint64_t *seed)
{
    const struct known_block *b = &c->block[random_next(seed) % c->blocks];

    return random_next(seed) % 2 ? random_next(seed) % c->file.size
                                 : b->offset + random_next(seed) % b->size;
}

/* Whole and in a window, streaming and seeking: by turns. */
static void check_by_turns(struct known_capture *c, const struct wound *wound, uint64_t turn,
                           uint64_t *seed)
{
    struct way window = random_window(c, seed, turn % 2);

    known_capture_check(c, wound, turn / 2 % 2 ? &window : turn % 2 ? &WAY_SEEK : &WAY_STREAM);
}

static void test_small_is_whole(void **state)
{
    const struct wound none = {WOUND_NONE, 0, 0};
    uint64_t seed = 1;

    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        check_by_turns(&small, &none, i, &seed);
}

static void test_small_cut_at_every_byte(void **state)
{
    uint64_t seed = 2;

    (void)state;
    for (uint64_t i = 0; i < 4 * small.file.size; i += step())
        check_by_turns(&small, &(struct wound){WOUND_CUT, i / 4, 0}, i, &seed);
}

static void test_small_every_bit(void **state)
{
    uint64_t seed = 3;

    (void)state;
    for (uint64_t i = 0; i < 8 * small.file.size; i += step())
        check_by_turns(&small, &(struct wound){WOUND_FLIP, i / 8, (uint8_t)(i % 8)}, i / 2, &seed);
}

static void test_large_is_whole(void **state)
{
    const struct wound none = {WOUND_NONE, 0, 0};
    uint64_t seed = 4;

    (void)state;
    for (uint64_t i = 0; i < 400; i += step())
        check_by_turns(&large, &none, i, &seed);
}

static void test_large_cut(void **state)
{
    uint64_t seed = 5;

    (void)state;
    for (uint64_t i = 0; i < PLACES; i += step()) {
        struct wound wound = {WOUND_CUT, random_place(&large, &seed), 0};

        check_by_turns(&large, &wound, i, &seed);
    }
}

static void test_large_bits(void **state)
{
    uint64_t seed = 6;

    (void)state;
    for (uint64_t i = 0; i < PLACES; i += step()) {
        uint64_t at = random_place(&large, &seed);
        struct wound wound = {WOUND_FLIP, at, (uint8_t)(random_next(&seed) % 8)};
        struct way window = random_window(&large, &seed, i % 8 != 1);

        known_capture_check(&large, &wound, i % 8 ? &WAY_STREAM : &WAY_SEEK);
        if (i % 2)
            known_capture_check(&large, &wound, &window);
    }
}

/* In windows, seeking. */
static void test_longest_bits(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (uint64_t i = 0; i < PLACES / 10; i += step()) {
        uint64_t at = random_place(&longest, &seed);
        struct wound wound = {WOUND_FLIP, at, (uint8_t)(random_next(&seed) % 8)};
        struct way window = random_window(&longest, &seed, true);

        known_capture_check(&longest, &wound, &window);
    }
}

int main(void)
{
    const struct CMUnitTest on_small[] = {
        cmocka_unit_test(test_small_is_whole),
        cmocka_unit_test(test_small_cut_at_every_byte),
        cmocka_unit_test(test_small_every_bit),
    };
    const struct CMUnitTest on_large[] = {
        cmocka_unit_test(test_large_is_whole),
        cmocka_unit_test(test_large_cut),
        cmocka_unit_test(test_large_bits),
    };
    const struct CMUnitTest on_longest[] = {
        cmocka_unit_test(test_longest_bits),
    };
    int failed = cmocka_run_group_tests(on_small, make_small, free_small);

    failed += cmocka_run_group_tests(on_large, make_large, free_large);
    return failed + cmocka_run_group_tests(on_longest, make_longest, free_longest);
}

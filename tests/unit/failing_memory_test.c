/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the n-th allocation of the library fail, for n = 1, 2, 3, ... until a run gets by without.
 * A reader ends with -ENOMEM after items that are right; a writer, asked again, writes what it
 * would have written. The allocators are wrapped when this test is linked.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "memory_file.h"

#define CAPTURE_MAX (8 * 1024 * 1024)
#define ITEMS_MAX   1000
#define CLOSE_US    10000000000
#define SESSIONS    1500 /* more than a block that is compressed as a whole has */

static uint64_t allocations, fail_at; /* fail_at 0: none fails */
static bool fail_behind;              /* all that follow fail, too */

static bool fails(void)
{
    allocations++;
    return fail_at && (allocations == fail_at || (fail_behind && allocations > fail_at));
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
ZSTD_CCtx *__real_ZSTD_createCCtx(void);
ZSTD_DCtx *__real_ZSTD_createDCtx(void);
size_t __real_ZSTD_compressCCtx(ZSTD_CCtx *c, void *to, size_t room, const void *from, size_t size,
                                int level);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
ZSTD_CCtx *__wrap_ZSTD_createCCtx(void);
ZSTD_DCtx *__wrap_ZSTD_createDCtx(void);
size_t __wrap_ZSTD_compressCCtx(ZSTD_CCtx *c, void *to, size_t room, const void *from, size_t size,
                                int level);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

/* zstd allocates inside of a library that is not linked with this test. */
ZSTD_CCtx *__wrap_ZSTD_createCCtx(void)
{
    return fails() ? NULL : __real_ZSTD_createCCtx();
}

ZSTD_DCtx *__wrap_ZSTD_createDCtx(void)
{
    return fails() ? NULL : __real_ZSTD_createDCtx();
}

size_t __wrap_ZSTD_compressCCtx(ZSTD_CCtx *c, void *to, size_t room, const void *from, size_t size,
                                int level)
{
    return fails() ? (size_t)-ZSTD_error_memory_allocation
                   : __real_ZSTD_compressCCtx(c, to, room, from, size, level);
}

static void begin_failing(uint64_t at, bool behind)
{
    allocations = 0;
    fail_at = at;
    fail_behind = behind;
}

/* True when the run that is over got by without the allocation that was to fail. */
static bool end_failing(void)
{
    bool done = allocations < fail_at;

    fail_at = 0;
    return done;
}

/* A number for all that an item says. */
static uint64_t mix(uint64_t sum, const void *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ ((const uint8_t *)data)[i]) * 0x100000001b3;
    return sum;
}

static uint64_t mix_session(uint64_t sum, const struct tlz_row *s)
{
    sum = mix(sum, &s->present, sizeof s->present);
    TLZ_FOREACH_SESSION_FIELD(f) {
        if (tlz_row_has(s, f))
            sum = mix(sum, &s->value[f], tlz_type_is_bytes(tlz_fields[f].type) ? 16 : 8);
    }
    return sum;
}

static uint64_t mix_metadata(uint64_t sum, const struct tlz_metadata *meta)
{
    for (enum tlz_meta_tag tag = 0; tag < TLZ_META_TAG_COUNT; tag++) {
        uint64_t number = 0;
        size_t size = 0;
        const char *text = tlz_metadata_text(meta, tag, &size);

        tlz_metadata_number(meta, tag, &number);
        sum = mix(mix(sum, text, size), &number, sizeof number);
    }
    return sum;
}

static uint64_t item_sum(const struct tlz_item *item)
{
    uint64_t sum = item->kind * 1000003u + item->source;

    if (item->kind == TLZ_ITEM_LOSS)
        return sum ^ item->loss.cause ^ item->loss.count;
    if (item->kind == TLZ_ITEM_NAME)
        return mix(sum + item->name.id, item->name.text, item->name.size);
    if (item->kind == TLZ_ITEM_END)
        return sum; /* the totals depend on what was lost */
    if (item->kind != TLZ_ITEM_ROWS)
        return mix_metadata(sum, item->meta);
    for (uint32_t row = 0; row < item->batch->rows; row++) {
        struct tlz_row s;

        tlz_batch_row(item->batch, row, &s);
        sum = mix_session(sum, &s);
    }
    return sum;
}

/* Reads all items; their sums, their number, and how it ended. */
struct reading {
    uint64_t sum[ITEMS_MAX];
    size_t count;
    int result;
};

static void read_all(struct memory_file *file, struct reading *ret)
{
    struct tlz_input input = memory_input(file);
    struct tlz_reader *r = NULL;
    struct tlz_item item;

    ret->count = 0;
    ret->result = tlz_reader_open(&r, &input);
    if (ret->result < 0)
        return;
    while ((ret->result = tlz_reader_next(r, &item)) == 1) {
        assert_true(ret->count < ITEMS_MAX);
        assert_int_not_equal(item.kind, TLZ_ITEM_DAMAGE);
        ret->sum[ret->count++] = item_sum(&item);
    }
    tlz_reader_free(r);
}

/* Stops at the first -ENOMEM; what came before is as it should be. */
static void check_reading(struct memory_file *file, bool behind)
{
    static struct reading good, bad;

    read_all(file, &good);
    assert_int_equal(good.result, 0);
    for (uint64_t n = 1;; n++) {
        begin_failing(n, behind);
        read_all(file, &bad);
        if (end_failing())
            break;
        assert_int_equal(bad.result, -ENOMEM);
        assert_true(bad.count < good.count || good.count == 0);
        assert_memory_equal(bad.sum, good.sum, bad.count * sizeof *good.sum);
    }
    assert_int_equal(bad.result, 0);
    assert_int_equal(bad.count, good.count);
    assert_memory_equal(bad.sum, good.sum, good.count * sizeof *good.sum);
}

/* Where a writer's blocks go, without an allocation. */
static uint8_t written[CAPTURE_MAX];
static size_t written_size;

static int write_block(void *context, const void *data, size_t size)
{
    (void)context;
    assert_true(size <= sizeof written - written_size);
    memcpy(written + written_size, data, size);
    written_size += size;
    return 0;
}

/* Calls, and once more without memory. */
#define TRY_TWICE(call) ((call) == -ENOMEM ? (call) : 0)

/* Two sources, blocks small and large, a loss, a name, the end. */
static int write_all(const struct tlz_metadata *meta, struct tlz_writer_stats *ret)
{
    struct tlz_output output = {.write = write_block};
    struct tlz_clock clock = {.boot_us = 5, .real_us = 1760000000000000};
    struct tlz_loss loss = {TLZ_LOSS_RING_FULL, 3, 1, 2};
    struct tlz_name name = {TLZ_NAME_UID, 0, "root", 4};
    struct tlz_writer *w = NULL;
    struct tlz_row s;
    uint64_t seed = 1;
    uint32_t source;
    int r;

    written_size = 0;
    r = tlz_writer_open(&w, &output, NULL, meta);
    if (r == 0)
        r = TRY_TWICE(tlz_writer_add_source(w, meta, &source));
    for (int i = 0; r == 0 && i < SESSIONS; i++) {
        if (i == 3)
            r = TRY_TWICE(tlz_writer_add_loss(w, source, &loss));
        if (i == 3 && r == 0)
            r = TRY_TWICE(tlz_writer_add_source(w, meta, &source));
        random_session(&seed, CLOSE_US + (uint64_t)i, &s);
        if (r == 0)
            tlz_writer_add_row(w, TLZ_SESSIONS, source, &clock, &s);
    }
    if (r == 0)
        r = TRY_TWICE(tlz_writer_add_name(w, source, &name));
    if (r == 0)
        r = TRY_TWICE(tlz_writer_finish(w, meta));
    if (w)
        tlz_writer_stats(w, ret);
    tlz_writer_free(w);
    return r;
}

static struct tlz_metadata *make_metadata(void)
{
    struct tlz_metadata *meta = tlz_metadata_new();
    const uint8_t id[16] = {1, 2, 3};

    assert_non_null(meta);
    assert_int_equal(tlz_metadata_set_id(meta, id), 0);
    assert_int_equal(tlz_metadata_set_text(meta, TLZ_META_HOST, "web1"), 0);
    return meta;
}

static void read_written(struct reading *ret)
{
    struct memory_file file = {.data = written, .size = written_size};

    read_all(&file, ret);
}

/* What was read is part of the good items, in their order; how many of them are missing. */
static size_t count_missing(const struct reading *good, const struct reading *bad)
{
    size_t found = 0;

    for (size_t i = 0; i < good->count && found < bad->count; i++)
        found += bad->sum[found] == good->sum[i];
    assert_int_equal(found, bad->count);
    return good->count - found;
}

static void check_writing(bool behind)
{
    static struct reading good, bad;
    struct tlz_metadata *meta = make_metadata();
    struct tlz_writer_stats stats;
    bool done = false;

    assert_int_equal(write_all(meta, &stats), 0);
    read_written(&good);
    for (uint64_t n = 1; !done; n++) {
        int r;

        begin_failing(n, behind);
        r = write_all(meta, &stats);
        done = end_failing();
        assert_true(r == 0 || (r == -ENOMEM && !done));
        if (written_size == 0)
            continue;
        read_written(&bad);
        assert_true(count_missing(&good, &bad) <=
                    (r == 0 ? stats.of[TLZ_SESSIONS].dropped > 0 : good.count));
        assert_true(r < 0 ||
                    stats.of[TLZ_SESSIONS].written + stats.of[TLZ_SESSIONS].dropped == SESSIONS);
    }
    assert_int_equal(stats.of[TLZ_SESSIONS].dropped, 0);
    tlz_metadata_free(meta);
}

static void test_a_writer_loses_a_block(void **state)
{
    (void)state;
    check_writing(false);
    check_writing(true);
}

/* A block that is full and cannot be written makes room, and is counted. */
static void test_a_full_block_is_given_up(void **state)
{
    struct tlz_output output = {.write = write_block};
    struct tlz_metadata *meta = make_metadata();
    const struct tlz_clock clock = {0};
    struct tlz_writer_stats stats;
    struct tlz_writer *w = NULL;
    struct tlz_row s;
    uint64_t seed = 1;
    uint32_t source;

    (void)state;
    written_size = 0;
    assert_int_equal(tlz_writer_open(&w, &output, NULL, meta), 0);
    assert_int_equal(tlz_writer_add_source(w, meta, &source), 0);
    random_session(&seed, CLOSE_US, &s);
    for (uint32_t i = 1; i < TLZ_ROWS_MAX; i++)
        assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &clock, &s), 0);
    begin_failing(1, true);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &clock, &s), -ENOMEM);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &clock, &s), 0);
    end_failing();
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    tlz_writer_stats(w, &stats);
    assert_int_equal(stats.of[TLZ_SESSIONS].dropped, TLZ_ROWS_MAX);
    assert_int_equal(stats.of[TLZ_SESSIONS].written, 1);
    tlz_writer_free(w);
    tlz_metadata_free(meta);
}

static char *const *fixtures; /* ended by NULL */

static void test_readers_of_fixtures(void **state)
{
    (void)state;
    assert_non_null(fixtures[0]);
    for (char *const *path = fixtures; *path; path++) {
        FILE *f = fopen(*path, "rb");
        struct memory_file file = {.data = malloc(CAPTURE_MAX)};

        assert_true(f && file.data);
        file.size = fread(file.data, 1, CAPTURE_MAX, f);
        fclose(f);
        check_reading(&file, false);
        check_reading(&file, true);
        memory_file_free(&file);
    }
}

static void test_a_reader_of_large_blocks(void **state)
{
    struct tlz_metadata *meta = make_metadata();
    struct tlz_writer_stats stats;
    struct memory_file file;

    (void)state;
    assert_int_equal(write_all(meta, &stats), 0);
    file = (struct memory_file){.data = written, .size = written_size};
    check_reading(&file, false);
    tlz_metadata_free(meta);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readers_of_fixtures),
        cmocka_unit_test(test_a_reader_of_large_blocks),
        cmocka_unit_test(test_a_writer_loses_a_block),
        cmocka_unit_test(test_a_full_block_is_given_up),
    };

    fixtures = argv + (argc > 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

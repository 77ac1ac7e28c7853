/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures cut, flipped, holed, or from the future: never a wrong row, and what is whole is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/block_header.h"
#include "format/error.h"
#include "format/wire.h"
#include "memory_file.h"

#define BLOCKS      6
#define BLOCK_ROWS  7
#define FIRST_CLOSE UINT64_C(7000000000)

static const struct tlz_clock no_clock = {0};

/* BLOCKS blocks of BLOCK_ROWS sessions; ends[i] is where block i ends, ends[BLOCKS] where the file
 * does. */
static void make_capture(struct memory_file *file, size_t ends[BLOCKS + 1])
{
    uint32_t source;
    struct tlz_writer *w = open_writer(file, 0, &source);
    uint64_t seed = 9;

    for (int block = 0; block < BLOCKS; block++) {
        for (int row = 0; row < BLOCK_ROWS; row++) {
            struct tlz_session s;

            random_session(&seed, FIRST_CLOSE + (uint64_t)(block * BLOCK_ROWS + row), &s);
            assert_int_equal(tlz_writer_add_session(w, source, &no_clock, &s), 0);
        }
        assert_int_equal(tlz_writer_flush(w), 0);
        ends[block] = file->size;
    }
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    ends[BLOCKS] = file->size;
    tlz_writer_free(w);
}

struct outcome {
    int open_error;
    int error; /* of the last tlz_reader_next() */
    uint64_t rows;
    uint32_t blocks; /* bit set of the blocks of which all rows came */
    int damages;
    int first_damage; /* its error */
    uint64_t first_offset;
    uint64_t damaged_bytes;
    uint64_t missing;
    int ends;
    int unknowns;
    uint64_t close_us[BLOCKS * BLOCK_ROWS];
};

/* Every row must be one of those that make_capture() wrote, whole. */
static void note_rows(const struct tlz_batch *batch, struct outcome *o)
{
    assert_true(batch->rows > 0 && batch->rows <= BLOCK_ROWS);
    for (uint32_t row = 0; row < batch->rows; row++) {
        uint64_t number = batch->column[TLZ_CLOSE_US].u[row] - FIRST_CLOSE, seed = 9;
        struct tlz_session expected, got;

        assert_true(number < BLOCKS * BLOCK_ROWS);
        for (uint64_t i = 0; i <= number; i++)
            random_session(&seed, FIRST_CLOSE + i, &expected);
        tlz_batch_session(batch, row, &got);
        assert_sessions_equal(&expected, &got);
        if (row == BLOCK_ROWS - 1)
            o->blocks |= 1u << (number / BLOCK_ROWS);
    }
    o->rows += batch->rows;
}

static void note_damage(const struct tlz_item *item, struct outcome *o)
{
    if (!o->damages++) {
        o->first_damage = item->damage.error;
        o->first_offset = item->offset;
    }
    o->damaged_bytes += item->damage.size;
    o->missing += item->damage.blocks;
}

static struct outcome read_all(struct memory_file *file)
{
    struct tlz_input input = memory_input(file);
    struct outcome o = {0};
    struct tlz_reader *r = NULL;
    struct tlz_item item;

    o.open_error = tlz_reader_open(&r, &input);
    if (o.open_error < 0)
        return o;
    while ((o.error = tlz_reader_next(r, &item)) == 1) {
        if (item.kind == TLZ_ITEM_SESSIONS)
            note_rows(item.batch, &o);
        else if (item.kind == TLZ_ITEM_DAMAGE)
            note_damage(&item, &o);
        o.ends += item.kind == TLZ_ITEM_END;
        o.unknowns += item.kind == TLZ_ITEM_UNKNOWN;
    }
    tlz_reader_free(r);
    return o;
}

static void test_cut_at_every_byte(void **state)
{
    struct memory_file file = {0};
    size_t ends[BLOCKS + 1], size;

    (void)state;
    make_capture(&file, ends);
    size = file.size;
    for (file.size = 0; file.size < size; file.size++) {
        struct outcome o = read_all(&file);
        uint64_t whole = 0;

        while (whole < BLOCKS && ends[whole] <= file.size)
            whole++;
        if (file.size < PREAMBLE_SIZE) {
            assert_true(o.open_error == -TLZ_E_NOT_A_CAPTURE || o.open_error == -TLZ_E_CUT);
            continue;
        }
        assert_int_equal(o.open_error, 0);
        assert_int_equal(o.error, 0);
        assert_int_equal(o.rows, whole * BLOCK_ROWS);
        assert_int_equal(o.ends, 0);
        if (o.damages)
            assert_int_equal(o.first_damage, -TLZ_E_CUT);
        assert_true(o.damages <= 1);
    }
    assert_int_equal(read_all(&file).ends, 1);
    assert_int_equal(read_all(&file).damages, 0);
    memory_file_free(&file);
}

/* One bit, everywhere: only the block that has it is lost, and the loss is told. */
static void test_flip_at_every_byte(void **state)
{
    struct memory_file file = {0};
    size_t ends[BLOCKS + 1];

    (void)state;
    make_capture(&file, ends);
    for (size_t i = 0; i < file.size; i++) {
        uint8_t bit = (uint8_t)(1u << (i % 8));
        struct outcome o;

        file.data[i] ^= bit;
        o = read_all(&file);
        file.data[i] ^= bit;
        assert_int_equal(o.open_error, 0);
        assert_int_equal(o.error, 0);
        assert_true(o.damages >= 1);
        assert_true(o.rows >= (BLOCKS - 1) * BLOCK_ROWS);
    }
    memory_file_free(&file);
}

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

static void test_not_a_capture(void **state)
{
    static const struct {
        const char *data;
        size_t size;
        int error;
    } cases[] = {
        {"", 0, -TLZ_E_NOT_A_CAPTURE},
        {"PID,COMM,IP,LADDR,LPORT,RADDR,RPORT\n", 36, -TLZ_E_NOT_A_CAPTURE},
        {"\xf4TLZ\n\x1a\n\0\0\0\0\0\0\0\0", 15, -TLZ_E_TEXT_DAMAGE},     /* CR LF became LF */
        {"\xf4TLZ\r\r\n\x1a\r\n\0\0\0\0\0\0", 16, -TLZ_E_TEXT_DAMAGE},   /* LF became CR LF */
        {"\x74TLZ\r\n\x1a\n\0\0\0\0\0\0\0\0", 16, -TLZ_E_TEXT_DAMAGE},   /* the top bit is gone */
        {"\xc3\xb4TLZ\r\n\x1a\n\0\0\0\0\0\0\0", 16, -TLZ_E_TEXT_DAMAGE}, /* Latin-1 became UTF-8 */
        {"\xef\xbf\xbdTLZ\r\n\x1a\n\0\0\0\0\0", 16, -TLZ_E_TEXT_DAMAGE}, /* ... replaced */
        {"\xf4TLZ\r\n\x1a\n\0\0", 10, -TLZ_E_CUT},
        {"\xf4TLZ\r\n\x1a\n\0\0\0\0\0\0\0\0", 16, -TLZ_E_CHECKSUM},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct memory_file file = {.data = (uint8_t *)(uintptr_t)cases[i].data,
                                   .size = cases[i].size};

        assert_int_equal(read_all(&file).open_error, cases[i].error);
    }
}

static void test_newer_major_version(void **state)
{
    uint8_t preamble[PREAMBLE_SIZE];
    struct memory_file file = {.data = preamble, .size = sizeof preamble};

    (void)state;
    preamble_encode(preamble);
    preamble[8]++;
    wire_store32(preamble + 12, (uint32_t)block_hash(preamble, 12));
    assert_int_equal(read_all(&file).open_error, -TLZ_E_NEWER);
    preamble_encode(preamble);
    preamble[10] = 77; /* a newer minor version is no reason to refuse */
    wire_store32(preamble + 12, (uint32_t)block_hash(preamble, 12));
    assert_int_equal(read_all(&file).open_error, 0);
}

/* Puts a block of the given header and body in place of the end block. */
static void replace_end(struct memory_file *file, const size_t ends[BLOCKS + 1],
                        struct block_header header, const void *body, size_t size)
{
    header.stored = header.stored ? header.stored : (uint32_t)size;
    header.body_hash = block_hash(body, size);
    file->size = ends[BLOCKS - 1] + BLOCK_HEADER_SIZE + size;
    file->data = realloc(file->data, file->size);
    block_header_encode(&header, file->data + ends[BLOCKS - 1]);
    memcpy(file->data + ends[BLOCKS - 1] + BLOCK_HEADER_SIZE, body, size);
}

static struct outcome read_with_block(struct block_header header, const void *body, size_t size)
{
    struct memory_file file = {0};
    size_t ends[BLOCKS + 1];
    struct outcome o;

    make_capture(&file, ends);
    replace_end(&file, ends, header, body, size);
    o = read_all(&file);
    assert_int_equal(o.open_error, 0);
    assert_int_equal(o.rows, BLOCKS * BLOCK_ROWS);
    memory_file_free(&file);
    return o;
}

#define NEXT_OF_SOURCE                                                                             \
    (1 + BLOCKS) /* sequence of the block behind the sessions; its metadata was 0 */

static void test_blocks_of_the_future(void **state)
{
    const struct block_header unknown = {.type = 200, .source = 1, .sequence = NEXT_OF_SOURCE};
    const struct block_header critical = {
        .type = 201, .flags = BLOCK_CRITICAL, .source = 1, .sequence = NEXT_OF_SOURCE};
    struct outcome o;

    (void)state;
    o = read_with_block(unknown, "what", 4);
    assert_int_equal(o.error, 0);
    assert_int_equal(o.unknowns, 1);
    assert_int_equal(o.damages, 0);
    o = read_with_block(critical, "what", 4);
    assert_int_equal(o.error, -TLZ_E_NEWER);
}

static void test_block_of_an_unknown_source(void **state)
{
    const struct block_header header = {.type = TLZ_BLOCK_LOSS, .source = 9};
    uint8_t loss[28] = {TLZ_LOSS_RING_FULL};
    struct outcome o = read_with_block(header, loss, sizeof loss);

    (void)state;
    assert_int_equal(o.damages, 1);
    assert_int_equal(o.first_damage, -TLZ_E_SOURCE);
}

/* Headers and bodies with right checksums that break the rules. */
static void test_hostile_blocks(void **state)
{
    const struct block_header large = {.type = TLZ_BLOCK_NAME,
                                       .source = 1,
                                       .sequence = NEXT_OF_SOURCE,
                                       .stored = TLZ_BODY_MAX + 1};
    const struct block_header far_source = {.type = TLZ_BLOCK_NAME, .source = TLZ_SOURCES_MAX};
    const struct block_header many_rows = {.type = TLZ_BLOCK_SESSIONS,
                                           .source = 1,
                                           .sequence = NEXT_OF_SOURCE,
                                           .rows = TLZ_ROWS_MAX + 1};
    const struct block_header no_rows = {
        .type = TLZ_BLOCK_SESSIONS, .source = 1, .sequence = NEXT_OF_SOURCE};
    const struct block_header claims = {
        .type = TLZ_BLOCK_NAME, .source = 1, .sequence = NEXT_OF_SOURCE, .stored = TLZ_BODY_MAX};
    const struct block_header short_loss = {
        .type = TLZ_BLOCK_LOSS, .source = 1, .sequence = NEXT_OF_SOURCE};

    (void)state;
    assert_int_equal(read_with_block(large, "x", 1).first_damage, -TLZ_E_LIMIT);
    assert_int_equal(read_with_block(far_source, "x", 1).first_damage, -TLZ_E_LIMIT);
    assert_int_equal(read_with_block(many_rows, "x", 1).first_damage, -TLZ_E_LIMIT);
    assert_int_equal(read_with_block(no_rows, "x", 1).first_damage, -TLZ_E_SYNTAX);
    assert_int_equal(read_with_block(claims, "x", 1).first_damage, -TLZ_E_CUT);
    assert_int_equal(read_with_block(short_loss, "xxx", 3).first_damage, -TLZ_E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_flip_at_every_byte),
        cmocka_unit_test(test_holes),
        cmocka_unit_test(test_rubbish_between_blocks),
        cmocka_unit_test(test_block_cut_out_and_swapped),
        cmocka_unit_test(test_not_a_capture),
        cmocka_unit_test(test_newer_major_version),
        cmocka_unit_test(test_blocks_of_the_future),
        cmocka_unit_test(test_block_of_an_unknown_source),
        cmocka_unit_test(test_hostile_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are no captures, captures from the future, and blocks that break the rules behind
 * right checksums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "damaged_file.h"
#include "format/block_header.h"
#include "format/error.h"
#include "format/wire.h"

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
        {"\xf4", 1, -TLZ_E_CUT},
        {"\xf4TLZ\r", 5, -TLZ_E_CUT},
        {"\xf4TLY\r", 5, -TLZ_E_NOT_A_CAPTURE},
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

#define OTHER_SALT 1 /* of no file here */

/* Puts a block of the given header and body in place of the end block; with the file's salt, unless
 * its own is told. */
static void replace_end(struct memory_file *file, const size_t ends[BLOCKS + 1],
                        struct block_header header, const void *body, size_t size)
{
    header.stored = header.stored ? header.stored : (uint32_t)size;
    header.body_hash = block_hash(body, size);
    header.salt = header.salt ? header.salt : wire_load32(file->data + PREAMBLE_SIZE + 20);
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

static void test_block_of_another_file(void **state)
{
    const struct block_header header = {.type = 201,
                                        .flags = BLOCK_CRITICAL,
                                        .source = 1,
                                        .sequence = NEXT_OF_SOURCE,
                                        .salt = OTHER_SALT};
    struct outcome o = read_with_block(header, "what", 4);

    (void)state;
    assert_int_equal(o.error, 0);
    assert_int_equal(o.first_damage, -TLZ_E_FOREIGN);
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
    const struct block_header source_end = {
        .type = TLZ_BLOCK_END, .source = 1, .sequence = NEXT_OF_SOURCE};
    const struct block_header short_loss = {
        .type = TLZ_BLOCK_LOSS, .source = 1, .sequence = NEXT_OF_SOURCE};

    (void)state;
    assert_int_equal(read_with_block(large, "x", 1).first_damage, -TLZ_E_LIMIT);
    assert_int_equal(read_with_block(far_source, "x", 1).first_damage, -TLZ_E_LIMIT);
    assert_int_equal(read_with_block(many_rows, "x", 1).first_damage, -TLZ_E_LIMIT);
    assert_int_equal(read_with_block(no_rows, "x", 1).first_damage, -TLZ_E_SYNTAX);
    assert_int_equal(read_with_block(claims, "x", 1).first_damage, -TLZ_E_CUT);
    assert_int_equal(read_with_block(source_end, "", 0).first_damage, -TLZ_E_SYNTAX);
    assert_int_equal(read_with_block(short_loss, "xxx", 3).first_damage, -TLZ_E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_a_capture),
        cmocka_unit_test(test_newer_major_version),
        cmocka_unit_test(test_blocks_of_the_future),
        cmocka_unit_test(test_block_of_another_file),
        cmocka_unit_test(test_block_of_an_unknown_source),
        cmocka_unit_test(test_hostile_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

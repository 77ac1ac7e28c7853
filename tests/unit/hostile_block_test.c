/* SPDX-License-Identifier: BSD-2-Clause */
/* Bodies of session blocks made by hand to break the rules, behind checksums that are right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/error.h"
#include "format/rows_block.h"

/* A session block made by hand. */
struct hand_made {
    struct wire_buffer body;
};

/* Columns that every block has: the places of those under test come behind theirs. */
#define REQUIRED 6
#define CLOSE_US 1000 /* of all sessions */

static void put_required_columns(struct wire_buffer *directory, int count)
{
    const struct column required[REQUIRED] = {
        {.kind = COLUMN_INTEGERS, .number = 1, .base = CLOSE_US},
        {.kind = COLUMN_INDEX, .number = 1},
        {.kind = COLUMN_BYTES, .table = 1, .number = 30},
        {.kind = COLUMN_BYTES, .table = 1, .number = 32},
        {.kind = COLUMN_INTEGERS, .number = 31, .base = 80},
        {.kind = COLUMN_INTEGERS, .number = 33, .base = 81},
    };

    for (int i = 0; i < count; i++)
        column_encode(&required[i], directory);
}

static void begin_body(struct hand_made *h, uint32_t rows, uint32_t columns)
{
    uint8_t head[ROWS_HEAD_SIZE] = {0};

    wire_store64(head + 24, CLOSE_US);
    wire_store64(head + 32, CLOSE_US);
    h->body = (struct wire_buffer){0};
    wire_put(&h->body, head, sizeof head);
    wire_put_varint(&h->body, 3); /* tables */
    wire_put_varint(&h->body, rows);
    wire_put_varint(&h->body, 1);
    wire_put_varint(&h->body, 1);
    wire_put_varint(&h->body, columns);
}

static int decode_body(struct hand_made *h, uint32_t rows, struct tlz_batch *batch,
                       uint64_t *ret_unknown)
{
    static struct rows_decoder *d;
    struct tlz_fieldset all;
    int r;

    if (!d)
        assert_int_equal(rows_decoder_open(&d), 0);
    memset(&all, 0xff, sizeof all);
    wire_store32(h->body.data + ROWS_HEAD_SIZE - 4, (uint32_t)(h->body.size - ROWS_HEAD_SIZE));
    r = rows_decode(d, TLZ_SESSIONS, h->body.data, h->body.size, rows, &all, batch);
    if (ret_unknown && !rows_decoder_unknown(d, ret_unknown))
        *ret_unknown = 0;
    wire_free(&h->body);
    if (r < 0)
        d = rows_decoder_free(d);
    return r;
}

static int decode_columns(uint32_t rows, const struct column *columns, uint32_t count,
                          const void *data, size_t size, uint64_t *ret_unknown)
{
    struct tlz_batch batch;
    struct hand_made h;

    begin_body(&h, rows, REQUIRED + count);
    put_required_columns(&h.body, REQUIRED);
    for (uint32_t i = 0; i < count; i++)
        column_encode(&columns[i], &h.body);
    wire_put(&h.body, data, size);
    return decode_body(&h, rows, &batch, ret_unknown);
}

static void test_hostile_columns(void **state)
{
    const struct column cwnd = {.kind = COLUMN_INTEGERS, .number = 54, .base = 10};
    struct column bad = cwnd, two[2] = {cwnd, cwnd};
    uint64_t unknown = 0;

    (void)state;
    assert_int_equal(decode_columns(3, &cwnd, 1, "", 0, &unknown), 0);
    assert_int_equal(unknown, 0);
    assert_int_equal(decode_columns(3, two, 2, "", 0, NULL), -TLZ_E_SYNTAX); /* the field twice */
    assert_int_equal(decode_columns(3, &cwnd, 1, "x", 1, NULL), -TLZ_E_SYNTAX); /* bytes too many */
    bad.number = 1000;
    assert_int_equal(decode_columns(3, &bad, 1, "", 0, &unknown), 0);
    assert_int_equal(unknown, 1000);
    bad = cwnd;
    bad.kind = COLUMN_BYTES;
    assert_int_equal(decode_columns(3, &bad, 1, "", 0, NULL),
                     -TLZ_E_SYNTAX); /* not the field's type */
    bad = cwnd;
    bad.table = 3;
    assert_int_equal(decode_columns(3, &bad, 1, "", 0, NULL), -TLZ_E_SYNTAX); /* no such table */
    bad = cwnd;
    bad.presence = 1;
    assert_int_equal(decode_columns(3, &bad, 1, "", 0, NULL), -TLZ_E_SYNTAX); /* no such bitmap */
    bad = cwnd;
    bad.terms = 1;
    bad.term[0].column = REQUIRED;
    assert_int_equal(decode_columns(3, &bad, 1, "", 0, NULL), -TLZ_E_SYNTAX); /* a term of itself */
    bad = cwnd;
    bad.base = UINT64_MAX;
    assert_int_equal(decode_columns(3, &bad, 1, "", 0, NULL), -TLZ_E_SYNTAX); /* out of range */
    bad = cwnd;
    bad.width = 1;
    bad.stored = 2;
    assert_int_equal(decode_columns(3, &bad, 1, "xx", 2, NULL),
                     -TLZ_E_SYNTAX); /* three are needed */
    bad.compressed = true;
    assert_int_equal(decode_columns(3, &bad, 1, "xx", 2, NULL), -TLZ_E_ZSTD);
    bad = cwnd;
    bad.table = 2;
    assert_int_equal(decode_columns(3, &bad, 1, "", 0, NULL), 0); /* no index leads there: absent */
}

static void test_hostile_tables(void **state)
{
    const struct column loop = {.kind = COLUMN_INDEX, .table = 2, .number = 2};
    const struct column beyond = {.kind = COLUMN_INDEX, .number = 3};
    const struct column out_of_range[] = {
        {.kind = COLUMN_INDEX, .number = 2, .base = 1},
        {.kind = COLUMN_INTEGERS, .table = 2, .number = 25, .base = 1000},
    };
    const struct column twice[] = {{.kind = COLUMN_INDEX, .number = 2},
                                   {.kind = COLUMN_INDEX, .number = 2}};
    const struct column tail[] = {{.kind = COLUMN_BITMAP, .stored = 1},
                                  {.kind = COLUMN_INTEGERS, .number = 54, .presence = 1}};
    struct tlz_batch batch;
    struct hand_made h;

    (void)state;
    assert_int_equal(decode_columns(3, &loop, 1, "", 0, NULL), -TLZ_E_SYNTAX);
    assert_int_equal(decode_columns(3, &beyond, 1, "", 0, NULL), -TLZ_E_SYNTAX);
    assert_int_equal(decode_columns(3, out_of_range, 2, "", 0, NULL), -TLZ_E_SYNTAX);
    assert_int_equal(decode_columns(3, twice, 2, "", 0, NULL), -TLZ_E_SYNTAX);
    assert_int_equal(decode_columns(3, tail, 2, "\x07", 1, NULL), 0);
    assert_int_equal(decode_columns(3, tail, 2, "\x0f", 1, NULL),
                     -TLZ_E_SYNTAX); /* a bit past the last row */
    begin_body(&h, 4, 0);
    assert_int_equal(decode_body(&h, 3, &batch, NULL), -TLZ_E_SYNTAX); /* not the header's rows */
}

/* close_us, laddr and raddr are in every block, for every session. */
static void test_required_columns(void **state)
{
    const struct column optional_close[] = {{.kind = COLUMN_BITMAP, .stored = 1},
                                            {.kind = COLUMN_INTEGERS, .number = 1, .presence = 1}};
    struct tlz_batch batch;
    struct hand_made h;

    (void)state;
    begin_body(&h, 3, 0);
    assert_int_equal(decode_body(&h, 3, &batch, NULL), -TLZ_E_SYNTAX);
    begin_body(&h, 3, REQUIRED);
    put_required_columns(&h.body, REQUIRED);
    assert_int_equal(decode_body(&h, 3, &batch, NULL), 0);
    begin_body(&h, 3, REQUIRED - 1); /* without rport */
    put_required_columns(&h.body, REQUIRED - 1);
    assert_int_equal(decode_body(&h, 3, &batch, NULL), -TLZ_E_SYNTAX);
    begin_body(&h, 3, 2);
    column_encode(&optional_close[0], &h.body);
    column_encode(&optional_close[1], &h.body);
    wire_put8(&h.body, 1);
    assert_int_equal(decode_body(&h, 3, &batch, NULL), -TLZ_E_SYNTAX);
}

/* A frame that says it is small and is not, and one that is larger than its length says. */
static void test_decompression_is_bounded(void **state)
{
    struct tlz_batch batch;
    struct hand_made h = {0};
    uint8_t head[ROWS_HEAD_SIZE] = {[ROWS_HEAD_SIZE - 8] = ROWS_JOINT};

    (void)state;
    wire_put(&h.body, head, sizeof head);
    wire_put32(&h.body, TLZ_JOINT_MAX + 1);
    assert_int_equal(decode_body(&h, 1, &batch, NULL), -TLZ_E_LIMIT);
    h.body = (struct wire_buffer){0};
    wire_put(&h.body, head, sizeof head);
    wire_put32(&h.body, 100);
    wire_put(&h.body, "no frame", 8);
    assert_int_equal(decode_body(&h, 1, &batch, NULL), -TLZ_E_ZSTD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_columns),
        cmocka_unit_test(test_hostile_tables),
        cmocka_unit_test(test_required_columns),
        cmocka_unit_test(test_decompression_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

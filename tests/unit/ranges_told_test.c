/* SPDX-License-Identifier: BSD-2-Clause */
/* What a block tells of its rows is all that it may tell, and just what they have. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/ranges.h"
#include "format/rows_block.h"
#include "memory_file.h"

#define ROWS          (TLZ_RANGES_ROWS + 500)
#define EVERY_REFUSED 10

/* Of a row: fields that measure or classify, which are stored, and the three that are made of
 * those. docs/FORMAT.md, section 6.5. */
struct told {
    bool has[TLZ_FIELD_COUNT];
    uint64_t value[TLZ_FIELD_COUNT];
};

static void tell(struct told *t, enum tlz_field f, uint64_t value)
{
    t->has[f] = true;
    t->value[f] = value;
}

static bool may_be_told(enum tlz_field f)
{
    enum tlz_type type = tlz_fields[f].type;

    return tlz_fields[f].number && type != TLZ_TYPE_TIME && type != TLZ_TYPE_ID &&
           type != TLZ_TYPE_ADDRESS && type != TLZ_TYPE_NAME;
}

static bool has_both(const struct tlz_row *row, enum tlz_field a, enum tlz_field b)
{
    return tlz_row_has(row, a) && tlz_row_has(row, b);
}

static void tell_derived(const struct tlz_row *row, struct told *t)
{
    uint64_t birth = row->value[TLZ_ESTABLISHED_US].u;

    if (!tlz_row_has(row, TLZ_ESTABLISHED_US)) {
        birth = row->value[TLZ_OPEN_US].u;
        if (has_both(row, TLZ_SYN_SENT_US, TLZ_SYN_RECV_US))
            birth += row->value[TLZ_SYN_SENT_US].u;
    }
    if ((tlz_row_has(row, TLZ_ESTABLISHED_US) || tlz_row_has(row, TLZ_OPEN_US)) &&
        birth <= row->value[TLZ_CLOSE_US].u)
        tell(t, TLZ_MS, row->value[TLZ_CLOSE_US].u - birth);
    if (has_both(row, TLZ_SENT_BYTES, TLZ_RETRANS_BYTES) &&
        row->value[TLZ_RETRANS_BYTES].u <= row->value[TLZ_SENT_BYTES].u)
        tell(t, TLZ_TX_PAYLOAD_BYTES,
             row->value[TLZ_SENT_BYTES].u - row->value[TLZ_RETRANS_BYTES].u);
    if (has_both(row, TLZ_RX_BYTES, TLZ_FIN_RECEIVED) &&
        row->value[TLZ_FIN_RECEIVED].u <= row->value[TLZ_RX_BYTES].u)
        tell(t, TLZ_RX_PAYLOAD_BYTES, row->value[TLZ_RX_BYTES].u - row->value[TLZ_FIN_RECEIVED].u);
}

/* Widens by one row what is expected. */
static void expect_row(enum tlz_kind kind, const struct tlz_row *row, struct tlz_ranges *all)
{
    struct told t = {0};

    TLZ_FOREACH_FIELD(f)
        if (may_be_told(f) && tlz_row_has(row, f))
            tell(&t, f, row->value[f].u);
    if (kind == TLZ_SESSIONS)
        tell_derived(row, &t);
    TLZ_FOREACH_FIELD(f) {
        struct tlz_range *range = &all->field[f];

        if (!t.has[f])
            continue;
        if (tlz_fields[f].type == TLZ_TYPE_ENUM) {
            range->set |= UINT64_C(1) << (t.value[f] < 63 ? t.value[f] : 63);
            continue;
        }
        range->least = t.value[f] < range->least ? t.value[f] : range->least;
        range->greatest = t.value[f] > range->greatest ? t.value[f] : range->greatest;
    }
}

static void expect_nothing(struct tlz_ranges *ret)
{
    TLZ_FOREACH_FIELD(f)
        ret->field[f] = (struct tlz_range){.least = UINT64_MAX};
}

/* A row that is refused, for its port, and would widen all. */
static void add_refused(struct rows_builder *b, const struct tlz_row *like)
{
    struct tlz_row row = *like;

    TLZ_FOREACH_FIELD(f) {
        if (may_be_told(f) && tlz_fieldset_has(&tlz_kinds[b->kind].fields, f))
            tlz_row_set(&row, f, tlz_fields[f].max);
    }
    tlz_row_set(&row, TLZ_LPORT, (uint64_t)UINT16_MAX + 1);
    assert_int_equal(rows_builder_add(b, &row), -EINVAL);
}

/* Fills a block with rows of any values, of which those in `without` are never there. */
static void fill(struct rows_builder *b, uint32_t rows, const struct tlz_fieldset *without,
                 struct tlz_ranges *ret_expected)
{
    uint64_t seed = 42;

    rows_builder_clear(b);
    expect_nothing(ret_expected);
    for (uint32_t i = 0; i < rows; i++) {
        struct tlz_row row;

        wild_row(b->kind, &seed, &row);
        for (size_t word = 0; word < sizeof without->bits / sizeof *without->bits; word++)
            row.present.bits[word] &= ~without->bits[word];
        if (i % EVERY_REFUSED == 0)
            add_refused(b, &row);
        assert_int_equal(rows_builder_add(b, &row), 0);
        expect_row(b->kind, &row, ret_expected);
    }
}

/* Of the block that the builder's rows make: what it tells, if it does. */
static bool read_told(const struct rows_builder *b, struct tlz_ranges *ret)
{
    struct wire_buffer body = {0};
    struct rows_encoder *encoder;
    bool is_told;

    assert_int_equal(rows_encoder_open(&encoder, 1), 0);
    assert_int_equal(rows_encode(encoder, b, &body), 0);
    is_told = tlz_ranges_read(b->kind, body.data, body.size, ret);
    rows_encoder_free(encoder);
    wire_free(&body);
    return is_told;
}

static void check_told(const struct rows_builder *b, const struct tlz_ranges *expected)
{
    struct tlz_ranges told;

    assert_true(read_told(b, &told));
    TLZ_FOREACH_FIELD(f) {
        const struct tlz_range *x = &told.field[f], *y = &expected->field[f];

        if (x->set != y->set || x->least != y->least || x->greatest != y->greatest)
            fail_msg("%s: %jx to %jx, %jx; and not %jx to %jx, %jx", tlz_fields[f].name,
                     (uintmax_t)x->least, (uintmax_t)x->greatest, (uintmax_t)x->set,
                     (uintmax_t)y->least, (uintmax_t)y->greatest, (uintmax_t)y->set);
    }
}

/* Each test is of one kind of rows, and gets an empty builder of it. */
static int set_up(void **state)
{
    const enum tlz_kind *kind = *state;

    *state = rows_builder_new(*kind);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    *state = rows_builder_free(*state);
    return 0;
}

static void test_all_is_told(void **state)
{
    struct rows_builder *b = *state;
    struct tlz_ranges expected;

    fill(b, ROWS, &(struct tlz_fieldset){0}, &expected);
    check_told(b, &expected);
    /* The rows are such as to tell signed from unsigned. */
    for (size_t i = 0; i < tlz_kinds[b->kind].count; i++) {
        enum tlz_field f = tlz_kinds[b->kind].order[i];

        if (may_be_told(f) && tlz_fields[f].max == UINT64_MAX)
            assert_true(expected.field[f].least >> 63 == 0 &&
                        expected.field[f].greatest >> 63 == 1);
    }
}

/* A field that no row has is not told of, and of the block before nothing is left. */
static void test_what_no_row_has(void **state)
{
    struct rows_builder *b = *state;
    struct tlz_ranges expected;

    for (size_t i = 0; i < tlz_kinds[b->kind].count; i++) {
        enum tlz_field f = tlz_kinds[b->kind].order[i];
        struct tlz_fieldset without = {0};

        if (!may_be_told(f))
            continue;
        fill(b, TLZ_RANGES_ROWS, &without, &expected);
        tlz_fieldset_add(&without, f);
        fill(b, TLZ_RANGES_ROWS, &without, &expected);
        assert_true(!expected.field[f].set && expected.field[f].least == UINT64_MAX);
        check_told(b, &expected);
    }
}

static void test_few_rows_tell_nothing(void **state)
{
    struct rows_builder *b = *state;
    struct tlz_ranges told;

    fill(b, TLZ_RANGES_ROWS - 1, &(struct tlz_fieldset){0}, &told);
    assert_false(read_told(b, &told));
}

#define OF_KIND(test, kind)                                                                        \
    {                                                                                              \
#test "_" #kind, test, set_up, tear_down, &(enum tlz_kind)                                 \
        {                                                                                          \
            kind                                                                                   \
        }                                                                                          \
    }
#define OF_BOTH(test) OF_KIND(test, TLZ_SESSIONS), OF_KIND(test, TLZ_STATES)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OF_BOTH(test_all_is_told),
        OF_BOTH(test_what_no_row_has),
        OF_BOTH(test_few_rows_tell_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

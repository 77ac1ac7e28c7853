/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of state beside sessions: what is written of each comes back, and one is no part of the
 * other. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory_file.h"

#define ROWS  (2 * TLZ_ROWS_MAX + 1000)
#define EVERY 4 /* changes of state for a session */

static const struct tlz_clock boot_clock = {.boot_us = 5000000, .real_us = 1760000000000000};
static const struct tlz_clock unix_clock;

struct fixture {
    struct memory_file file;
    struct tlz_row *rows[TLZ_KINDS];
    uint32_t count[TLZ_KINDS];
    struct tlz_writer *writer;
    uint32_t source;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        f->rows[kind] = calloc(ROWS, sizeof **f->rows);
    f->writer = open_writer(&f->file, 0, &f->source);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        free(f->rows[kind]);
    tlz_writer_free(f->writer);
    memory_file_free(&f->file);
    free(f);
    return 0;
}

static void add(struct fixture *f, enum tlz_kind kind, const struct tlz_clock *clock)
{
    assert_true(f->count[kind] < ROWS);
    assert_int_equal(
        tlz_writer_add_row(f->writer, kind, f->source, clock, &f->rows[kind][f->count[kind]++]), 0);
}

static struct tlz_row *next(struct fixture *f, enum tlz_kind kind)
{
    return &f->rows[kind][f->count[kind]];
}

/* A change of state as hosts have them: the sockets come again, a listener's child has its
 * addresses. */
static void usual_state(uint64_t *seed, uint64_t time_us, struct tlz_row *ret)
{
    uint64_t bits = random_next(seed), socket = bits % 300, process = socket % 7;
    uint8_t host[4] = {192, 0, 2, 1}, peer[4] = {198, 51, 100, (uint8_t)socket};
    struct tlz_bytes address;

    tlz_row_clear(ret);
    tlz_row_set(ret, TLZ_TIME_US, time_us);
    tlz_row_set(ret, TLZ_SOCKET, socket * 0x9e3779b97f4a7c15 & TLZ_SOCKET_MAX);
    tlz_row_set(ret, TLZ_OLD_STATE, 1 + bits / 300 % 12);
    tlz_row_set(ret, TLZ_NEW_STATE, 1 + bits / 3600 % 12);
    if (bits / 300 % 12 > 3)
        tlz_row_set(ret, TLZ_IN_OLD_US, bits >> 40);
    tlz_row_set(ret, TLZ_TASK_PID, 1000 + bits % 5);
    tlz_row_set_name(ret, TLZ_TASK_COMM, "ksoftirqd/0", 11);
    tlz_row_set(ret, TLZ_CONNECT_PID, 500 + process);
    tlz_row_set_name(ret, TLZ_CONNECT_COMM, "curl", 4);
    tlz_address_from_v4(&address, host);
    tlz_row_set_address(ret, TLZ_LADDR, address.b);
    tlz_address_from_v4(&address, peer);
    tlz_row_set_address(ret, TLZ_RADDR, address.b);
    tlz_row_set(ret, TLZ_LPORT, 40000 + socket);
    tlz_row_set(ret, TLZ_RPORT, 443);
    tlz_row_set(ret, TLZ_UID, process);
}

/* Both kinds in turn, as a recorder adds them. */
static void add_both(struct fixture *f, const struct tlz_clock *clock)
{
    uint64_t seed = 7, us = 7000000000;

    while (f->count[TLZ_STATES] < ROWS) {
        us += 300;
        if (f->count[TLZ_STATES] % EVERY == 0) {
            random_session(&seed, us, next(f, TLZ_SESSIONS));
            add(f, TLZ_SESSIONS, clock);
        }
        usual_state(&seed, us, next(f, TLZ_STATES));
        add(f, TLZ_STATES, clock);
    }
}

static void finish(struct fixture *f)
{
    struct tlz_writer_stats stats;

    assert_int_equal(tlz_writer_finish(f->writer, NULL), 0);
    tlz_writer_stats(f->writer, &stats);
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        assert_int_equal(stats.of[kind].written, f->count[kind]);
        assert_int_equal(stats.of[kind].pending, 0);
        assert_int_equal(stats.of[kind].dropped, 0);
    }
}

/* Reads all, and compares the rows of each kind, as far as its fields are selected. */
static void expect_all(struct fixture *f)
{
    struct tlz_input input = memory_input_at(&f->file);
    struct tlz_reader *r = NULL;
    uint32_t seen[TLZ_KINDS] = {0};
    struct tlz_item item;
    struct tlz_row row;
    uint64_t number;

    assert_int_equal(tlz_reader_open(&r, &input), 0);
    tlz_reader_verify(r);
    while (tlz_reader_next(r, &item) == 1) {
        assert_int_not_equal(item.kind, TLZ_ITEM_DAMAGE);
        assert_int_not_equal(item.kind, TLZ_ITEM_UNKNOWN);
        if (item.kind == TLZ_ITEM_END && f->count[TLZ_STATES]) {
            assert_int_equal(tlz_metadata_number(item.meta, TLZ_META_STATES, &number), 1);
            assert_int_equal(number, f->count[TLZ_STATES]);
        }
        for (uint32_t i = 0; item.kind == TLZ_ITEM_ROWS && i < item.batch->rows; i++) {
            enum tlz_kind kind = item.batch->kind;

            assert_true(seen[kind] < f->count[kind]);
            tlz_batch_row(item.batch, i, &row);
            assert_rows_equal(kind, &f->rows[kind][seen[kind]++], &row);
        }
    }
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        assert_int_equal(seen[kind], f->count[kind]);
    tlz_reader_free(r);
}

static void test_both_come_back(void **state)
{
    struct fixture *f = *state;

    add_both(f, &boot_clock);
    finish(f);
    expect_all(f);
}

static void test_wild_states(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 11;

    while (f->count[TLZ_STATES] < 3000) {
        wild_row(TLZ_STATES, &seed, next(f, TLZ_STATES));
        add(f, TLZ_STATES, &unix_clock);
    }
    finish(f);
    expect_all(f);
}

static void test_owner_is_derived(void **state)
{
    struct fixture *f = *state;
    struct tlz_input input;
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    uint64_t seed = 13;

    usual_state(&seed, 7000000000, next(f, TLZ_STATES));
    add(f, TLZ_STATES, &boot_clock);
    finish(f);
    input = memory_input(&f->file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    while (tlz_reader_next(r, &item) == 1 && item.kind != TLZ_ITEM_ROWS)
        ;
    assert_true(tlz_item_has(&item, TLZ_STATES));
    assert_int_equal(item.batch->column[TLZ_OWNER].u[0], TLZ_OWNER_CONNECT);
    assert_int_equal(item.batch->column[TLZ_OWNER_PID].u[0],
                     f->rows[TLZ_STATES][0].value[TLZ_CONNECT_PID].u);
    assert_string_equal((const char *)item.batch->column[TLZ_OWNER_COMM].bytes[0].b, "curl");
    assert_int_equal(item.batch->column[TLZ_FAMILY].u[0], 4);
    assert_null(item.batch->column[TLZ_PID].u);
    assert_null(item.batch->column[TLZ_TX_BYTES].u);
    tlz_reader_free(r);
}

/* What of a kind was passed over and read, by a reader that wants a window and few fields. */
static void test_window(void **state)
{
    struct fixture *f = *state;
    struct tlz_fieldset times = {0}, none = {0};
    uint64_t skipped[TLZ_KINDS] = {0}, read[TLZ_KINDS] = {0}, last_us;
    struct tlz_input input;
    struct tlz_reader *r = NULL;
    struct tlz_item item;

    add_both(f, &boot_clock);
    finish(f);
    last_us = f->rows[TLZ_STATES][ROWS - 1].value[TLZ_TIME_US].u - boot_clock.boot_us +
              boot_clock.real_us;
    input = memory_input_at(&f->file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    tlz_fieldset_add(&times, TLZ_TIME_US);
    tlz_reader_select(r, TLZ_STATES, &times);
    tlz_reader_select(r, TLZ_SESSIONS, &none);
    tlz_reader_window(r, last_us, UINT64_MAX);
    while (tlz_reader_next(r, &item) == 1) {
        assert_int_not_equal(item.kind, TLZ_ITEM_DAMAGE);
        if (item.kind == TLZ_ITEM_SKIPPED)
            skipped[item.skipped.kind] += item.skipped.rows;
        if (item.kind != TLZ_ITEM_ROWS)
            continue;
        read[item.batch->kind] += item.batch->rows;
        assert_int_equal(!!item.batch->column[TLZ_TIME_US].u, item.batch->kind == TLZ_STATES);
        assert_null(item.batch->column[TLZ_CLOSE_US].u);
        assert_null(item.batch->column[TLZ_LADDR].bytes);
    }
    assert_int_equal(read[TLZ_STATES], ROWS - 2 * TLZ_ROWS_MAX);
    assert_int_equal(skipped[TLZ_STATES], 2 * TLZ_ROWS_MAX);
    assert_int_equal(read[TLZ_SESSIONS] + skipped[TLZ_SESSIONS], f->count[TLZ_SESSIONS]);
    assert_true(input.size > f->file.read_total);
    tlz_reader_free(r);
}

static void test_losses_apart(void **state)
{
    const struct tlz_loss of_states = {TLZ_LOSS_RING_FULL, 17, 1000, 2000, TLZ_STATES};
    const struct tlz_loss of_sessions = {TLZ_LOSS_RING_FULL, 4, 1000, 2000, TLZ_SESSIONS};
    struct fixture *f = *state;
    uint64_t lost[TLZ_KINDS] = {0}, number = 0;
    struct tlz_writer_stats stats;
    struct tlz_input input;
    struct tlz_reader *r = NULL;
    struct tlz_item item;

    assert_int_equal(tlz_writer_add_loss(f->writer, f->source, &of_states), 0);
    assert_int_equal(tlz_writer_add_loss(f->writer, f->source, &of_sessions), 0);
    tlz_writer_stats(f->writer, &stats);
    assert_int_equal(stats.of[TLZ_STATES].lost, 17);
    assert_int_equal(stats.of[TLZ_SESSIONS].lost, 4);
    finish(f);
    input = memory_input(&f->file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    while (tlz_reader_next(r, &item) == 1) {
        if (item.kind == TLZ_ITEM_LOSS)
            lost[item.loss.kind] += item.loss.count;
        if (item.kind == TLZ_ITEM_END)
            assert_int_equal(tlz_metadata_number(item.meta, TLZ_META_STATES_LOST, &number), 1);
    }
    assert_int_equal(lost[TLZ_STATES], 17);
    assert_int_equal(lost[TLZ_SESSIONS], 4);
    assert_int_equal(number, 17);
    tlz_reader_free(r);
}

static void test_what_is_refused(void **state)
{
    static const enum tlz_field required[] = {TLZ_TIME_US, TLZ_LADDR, TLZ_RADDR, TLZ_LPORT,
                                              TLZ_RPORT};
    struct fixture *f = *state;
    uint64_t seed = 17;
    struct tlz_row row;

    usual_state(&seed, 7000000000, &row);
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        struct tlz_row lacking = row;

        tlz_fieldset_remove(&lacking.present, required[i]);
        assert_int_equal(
            tlz_writer_add_row(f->writer, TLZ_STATES, f->source, &boot_clock, &lacking), -EINVAL);
    }
    tlz_row_set(&row, TLZ_SOCKET, TLZ_SOCKET_MAX + 1);
    assert_int_equal(tlz_writer_add_row(f->writer, TLZ_STATES, f->source, &boot_clock, &row),
                     -EINVAL);
    finish(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
        TEST(test_both_come_back), TEST(test_wild_states),  TEST(test_owner_is_derived),
        TEST(test_window),         TEST(test_losses_apart), TEST(test_what_is_refused),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

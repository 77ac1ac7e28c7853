/* SPDX-License-Identifier: BSD-2-Clause */
/* What is written comes back: sessions of every shape, clocks, losses, names, the end. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory_file.h"

static const struct tlz_clock boot_clock = {.boot_us = 5000000,
                                            .real_us = 1760000000000000,
                                            .uncertainty_us = 3,
                                            .status = TLZ_CLOCK_SYNCED};

static void sessions_come_back(struct memory_file *file, const struct tlz_row *expected,
                               uint32_t count, const struct tlz_clock *clock)
{
    struct tlz_input input = memory_input(file);
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    uint32_t seen = 0;
    int ended = 0;

    assert_int_equal(tlz_reader_open(&r, &input), 0);
    while (tlz_reader_next(r, &item) == 1) {
        assert_int_not_equal(item.kind, TLZ_ITEM_DAMAGE);
        assert_int_not_equal(item.kind, TLZ_ITEM_UNKNOWN);
        ended += item.kind == TLZ_ITEM_END;
        if (!tlz_item_has(&item, TLZ_SESSIONS))
            continue;
        assert_memory_equal(&item.batch->clock, clock, sizeof *clock);
        for (uint32_t row = 0; row < item.batch->rows; row++) {
            struct tlz_row s;

            tlz_batch_row(item.batch, row, &s);
            assert_true(seen < count);
            assert_rows_equal(TLZ_SESSIONS, &expected[seen++], &s);
        }
    }
    assert_int_equal(seen, count);
    assert_int_equal(ended, 1);
    tlz_reader_free(r);
}

static void round_trip(void (*make)(uint64_t *, uint64_t, struct tlz_row *), uint32_t count,
                       int level, size_t read_step, const struct tlz_clock *clock)
{
    struct tlz_row *sessions = calloc(count, sizeof *sessions);
    struct memory_file file = {.read_step = read_step};
    uint32_t source;
    struct tlz_writer *w = open_writer(&file, level, &source);
    struct tlz_writer_stats stats;
    uint64_t seed = count;

    for (uint32_t i = 0; i < count; i++) {
        make(&seed, 10000000000 + i * 700ull, &sessions[i]);
        assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, clock, &sessions[i]), 0);
    }
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    tlz_writer_stats(w, &stats);
    assert_int_equal(stats.of[TLZ_SESSIONS].written, count);
    assert_int_equal(stats.bytes, file.size);
    sessions_come_back(&file, sessions, count, clock);
    tlz_writer_free(w);
    memory_file_free(&file);
    free(sessions);
}

static void wild(uint64_t *seed, uint64_t close_us, struct tlz_row *ret)
{
    (void)close_us;
    wild_row(TLZ_SESSIONS, seed, ret);
}

static void test_usual_sessions(void **state)
{
    static const uint32_t counts[] = {0,   1,    2,    63,   64,           65,
                                      500, 1023, 1024, 5000, TLZ_ROWS_MAX, TLZ_ROWS_MAX + 1};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        round_trip(random_session, counts[i], 0, 0, &boot_clock);
    round_trip(random_session, 300, 19, 1, &boot_clock);
    round_trip(random_session, 3000, 1, 777, &boot_clock);
}

/* Times of any size: with a clock pair of zeros nothing leaves the range that a time has. */
static void test_wild_sessions(void **state)
{
    const struct tlz_clock zero = {0};

    (void)state;
    for (uint32_t count = 1; count < 200; count += 7)
        round_trip(wild, count, 0, 0, &zero);
    round_trip(wild, 3000, 0, 0, &zero);
}

/* A selection gives just those columns, and derived values are right without what they are made
 * from being selected. */
static void test_selection_and_derived(void **state)
{
    struct memory_file file = {0};
    uint32_t source;
    struct tlz_writer *w = open_writer(&file, 0, &source);
    struct tlz_fieldset fields = {0};
    struct tlz_reader *r = NULL;
    struct tlz_row s;
    struct tlz_input input;
    struct tlz_item item;
    uint64_t seed = 5, row = 0;

    (void)state;
    for (uint32_t i = 0; i < 2000; i++) {
        random_session(&seed, 10000000000 + i, &s);
        assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &s), 0);
    }
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    tlz_fieldset_add(&fields, TLZ_MS);
    tlz_fieldset_add(&fields, TLZ_COMM);
    tlz_fieldset_add(&fields, TLZ_OWNER);
    tlz_fieldset_add(&fields, TLZ_LPORT);
    tlz_fieldset_add(&fields, TLZ_SERVICE);
    tlz_fieldset_add(&fields, TLZ_RX_PAYLOAD_BYTES);
    tlz_fieldset_add(&fields, TLZ_TX_PAYLOAD_BYTES);
    tlz_fieldset_add(&fields, TLZ_FAMILY);
    input = memory_input(&file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    tlz_reader_select(r, TLZ_SESSIONS, &fields);
    seed = 5;
    while (tlz_reader_next(r, &item) == 1) {
        const struct tlz_batch *b = item.batch;

        if (!tlz_item_has(&item, TLZ_SESSIONS))
            continue;
        assert_null(b->column[TLZ_CWND].u);
        for (uint32_t i = 0; i < b->rows; i++, row++) {
            bool out;

            random_session(&seed, 10000000000 + row, &s);
            out = s.value[TLZ_DIRECTION].u == TLZ_DIRECTION_OUT;
            assert_int_equal(b->column[TLZ_MS].u[i],
                             s.value[TLZ_CLOSE_US].u - s.value[TLZ_ESTABLISHED_US].u);
            assert_int_equal(b->column[TLZ_OWNER].u[i], out ? TLZ_OWNER_CONNECT : TLZ_OWNER_CLOSE);
            assert_memory_equal(b->column[TLZ_COMM].bytes[i].b, s.value[TLZ_CLOSER_COMM].bytes.b,
                                16);
            assert_int_equal(b->column[TLZ_LPORT].u[i], s.value[TLZ_LPORT].u);
            assert_int_equal(b->column[TLZ_SERVICE].u[i], s.value[out ? TLZ_RPORT : TLZ_LPORT].u);
            assert_int_equal(b->column[TLZ_RX_PAYLOAD_BYTES].u[i], s.value[TLZ_RX_BYTES].u - 1);
            assert_int_equal(b->column[TLZ_TX_PAYLOAD_BYTES].u[i],
                             s.value[TLZ_SENT_BYTES].u - s.value[TLZ_RETRANS_BYTES].u);
            assert_int_equal(b->column[TLZ_FAMILY].u[i], 4);
        }
    }
    assert_int_equal(row, 2000);
    tlz_reader_free(r);
    tlz_writer_free(w);
    memory_file_free(&file);
}

/* The birth that bcc counts from, where there was no handshake, or only half of one. */
static void test_ms_without_a_handshake(void **state)
{
    static const struct {
        int open, established, syn_sent, syn_recv;
        int64_t ms; /* -1 = absent */
    } cases[] = {
        {1, 1, 1, 0, 600}, {1, 0, 1, 0, 1000}, {1, 0, 0, 1, 1000},
        {1, 0, 1, 1, 900}, {0, 0, 0, 0, -1},   {0, 1, 0, 0, 600},
    };
    struct memory_file file = {0};
    uint32_t source;
    struct tlz_writer *w = open_writer(&file, 0, &source);
    struct tlz_reader *r = NULL;
    struct tlz_input input;
    struct tlz_item item;
    uint64_t seed = 1;
    int seen = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tlz_row s, times;

        random_session(&seed, 7000000000, &times);
        tlz_row_clear(&s);
        TLZ_FOREACH_SESSION_FIELD(f) {
            if (f == TLZ_LADDR || f == TLZ_RADDR || f == TLZ_LPORT || f == TLZ_RPORT) {
                tlz_fieldset_add(&s.present, f);
                s.value[f] = times.value[f];
            }
        }
        tlz_row_set(&s, TLZ_CLOSE_US, 2000000);
        if (cases[i].open)
            tlz_row_set(&s, TLZ_OPEN_US, 2000000 - 1000);
        if (cases[i].established)
            tlz_row_set(&s, TLZ_ESTABLISHED_US, 2000000 - 600);
        if (cases[i].syn_sent)
            tlz_row_set(&s, TLZ_SYN_SENT_US, 100);
        if (cases[i].syn_recv)
            tlz_row_set(&s, TLZ_SYN_RECV_US, 50);
        assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &s), 0);
    }
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    input = memory_input(&file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    while (tlz_reader_next(r, &item) == 1) {
        for (uint32_t i = 0; tlz_item_has(&item, TLZ_SESSIONS) && i < item.batch->rows;
             i++, seen++) {
            assert_int_equal(tlz_batch_has(item.batch, TLZ_MS, i), cases[i].ms >= 0);
            if (cases[i].ms >= 0)
                assert_int_equal(item.batch->column[TLZ_MS].u[i], cases[i].ms);
        }
    }
    assert_int_equal(seen, sizeof cases / sizeof *cases);
    tlz_reader_free(r);
    tlz_writer_free(w);
    memory_file_free(&file);
}

/* Times in a row are Unix times by the pair of their own block: a step of the wall clock between
 * blocks changes none before it. */
static void test_clock_pairs(void **state)
{
    struct tlz_clock stepped = boot_clock;
    struct memory_file file = {0};
    uint32_t source;
    struct tlz_writer *w = open_writer(&file, 0, &source);
    struct tlz_reader *r = NULL;
    struct tlz_row s;
    struct tlz_input input;
    struct tlz_item item;
    uint64_t seed = 3, expected[2];
    int blocks = 0;

    (void)state;
    stepped.real_us += 3600000000;
    random_session(&seed, 7000000000, &s);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &s), 0);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &stepped, &s), 0);
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    expected[0] = 7000000000 - boot_clock.boot_us + boot_clock.real_us;
    expected[1] = expected[0] + 3600000000;
    input = memory_input(&file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    while (tlz_reader_next(r, &item) == 1) {
        if (!tlz_item_has(&item, TLZ_SESSIONS))
            continue;
        assert_int_equal(item.batch->rows, 1);
        assert_int_equal(item.batch->column[TLZ_CLOSE_US].u[0], expected[blocks]);
        assert_int_equal(item.batch->time_min_us, expected[blocks]);
        assert_int_equal(item.batch->time_max_us, expected[blocks++]);
    }
    assert_int_equal(blocks, 2);
    tlz_reader_free(r);
    tlz_writer_free(w);
    memory_file_free(&file);
}

static void expect_item(struct tlz_reader *r, enum tlz_item_kind kind, struct tlz_item *ret)
{
    assert_int_equal(tlz_reader_next(r, ret), 1);
    assert_int_equal(ret->kind, kind);
}

static void test_other_blocks_in_order(void **state)
{
    const struct tlz_loss loss = {TLZ_LOSS_RING_FULL, 17, 1000, 2000};
    const struct tlz_name name = {TLZ_NAME_CGROUP, 7001, "/system.slice/nginx", 19};
    struct tlz_name long_name = name;
    struct memory_file file = {0};
    uint32_t source;
    struct tlz_writer *w = open_writer(&file, 0, &source);
    struct tlz_metadata *end = tlz_metadata_new();
    struct tlz_reader *r = NULL;
    struct tlz_row s;
    struct tlz_input input;
    struct tlz_item item;
    uint64_t seed = 3, number;

    (void)state;
    random_session(&seed, 7000000000, &s);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &s), 0);
    assert_int_equal(tlz_writer_add_name(w, source, &name), 0);
    assert_int_equal(tlz_writer_add_loss(w, source, &loss), 0);
    long_name.size = TLZ_NAME_MAX + 1;
    assert_int_equal(tlz_writer_add_name(w, source, &long_name), -EINVAL);
    assert_int_equal(tlz_writer_add_loss(w, 0, &loss), -EINVAL);
    assert_int_equal(tlz_writer_add_loss(w, source + 1, &loss), -EINVAL);
    assert_int_equal(tlz_metadata_set_text(end, TLZ_META_REASON, "interrupted"), 0);
    assert_int_equal(tlz_writer_finish(w, end), 0);

    input = memory_input(&file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    expect_item(r, TLZ_ITEM_FILE, &item);
    assert_int_equal(item.offset, 16);
    expect_item(r, TLZ_ITEM_SOURCE, &item);
    assert_int_equal(item.source, source);
    assert_string_equal(tlz_metadata_text(item.meta, TLZ_META_HOST, NULL), "web1");
    expect_item(r, TLZ_ITEM_ROWS, &item);
    expect_item(r, TLZ_ITEM_NAME, &item);
    assert_int_equal(item.name.kind, TLZ_NAME_CGROUP);
    assert_int_equal(item.name.id, 7001);
    assert_string_equal(item.name.text, "/system.slice/nginx");
    expect_item(r, TLZ_ITEM_LOSS, &item);
    assert_int_equal(item.loss.cause, TLZ_LOSS_RING_FULL);
    assert_int_equal(item.loss.count, 17);
    assert_int_equal(item.loss.from_us, 1000);
    assert_int_equal(item.loss.to_us, 2000);
    expect_item(r, TLZ_ITEM_END, &item);
    assert_string_equal(tlz_metadata_text(item.meta, TLZ_META_REASON, NULL), "interrupted");
    assert_int_equal(tlz_metadata_number(item.meta, TLZ_META_SESSIONS, &number), 1);
    assert_int_equal(number, 1);
    assert_int_equal(tlz_metadata_number(item.meta, TLZ_META_LOST, &number), 1);
    assert_int_equal(number, 17);
    assert_int_equal(tlz_reader_next(r, &item), 0);
    tlz_reader_free(r);
    tlz_metadata_free(end);
    tlz_writer_free(w);
    memory_file_free(&file);
}

static void test_invalid_sessions_are_refused(void **state)
{
    static const enum tlz_field required[] = {TLZ_CLOSE_US, TLZ_LADDR, TLZ_RADDR, TLZ_LPORT,
                                              TLZ_RPORT};
    struct memory_file file = {0};
    uint32_t source;
    struct tlz_writer *w = open_writer(&file, 0, &source);
    struct tlz_writer_stats stats;
    struct tlz_row s, bad;
    uint64_t seed = 4;

    (void)state;
    random_session(&seed, 7000000000, &s);
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        bad = s;
        tlz_fieldset_remove(&bad.present, required[i]);
        assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &bad), -EINVAL);
    }
    bad = s;
    tlz_row_set(&bad, TLZ_RPORT, 65536);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &bad), -EINVAL);
    bad = s;
    tlz_row_set(&bad, TLZ_MPTCP, 2);
    assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &bad), -EINVAL);
    tlz_writer_stats(w, &stats);
    assert_int_equal(stats.of[TLZ_SESSIONS].pending, 0);
    tlz_writer_free(w);
    memory_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usual_sessions),
        cmocka_unit_test(test_wild_sessions),
        cmocka_unit_test(test_selection_and_derived),
        cmocka_unit_test(test_ms_without_a_handshake),
        cmocka_unit_test(test_clock_pairs),
        cmocka_unit_test(test_other_blocks_in_order),
        cmocka_unit_test(test_invalid_sessions_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* --filter expressions: what they let through of rows made here, and what is said of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/block.h"
#include "report/capture/captures.h"
#include "report/filter/expression.h"

#define ROWS 130 /* two words, and a part of a third */

/* Row i: rport i; tx_bytes 1024 i, rx_bytes 100000; ms i milliseconds; close_us i seconds; raddr
 * 10.0.i.1, or of odd rows 2001:db8::i; comm "worker/I" with I = i mod 10; end i mod 16. Of every
 * third row comm, tx_bytes and fin_received are absent. */
struct fixture {
    struct tlz_batch batch;
    uint64_t u[TLZ_FIELD_COUNT][ROWS];
    struct tlz_bytes raddr[ROWS], comm[ROWS];
    uint64_t third[3];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    static const enum tlz_field integers[] = {TLZ_RPORT, TLZ_TX_BYTES, TLZ_RX_BYTES,    TLZ_MS,
                                              TLZ_END,   TLZ_CLOSE_US, TLZ_FIN_RECEIVED};

    assert_non_null(f);
    f->batch.rows = ROWS;
    for (uint32_t i = 0; i < ROWS; i++) {
        uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = (uint8_t)i};

        f->u[TLZ_RPORT][i] = i;
        f->u[TLZ_TX_BYTES][i] = 1024 * i;
        f->u[TLZ_RX_BYTES][i] = 100000;
        f->u[TLZ_MS][i] = 1000 * i;
        f->u[TLZ_CLOSE_US][i] = 1000000 * i;
        f->u[TLZ_END][i] = i % 16;
        f->u[TLZ_FIN_RECEIVED][i] = i % 2;
        memcpy(f->raddr[i].b, v6, sizeof v6);
        if (i % 2 == 0)
            tlz_address_from_v4(&f->raddr[i], (const uint8_t[4]){10, 0, (uint8_t)i, 1});
        snprintf((char *)f->comm[i].b, sizeof f->comm[i].b, "worker/%u", i % 10);
        if (i % 3 != 0)
            f->third[i / 64] |= UINT64_C(1) << (i % 64);
    }
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        f->batch.column[integers[i]].u = f->u[integers[i]];
    f->batch.column[TLZ_RADDR].bytes = f->raddr;
    f->batch.column[TLZ_COMM].bytes = f->comm;
    f->batch.column[TLZ_COMM].present = f->third;
    f->batch.column[TLZ_TX_BYTES].present = f->third;
    f->batch.column[TLZ_FIN_RECEIVED].present = f->third;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static uint32_t count(const struct fixture *f, const char *text)
{
    struct expression_error error;
    struct expression *e;
    const uint64_t *bits;
    uint32_t rows = 0;

    if (expression_compile(&e, TLZ_SESSIONS, KIND_BIT(TLZ_SESSIONS), text, &error) != 0)
        fail_msg("'%s': %s at %zu", text, error.text, error.at);
    bits = expression_rows(e, &f->batch);
    for (uint32_t i = 0; i < 192; i++)
        if (bits[i / 64] >> (i % 64) & 1) {
            assert_true(i < ROWS);
            rows++;
        }
    expression_free(e);
    return rows;
}

/* CHECK({text, rows}, ...) */
struct expected {
    const char *text;
    uint32_t rows;
};

static void check(void **state, const struct expected *expected, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint32_t rows = count(*state, expected[i].text);

        if (rows != expected[i].rows)
            fail_msg("'%s': %u rows, not %u", expected[i].text, rows, expected[i].rows);
    }
}

#define CHECK(...)                                                                                 \
    check(state, (const struct expected[]){__VA_ARGS__},                                           \
          sizeof((const struct expected[]){__VA_ARGS__}) / sizeof(struct expected))

static void test_integers(void **state)
{
    CHECK({"rport == 7", 1}, {"rport != 7", 129}, {"rport < 7", 7}, {"rport <= 7", 8},
          {"rport > 7", 122}, {"rport >= 7", 123}, {"rport < 0", 0}, {"rport >= 0", 130},
          {"rport in 10..19", 10}, {"rport in (1, 3 , 10..19)", 12}, {"rport not in 10..19", 120},
          {"rport in 5", 1}, {"rport==0x10", 1}, {"rport == '7'", 1}, {"cookie > 0", 0},
          {"rx_bytes > 18446744073709551615", 0}, {"rx_bytes <= 18446744073709551615", 130});
}

static void test_units(void **state)
{
    CHECK({"rx_bytes > 97K", 130}, {"rx_bytes > 98K", 0}, {"tx_bytes == 10K", 1}, {"ms == 5", 1},
          {"ms == 5ms", 1}, {"ms == 5000us", 1}, {"ms > 0.1s", 29}, {"ms < 1.5", 2},
          {"ms in 1ms..0.01s", 10}, {"close_us < 1970-01-01T00:01:00Z", 60},
          {"close_us >= 1970-01-01T01:01:00+01:00", 70}, {"close_us == 3000000", 1},
          {"close_us == '1970-01-01 00:00:03Z'", 1});
}

static void test_absent_values_compare_false(void **state)
{
    CHECK({"has(comm)", 86}, {"not has(comm)", 44}, {"comm == worker/1", 9},
          {"comm != worker/1", 77}, {"not comm == worker/1", 121}, {"comm not in worker/1", 77},
          {"not comm in worker/1", 121}, {"tx_bytes >= 0", 86}, {"tx_bytes != rx_bytes", 86},
          {"tx_bytes > rx_bytes", 21}, {"not (tx_bytes > rx_bytes)", 109}, {"fin_received", 43},
          {"fin_received == no", 43}, {"not fin_received", 87}, {"laddr == raddr", 0},
          {"laddr != raddr", 0}, {"has(laddr)", 0}, {"raddr != laddr", 0},
          {"not raddr == laddr", 130});
}

static void test_addresses(void **state)
{
    CHECK({"raddr == 10.0.2.1", 1}, {"raddr == ::ffff:10.0.2.1", 1}, {"raddr == 2001:db8::3", 1},
          {"raddr in 10.0.0.0/8", 65}, {"raddr in 10.0.2.0/24", 1}, {"raddr in 10.0.2.1", 1},
          {"raddr in 0.0.0.0/0", 65}, {"raddr in ::/0", 65}, {"raddr in ::ffff:0:0/96", 65},
          {"raddr in 2001:db8::/32", 65}, {"raddr in (2001:db8::/125, 10.0.0.0/22)", 6},
          {"raddr not in 10.0.0.0/8", 65}, {"raddr in 2001:db8::/127", 1});
}

static void test_names(void **state)
{
    CHECK({"comm ~ worker/*", 86}, {"comm ~ 'worker/[12]'", 18}, {"comm ~ '*/1'", 9},
          {"comm ~ worker", 0}, {"comm ~ '*'", 86}, {"comm ~ 'w?rker/1'", 9},
          {"comm ~ '*r*r*'", 86}, {"comm ~ '[!w]*'", 0}, {"comm ~ '\\*'", 0},
          {"comm == \"worker/\\x31\"", 9}, {"comm in (worker/1,'worker/2')", 18},
          {"end == refused", 8}, {"end ~ reset-*", 16}, {"end == 5", 8},
          {"end not in (refused)", 122}, {"end ~ *", 98}, {"end in (reset-here, reset-there)", 16});
}

static void test_logic(void **state)
{
    CHECK({"rport < 10 and rport > 5", 4}, {"rport < 10 && rport > 5", 4},
          {"rport < 10 or rport > 125", 14}, {"rport < 10 || rport > 125", 14},
          {"not rport < 10 and rport < 20", 10}, {"!(rport < 10 or rport > 125)", 116},
          {"rport == 1 or rport == 2 and rport == 3", 1}, {"not not rport == 1", 1},
          {"((rport == 1))", 1}, {"rport == 1 and rport == 2 or rport == 3", 1});
}

static void test_blanks_do_not_matter(void **state)
{
    CHECK({" rport==1||rport==2\n", 2}, {"rport in(1,2)", 2}, {"has ( rport )", 130},
          {"!rport==1", 129}, {"rport in 1 .. 2", 2}, {"\trport\t==\t1", 1});
}

static void check_error(enum tlz_kind kind, const char *text, size_t at, const char *wanted)
{
    struct expression_error error;
    struct expression *e = NULL;

    if (expression_compile(&e, kind, KIND_BIT(kind), text, &error) != -EINVAL)
        fail_msg("'%s' is taken", text);
    assert_null(e);
    if (error.at != at || error.at + error.size > strlen(text) || !strstr(error.text, wanted))
        fail_msg("'%s': '%s' at %zu", text, error.text, error.at);
}

/* tests/golden/cases has one of each error; here are those that would be long there. */
static void test_limits(void **state)
{
    char text[EXPRESSION_SIZE_MAX + 100];

    memset(text, ' ', sizeof text);
    strcpy(text + EXPRESSION_SIZE_MAX - 10, "rport == 1");
    assert_int_equal(count(*state, text), 1);
    strcpy(text + EXPRESSION_SIZE_MAX - 10, "rport == 11");
    check_error(TLZ_SESSIONS, text, EXPRESSION_SIZE_MAX, "longer than");
    memset(text, '(', EXPRESSION_DEPTH_MAX);
    strcpy(text + EXPRESSION_DEPTH_MAX, "rport == 1");
    memset(text + strlen(text) + 1, '\0', 1);
    for (int i = 0; i < EXPRESSION_DEPTH_MAX; i++)
        strcat(text, ")");
    assert_int_equal(count(*state, text), 1);
    memmove(text + 1, text, strlen(text) + 1);
    check_error(TLZ_SESSIONS, text, EXPRESSION_DEPTH_MAX, "too deep");
}

static void test_a_kind_has_its_own_fields(void **state)
{
    struct expression_error error;
    struct tlz_fieldset fields = {0};
    struct expression *e;

    (void)state;
    check_error(TLZ_STATES, "tx_bytes > 1", 0, "states have no field 'tx_bytes'");
    check_error(TLZ_SESSIONS, "new_state == CLOSE", 0, "sessions have no field 'new_state'");
    assert_int_equal(expression_compile(&e, TLZ_STATES, KIND_BIT(TLZ_STATES),
                                        "pid == 1 and new_state == CLOSE", &error),
                     0);
    expression_add_fields(e, &fields);
    assert_true(tlz_fieldset_has(&fields, TLZ_TASK_PID) &&
                tlz_fieldset_has(&fields, TLZ_NEW_STATE));
    assert_false(tlz_fieldset_has(&fields, TLZ_PID));
    expression_free(e);
}

/* Of rows of both kinds, what one of them lacks is absent in it. */
static void test_a_field_of_another_kind_is_absent(void **state)
{
    const unsigned int both = KIND_BIT(TLZ_SESSIONS) | KIND_BIT(TLZ_STATES);
    const struct fixture *f = *state;
    struct tlz_fieldset fields = {0};
    struct expression_error error;
    struct expression *e;

    assert_int_equal(
        expression_compile(&e, TLZ_SESSIONS, both,
                           "not in_old_us > 5 and not has(new_state) and rport < 9 and "
                           "not (ms > in_old_us or in_old_us <= ms)",
                           &error),
        0);
    assert_int_equal(expression_rows(e, &f->batch)[0], 0x1ff);
    expression_add_fields(e, &fields);
    assert_true(tlz_fieldset_has(&fields, TLZ_RPORT) && tlz_fieldset_has(&fields, TLZ_MS));
    assert_false(tlz_fieldset_has(&fields, TLZ_IN_OLD_US));
    expression_free(e);
    assert_int_equal(expression_compile(&e, TLZ_SESSIONS, both, "xyzzy > 1", &error), -EINVAL);
}

static void check_window(const char *text, uint64_t from, uint64_t to)
{
    struct expression_error error;
    struct expression *e;
    uint64_t from_us = 0, to_us = UINT64_MAX;

    assert_int_equal(expression_compile(&e, TLZ_SESSIONS, KIND_BIT(TLZ_SESSIONS), text, &error), 0);
    expression_window(e, &from_us, &to_us);
    if (from_us != from || to_us != to)
        fail_msg("'%s': from %llu to %llu", text, (unsigned long long)from_us,
                 (unsigned long long)to_us);
    expression_free(e);
}

static void test_windows(void **state)
{
    (void)state;
    check_window("rport == 1", 0, UINT64_MAX);
    check_window("close_us >= 5", 5, UINT64_MAX);
    check_window("close_us >= 5 and close_us < 9", 5, 8);
    check_window("rport == 1 and (close_us in (5, 9..12) and has(comm))", 5, 12);
    check_window("close_us == 5 or close_us == 9", 5, 9);
    check_window("close_us == 5 or rport == 9", 0, UINT64_MAX);
    check_window("close_us < 5 and close_us > 9", 10, 4);
    check_window("close_us < 0 or close_us == 9", 9, 9);
    check_window("close_us != 5", 0, UINT64_MAX);
    check_window("close_us not in 5..9", 0, UINT64_MAX);
    check_window("not close_us == 5", 0, UINT64_MAX);
    check_window("close_us == 5 and not (close_us == 5 and rport == 1)", 5, 5);
    check_window("close_us > open_us", 0, UINT64_MAX);
    check_window("open_us > 5", 0, UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_integers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_units, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_absent_values_compare_false, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_logic, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_blanks_do_not_matter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test(test_a_kind_has_its_own_fields),
        cmocka_unit_test_setup_teardown(test_a_field_of_another_kind_is_absent, set_up, tear_down),
        cmocka_unit_test(test_windows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

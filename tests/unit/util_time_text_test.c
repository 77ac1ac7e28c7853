/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "util/time_text.h"

#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

static void check_instant(const char *text, uint64_t wanted)
{
    uint64_t us = 7;
    int r = parse_instant(text, &us);

    if (r != 0 || us != wanted)
        fail_msg("'%s': %d, %llu", text, r, (unsigned long long)us);
}

static void test_instants(void **state)
{
    (void)state;
    check_instant("1970-01-01T00:00:00Z", 0);
    check_instant("1970-01-01T02:00:00+02:00", 0);
    check_instant("2026-05-01T09:00:01Z", 1777626001 * SECOND);
    check_instant("2026-05-01t09:00:01.25z", 1777626001 * SECOND + 250000);
    check_instant("2026-05-01 11:00:01+02:00", 1777626001 * SECOND);
    check_instant("2026-05-01T03:30:01-05:30", 1777626001 * SECOND);
    check_instant("2026-05-01T09:00Z", 1777626000 * SECOND);
    check_instant("2000-02-29T23:59:59.9999990Z", 951868799 * SECOND + 999999);
    check_instant("9999-12-31T23:59:59Z", UINT64_C(253402300799) * SECOND);
}

static void check_refused(const char *text, int wanted)
{
    struct typed_time t = {.ago_us = 7};
    int r = parse_time(text, &t);

    if (r != wanted || t.ago_us != 7)
        fail_msg("'%s': %d, not %d", text, r, wanted);
}

static void test_refused(void **state)
{
    static const char *const malformed[] = {
        "",
        " ",
        "x",
        "12",
        "12:3",
        "12:30:",
        "12:30:00.",
        "12:30Z",
        "1:30",
        "2026-05",
        "2026-5-1",
        "2026-05-01T",
        "2026-05-01 ",
        "2026-05-01T09",
        "2026-05-01T09:00:00+0200",
        "-",
        "- 1m",
        "2026-05-01T09:00:00Zx",
        "10 minutes",
        "10 parsecs ago",
        " ago",
        "m ago",
        "10  m ago",
        "-10x",
        "now ",
        "10 ago ago",
        "2026-05-01T09:00:00+02:00x",
        "-10 m ago",
        "20260501",
    };
    static const char *const impossible[] = {
        "24:00",
        "12:60",
        "12:30:60",
        "1969-12-31",
        "2026-13-01",
        "2026-00-01",
        "2026-04-31",
        "2026-02-29",
        "2100-02-29T00:00:00Z",
        "2026-05-00",
        "2026-05-01T24:00:00Z",
        "1970-01-01T00:00:00+00:01",
        "-99999999999999999999d",
    };
    static const char *const fine[] = {
        "2000-02-29T23:59:59.9999999Z", "2026-05-01 00:00:00.1234567", "12:30:00.0000001", "-0.5us",
        "0.0000001 seconds ago",
    };

    (void)state;
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        check_refused(fine[i], -EDOM);
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        check_refused(malformed[i], -EINVAL);
    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++)
        check_refused(impossible[i], -ERANGE);
}

static void test_an_instant_has_a_zone(void **state)
{
    uint64_t us;

    (void)state;
    assert_int_equal(parse_instant("2026-05-01T09:00:00", &us), -EINVAL);
    assert_int_equal(parse_instant("2026-05-01", &us), -EINVAL);
    assert_int_equal(parse_instant("09:00", &us), -EINVAL);
    assert_int_equal(parse_instant("now", &us), -EINVAL);
}

static void test_local_times(void **state)
{
    struct typed_time t;

    (void)state;
    assert_int_equal(parse_time("2026-05-01", &t), 0);
    assert_true(t.kind == TYPED_DATE && t.year == 2026 && t.month == 5 && t.day == 1);
    assert_int_equal(t.of_day_us, 0);
    assert_int_equal(parse_time("2024-02-29 23:59", &t), 0);
    assert_true(t.kind == TYPED_DATE && t.month == 2 && t.day == 29);
    assert_int_equal(t.of_day_us, 23 * HOUR + 59 * MINUTE);
    assert_int_equal(parse_time("2024-02-29T23:59:58.5", &t), 0);
    assert_int_equal(t.of_day_us, 23 * HOUR + 59 * MINUTE + 58 * SECOND + 500000);
    assert_int_equal(parse_time("00:00", &t), 0);
    assert_true(t.kind == TYPED_CLOCK && t.of_day_us == 0);
    assert_int_equal(parse_time("14:05:09", &t), 0);
    assert_int_equal(t.of_day_us, 14 * HOUR + 5 * MINUTE + 9 * SECOND);
}

static void check_ago(const char *text, uint64_t wanted)
{
    struct typed_time t;
    int r = parse_time(text, &t);

    if (r != 0 || t.kind != TYPED_AGO || t.ago_us != wanted)
        fail_msg("'%s': %d, %llu", text, r, (unsigned long long)t.ago_us);
}

static void test_relative_times(void **state)
{
    (void)state;
    check_ago("now", 0);
    check_ago("-10m", 10 * MINUTE);
    check_ago("-1.5h", 90 * MINUTE);
    check_ago("-30", 30 * SECOND);
    check_ago("10m ago", 10 * MINUTE);
    check_ago("10 m ago", 10 * MINUTE);
    check_ago("10 minutes ago", 10 * MINUTE);
    check_ago("1 minute ago", MINUTE);
    check_ago("2 mins ago", 2 * MINUTE);
    check_ago("90 seconds ago", 90 * SECOND);
    check_ago("5 sec ago", 5 * SECOND);
    check_ago("3hours ago", 3 * HOUR);
    check_ago("2 days ago", 48 * HOUR);
    check_ago("250 ms ago", 250000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instants),       cmocka_unit_test(test_refused),
        cmocka_unit_test(test_local_times),    cmocka_unit_test(test_an_instant_has_a_zone),
        cmocka_unit_test(test_relative_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* When an aligned file is due, by a clock that the test holds, and what files of a ring are called.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "record/ring_name.h"
#include "record/rotation.h"

#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* 2026-11-26 16:00:00 UTC. */
#define FOUR_PM (UINT64_C(1795708800) * SECOND)

/* 2016-12-31 24:00:00 UTC, before which there was a leap second. */
#define LEAP (UINT64_C(1483228800) * SECOND)

static void test_next_multiple(void **state)
{
    (void)state;
    assert_int_equal(rotation_next(FOUR_PM + 1, HOUR, 0), FOUR_PM + HOUR);
    assert_int_equal(rotation_next(FOUR_PM + HOUR - 1, HOUR, 0), FOUR_PM + HOUR);
    assert_int_equal(rotation_next(FOUR_PM + 17 * MINUTE, 15 * MINUTE, 0), FOUR_PM + 30 * MINUTE);
    assert_int_equal(rotation_next(FOUR_PM, DAY, 0), FOUR_PM + 8 * HOUR);
    assert_int_equal(rotation_next(0, HOUR, 0), HOUR);
}

static void test_at_a_multiple_it_is_the_next(void **state)
{
    (void)state;
    assert_int_equal(rotation_next(FOUR_PM, HOUR, FOUR_PM), FOUR_PM + HOUR);
    assert_int_equal(rotation_next(FOUR_PM, HOUR, 0), FOUR_PM + HOUR);
}

/* A zone that is half an hour off does not move midnight. */
static void test_time_zone_does_not_matter(void **state)
{
    (void)state;
    setenv("TZ", "Asia/Kolkata", 1);
    tzset();
    assert_int_equal(rotation_next(LEAP - HOUR, DAY, 0), LEAP);
    assert_int_equal(rotation_next(LEAP, HOUR, 0), LEAP + HOUR);
    setenv("TZ", "UTC", 1);
    tzset();
}

/* The clock goes from 24:00:00 back to 23:59:59: midnight comes twice, and one file begins. */
static void test_leap_second(void **state)
{
    (void)state;
    assert_int_equal(rotation_next(LEAP - 1, DAY, LEAP - DAY), LEAP);
    assert_int_equal(rotation_next(LEAP - SECOND, DAY, LEAP), LEAP + DAY);
    assert_int_equal(rotation_next(LEAP - 1, DAY, LEAP), LEAP + DAY);
}

/* A clock that was set back further has the multiple again, so that no file lasts longer. */
static void test_clock_set_back(void **state)
{
    (void)state;
    assert_int_equal(rotation_next(FOUR_PM - 30 * MINUTE, HOUR, FOUR_PM), FOUR_PM);
    assert_int_equal(rotation_next(FOUR_PM - SECOND - 1, HOUR, FOUR_PM), FOUR_PM);
}

static void check_name(const char *host, uint64_t ms, const char *wanted)
{
    struct ring_name name;
    uint64_t parsed;

    assert_int_equal(ring_name_format(host, ms, &name), 0);
    assert_string_equal(name.s, wanted);
    assert_true(ring_name_parse(host, name.s, &parsed));
    assert_int_equal(parsed, ms);
}

static void test_names(void **state)
{
    (void)state;
    check_name("web1", FOUR_PM / 1000, "web1-20261126T160000.000Z.tlz");
    check_name("web1", FOUR_PM / 1000 + 12, "web1-20261126T160000.012Z.tlz");
    check_name("a.b-c", 0, "a.b-c-19700101T000000.000Z.tlz");
    check_name("x", UINT64_C(253402300799999), "x-99991231T235959.999Z.tlz");
}

static void test_names_end_with_the_year_9999(void **state)
{
    struct ring_name name;

    (void)state;
    assert_int_equal(ring_name_format("x", UINT64_C(253402300800000), &name), -ERANGE);
    assert_int_equal(ring_name_format("x", UINT64_MAX, &name), -ERANGE);
}

static void test_what_is_no_name(void **state)
{
    static const char *const names[] = {
        "",
        "web1",
        "web1-",
        "web1-20261126T160000.000Z",
        "web1-20261126T160000.000Z.tlz~",
        "web1-20261126T160000Z.tlz",
        "web1-20261126T160000.00Z.tlz",
        "web1-20261326T160000.000Z.tlz",
        "web1-20261126T160060.000Z.tlz",
        "web1-20260230T000000.000Z.tlz",
        "web1- 2026112T160000.000Z.tlz",
        "web1-+202112T160000.000Z.tlz",
        "web1-19691231T235959.000Z.tlz",
        "web1-20261126T1600 0.000Z.tlz",
        "web2-20261126T160000.000Z.tlz",
        "web1-b-20261126T160000.000Z.tlz",
        "web-20261126T160000.000Z.tlz",
        "web1-20261126t160000.000z.tlz",
    };
    uint64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_false(ring_name_parse("web1", names[i], &ms));
}

static void test_hostile_hosts(void **state)
{
    char longest[200];

    (void)state;
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_string_equal(ring_name_host("../../etc/x").s, "_._.._etc_x");
    assert_string_equal(ring_name_host("-rf").s, "_rf");
    assert_string_equal(ring_name_host("a\nb\033[c d\xc3\xa4%s").s, "a_b__c_d___s");
    assert_string_equal(ring_name_host("").s, "host");
    assert_int_equal(strlen(ring_name_host(longest).s), RING_HOST_MAX);
    check_name(ring_name_host("%n").s, FOUR_PM / 1000, "_n-20261126T160000.000Z.tlz");
}

static void test_next_name(void **state)
{
    (void)state;
    assert_int_equal(ring_name_next(1000, 0), 1000);
    assert_int_equal(ring_name_next(1000, 999), 1000);
    assert_int_equal(ring_name_next(1000, 1000), 1001);
    assert_int_equal(ring_name_next(1000, 5000), 5001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_multiple),
        cmocka_unit_test(test_at_a_multiple_it_is_the_next),
        cmocka_unit_test(test_time_zone_does_not_matter),
        cmocka_unit_test(test_leap_second),
        cmocka_unit_test(test_clock_set_back),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_names_end_with_the_year_9999),
        cmocka_unit_test(test_what_is_no_name),
        cmocka_unit_test(test_hostile_hosts),
        cmocka_unit_test(test_next_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What clocks show once, twice and never. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/filter/local_time.h"
#include "report/text/zone.h"
#include "util/time_text.h"

static uint64_t at(const char *text)
{
    uint64_t us = 0;

    assert_int_equal(parse_instant(text, &us), 0);
    return us;
}

static void check(const char *zone, const char *shown, const char *first, const char *last)
{
    struct zone chosen = {0};
    struct typed_time t;
    struct tm day = {0};
    struct local_time found;

    assert_int_equal(zone_use(&chosen, zone), 0);
    assert_int_equal(parse_time(shown, &t), 0);
    day = (struct tm){.tm_year = t.year - 1900, .tm_mon = t.month - 1, .tm_mday = t.day};
    found = local_time_find(&day, t.of_day_us);
    if (found.first_us != at(first) || found.last_us != at(last))
        fail_msg("%s %s: %llu and %llu", zone, shown, (unsigned long long)found.first_us,
                 (unsigned long long)found.last_us);
}

static void test_once(void **state)
{
    (void)state;
    check("UTC", "2026-05-01 12:30:00.25", "2026-05-01T12:30:00.25Z", "2026-05-01T12:30:00.25Z");
    check("Europe/Berlin", "2026-10-25 01:59:59.999999", "2026-10-25T01:59:59.999999+02:00",
          "2026-10-25T01:59:59.999999+02:00");
    check("Europe/Berlin", "2026-10-25 03:00", "2026-10-25T03:00:00+01:00",
          "2026-10-25T03:00:00+01:00");
    check("Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T01:59:59+01:00",
          "2026-03-29T01:59:59+01:00");
    check("Europe/Berlin", "2026-03-29 03:00", "2026-03-29T03:00:00+02:00",
          "2026-03-29T03:00:00+02:00");
    check("Asia/Tokyo", "9999-12-31", "9999-12-31T00:00:00+09:00", "9999-12-31T00:00:00+09:00");
    check("Asia/Tokyo", "1970-01-01", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z");
}

static void test_twice(void **state)
{
    (void)state;
    check("Europe/Berlin", "2026-10-25 02:00", "2026-10-25T02:00:00+02:00",
          "2026-10-25T02:00:00+01:00");
    check("Europe/Berlin", "2026-10-25 02:59:59.5", "2026-10-25T02:59:59.5+02:00",
          "2026-10-25T02:59:59.5+01:00");
    check("America/New_York", "2026-11-01 01:30", "2026-11-01T01:30:00-04:00",
          "2026-11-01T01:30:00-05:00");
    check("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05T01:45:00+11:00",
          "2026-04-05T01:45:00+10:30");
    /* Without summer time: another offset from then on. */
    check("Europe/Moscow", "2014-10-26 01:30", "2014-10-26T01:30:00+04:00",
          "2014-10-26T01:30:00+03:00");
    check("America/Sao_Paulo", "2018-02-17 23:30", "2018-02-17T23:30:00-02:00",
          "2018-02-17T23:30:00-03:00");
}

static void test_never(void **state)
{
    (void)state;
    check("Europe/Berlin", "2026-03-29 02:00", "2026-03-29T03:00:00+02:00",
          "2026-03-29T03:00:00+02:00");
    check("Europe/Berlin", "2026-03-29 02:59:59.5", "2026-03-29T03:00:00+02:00",
          "2026-03-29T03:00:00+02:00");
    check("America/New_York", "2026-03-08 02:30", "2026-03-08T03:00:00-04:00",
          "2026-03-08T03:00:00-04:00");
    check("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00",
          "2018-11-04T01:00:00-02:00");
    /* A whole day, when the date line was crossed. */
    check("Pacific/Apia", "2011-12-30 12:00", "2011-12-31T00:00:00+14:00",
          "2011-12-31T00:00:00+14:00");
}

static void test_a_day_may_be_of_another_month(void **state)
{
    struct zone chosen = {0};
    struct tm day = {.tm_year = 126, .tm_mon = 4, .tm_mday = 0};

    (void)state;
    assert_int_equal(zone_use(&chosen, "UTC"), 0);
    assert_true(local_time_find(&day, 0).first_us == at("2026-04-30T00:00:00Z"));
    day = (struct tm){.tm_year = 126, .tm_mon = 11, .tm_mday = 32};
    assert_true(local_time_find(&day, 0).first_us == at("2027-01-01T00:00:00Z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_never),
        cmocka_unit_test(test_a_day_may_be_of_another_month),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

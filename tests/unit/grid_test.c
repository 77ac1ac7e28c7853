/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps of time in zones whose clocks are changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/text/zone.h"
#include "report/view/grid.h"
#include "util/time_text.h"

#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static uint64_t at(const char *text)
{
    uint64_t us = 0;

    assert_int_equal(parse_instant(text, &us), 0);
    return us;
}

static void use(const char *zone)
{
    struct zone chosen = {0};

    assert_int_equal(zone_use(&chosen, zone), 0);
}

/* Beginnings of steps, one behind the other. Every time within has its step's beginning. */
static void check(const char *zone, uint64_t step, const char *const *starts, size_t count)
{
    use(zone);
    for (size_t i = 0; i + 1 < count; i++) {
        uint64_t from = at(starts[i]), to = at(starts[i + 1]);

        if (grid_next(step, from) != to)
            fail_msg("%s: after %s comes %llu, not %s", zone, starts[i],
                     (unsigned long long)grid_next(step, from), starts[i + 1]);
        for (uint64_t part = 0; part <= 16; part++) {
            uint64_t us = from + (to - 1 - from) / 16 * part;

            if (grid_start(step, us) != from)
                fail_msg("%s: %llu is in the step from %llu, not %s", zone, (unsigned long long)us,
                         (unsigned long long)grid_start(step, us), starts[i]);
        }
        assert_true(grid_start(step, to - 1) == from);
    }
}

#define CHECK(zone, step, ...)                                                                     \
    do {                                                                                           \
        static const char *const starts[] = {__VA_ARGS__};                                         \
                                                                                                   \
        check(zone, step, starts, sizeof starts / sizeof *starts);                                 \
    } while (0)

static void test_utc(void **state)
{
    (void)state;
    CHECK("UTC", 10 * SECOND, "2026-05-01T00:00:00Z", "2026-05-01T00:00:10Z",
          "2026-05-01T00:00:20Z");
    CHECK("UTC", DAY, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z");
    CHECK("UTC", 7 * DAY, "2026-04-27T00:00:00Z", "2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z");
}

/* Clocks go from 02:00 to 03:00 on 2026-03-29 and from 03:00 to 02:00 on 2026-10-25. */
static void test_berlin(void **state)
{
    (void)state;
    CHECK("Europe/Berlin", DAY, "2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00",
          "2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00");
    CHECK("Europe/Berlin", DAY, "2026-10-24T00:00:00+02:00", "2026-10-25T00:00:00+02:00",
          "2026-10-26T00:00:00+01:00", "2026-10-27T00:00:00+01:00");
    CHECK("Europe/Berlin", HOUR, "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00",
          "2026-03-29T04:00:00+02:00");
    CHECK("Europe/Berlin", HOUR, "2026-10-25T01:00:00+02:00", "2026-10-25T02:00:00+02:00",
          "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00");
    CHECK("Europe/Berlin", 6 * HOUR, "2026-10-24T18:00:00+02:00", "2026-10-25T00:00:00+02:00",
          "2026-10-25T06:00:00+01:00", "2026-10-25T12:00:00+01:00");
    CHECK("Europe/Berlin", 6 * HOUR, "2026-03-29T00:00:00+01:00", "2026-03-29T06:00:00+02:00",
          "2026-03-29T12:00:00+02:00");
    CHECK("Europe/Berlin", 7 * DAY, "2026-10-19T00:00:00+02:00", "2026-10-26T00:00:00+01:00",
          "2026-11-02T00:00:00+01:00");
}

/* A change of clocks of half an hour; one at midnight; a day that there was not. */
static void test_strange_zones(void **state)
{
    (void)state;
    CHECK("Australia/Lord_Howe", HOUR, "2026-04-05T01:00:00+11:00", "2026-04-05T02:00:00+10:30",
          "2026-04-05T03:00:00+10:30");
    CHECK("Australia/Lord_Howe", 10 * MINUTE, "2026-04-05T01:50:00+11:00",
          "2026-04-05T01:30:00+10:30", "2026-04-05T01:40:00+10:30");
    CHECK("Australia/Lord_Howe", DAY, "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30");
    /* Clocks skip where a step would begin. */
    CHECK("Australia/Lord_Howe", HOUR, "2026-10-04T01:00:00+10:30", "2026-10-04T02:30:00+11:00",
          "2026-10-04T03:00:00+11:00");
    CHECK("America/Sao_Paulo", DAY, "2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00",
          "2018-11-05T00:00:00-02:00");
    CHECK("Asia/Kathmandu", HOUR, "2026-05-01T00:00:00+05:45", "2026-05-01T01:00:00+05:45");
    CHECK("America/Santiago", DAY, "2026-09-05T00:00:00-04:00", "2026-09-06T01:00:00-03:00",
          "2026-09-07T00:00:00-03:00");
    CHECK("Pacific/Apia", DAY, "2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00",
          "2012-01-01T00:00:00+14:00");
}

/* Over years of odd steps in odd zones: steps are without gap, and their own beginning. */
static void test_no_gap(void **state)
{
    static const char *const zones[] = {"UTC", "Europe/Berlin", "Australia/Lord_Howe",
                                        "America/Santiago", "Pacific/Apia"};
    static const uint64_t steps[] = {50 * MINUTE, 100 * MINUTE, 7 * HOUR, DAY, 3 * DAY};

    (void)state;
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
        use(zones[z]);
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            uint64_t from = grid_start(steps[s], at("2011-12-01T00:00:00Z"));

            while (from < at("2012-12-01T00:00:00Z")) {
                uint64_t to = grid_next(steps[s], from);

                assert_true(to > from && to - from <= steps[s] + DAY);
                assert_true(grid_start(steps[s], from) == from);
                assert_true(grid_start(steps[s], to - 1) == from);
                assert_true(grid_start(steps[s], from + (to - from) / 2) == from);
                from = to;
            }
        }
    }
}

static void test_ends_of_time(void **state)
{
    static const char *const zones[] = {"UTC", "America/New_York", "Pacific/Apia"};

    (void)state;
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
        use(zones[z]);
        assert_true(grid_start(DAY, 0) == 0);
        assert_true(grid_start(7 * DAY, 1) == 0);
        assert_true(grid_next(DAY, 0) > 0 && grid_next(DAY, 0) <= DAY);
        assert_true(grid_start(1, INT64_MAX) == INT64_MAX);
        assert_true(grid_next(1, INT64_MAX) == GRID_END);
        assert_true(grid_start(DAY, INT64_MAX) > INT64_MAX - DAY);
        assert_true(grid_next(DAY, grid_start(DAY, INT64_MAX)) == GRID_END);
        assert_true(grid_start(INT64_MAX / 2, INT64_MAX) <= INT64_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utc),           cmocka_unit_test(test_berlin),
        cmocka_unit_test(test_strange_zones), cmocka_unit_test(test_no_gap),
        cmocka_unit_test(test_ends_of_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/local_time.h"

#include <stdbool.h>

#include "report/text/zone.h"
#include "util/missing.h"

#define SECOND_US UINT64_C(1000000)
#define DAY_S     86400

static uint64_t unix_us(int64_t seconds, uint64_t part_us)
{
    return seconds < 0 ? 0 : (uint64_t)seconds * SECOND_US + part_us;
}

struct local_time local_time_find(const struct tm *day, uint64_t of_day_us)
{
    struct tm midnight = {.tm_year = day->tm_year, .tm_mon = day->tm_mon, .tm_mday = day->tm_mday};
    int64_t shown = timegm(&midnight) + (int64_t)(of_day_us / SECOND_US);
    uint64_t part_us = of_day_us % SECOND_US;
    /* Clocks change at most once in these two days. */
    int64_t before = zone_offset(shown - DAY_S), after = zone_offset(shown + DAY_S);
    int64_t first = shown - before, last = shown - after;
    bool is_first = zone_offset(first) == before, is_last = zone_offset(last) == after;

    if (!is_first && !is_last) {
        first = last = zone_change(last, first);
        part_us = 0;
    } else if (!is_first) {
        first = last;
    } else if (!is_last) {
        last = first;
    }
    return (struct local_time){unix_us(first, part_us), unix_us(last, part_us)};
}

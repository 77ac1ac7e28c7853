/* SPDX-License-Identifier: BSD-2-Clause */
/* When a clock in the zone that is shown (report/text/zone.h) shows a day and time. */
#ifndef REPORT_FILTER_LOCAL_TIME_H
#define REPORT_FILTER_LOCAL_TIME_H

#include <stdint.h>
#include <time.h>

/* Unix times in microseconds; 0 for what is before 1970. */
struct local_time {
    uint64_t first_us, last_us; /* they differ where clocks were put back over it */
};

/*
 * Of the day that tm_year, tm_mon and tm_mday say, which may be one more or less than its month
 * has, and the microseconds since its midnight, as a clock shows them (less than a day). A time
 * that clocks were put forward over is when they were.
 */
struct local_time local_time_find(const struct tm *day, uint64_t of_day_us);

#endif

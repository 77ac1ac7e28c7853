/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Steps of time that begin when a clock in the zone that is shown (report/text/zone.h) shows a
 * multiple of their length: 10m begins at :00, :10, ...; 1d at midnight, 7d on Mondays. So where
 * clocks are changed a step may be shorter or longer: a day has 23 or 25 hours. A change of clocks
 * that leads out of a step begins another one: an hour that comes twice is two. Times are Unix
 * times in microseconds.
 */
#ifndef REPORT_VIEW_GRID_H
#define REPORT_VIEW_GRID_H

#include <stdint.h>

/* No time at all: behind every step. */
#define GRID_END UINT64_MAX

/* When the step of a time (<= INT64_MAX) begins. `step_us` > 0 and <= INT64_MAX / 2. */
uint64_t grid_start(uint64_t step_us, uint64_t us);

/* When the next one begins, from when one does; GRID_END where that is after INT64_MAX. */
uint64_t grid_next(uint64_t step_us, uint64_t start_us);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* --since and --until: of rows whose time is in [since, until). */
#ifndef REPORT_FILTER_TIME_RANGE_H
#define REPORT_FILTER_TIME_RANGE_H

#include "format/row.h"
#include "util/time_text.h"

struct captures;
struct zone;

struct time_range {
    bool has_since, has_until;
    struct typed_time since, until;
    struct zone *zone; /* of what is typed without one */
    bool is_settled;   /* what follows is known: */
    uint64_t from_us;  /* Unix times */
    uint64_t end_us;   /* the first behind it; UINT64_MAX = none */
};

/* True when it leaves out anything. */
bool time_range_is_active(const struct time_range *range);

/* True when it is settled, or leaves out nothing, and does not leave out that time. */
bool time_range_has(const struct time_range *range, uint64_t us);

/* True when it cannot be settled without the captures, whose zone or day is meant. */
bool time_range_needs_captures(const struct time_range *range);

/* Of rows; first > last: of none. */
struct time_span {
    uint64_t first_us, last_us;
};

/*
 * Finds out which times are meant. A time of day without a day is: where it is known when the rows
 * are, the last such time not after the last row (of --until, the first after --since; or the next
 * day's, where else it is before the first row); else today's. Of what a clock shows twice, --since
 * is the first and --until the last. 0 or -ENOMEM.
 */
int time_range_settle(struct time_range *range, const struct captures *captures,
                      const struct time_span *rows);

/* Narrows [*from_us, *to_us] to it, once it is settled. */
void time_range_window(const struct time_range *range, uint64_t *from_us, uint64_t *to_us);

/* Keeps of rows[0 .. count) those that are in it; returns how many. It is settled. */
uint32_t time_range_apply(const struct time_range *range, const struct tlz_batch *batch,
                          uint32_t *rows, uint32_t count);

#endif

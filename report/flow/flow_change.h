/* SPDX-License-Identifier: BSD-2-Clause */
/* How a flow differs between two reports, and how much that matters. */
#ifndef REPORT_FLOW_FLOW_CHANGE_H
#define REPORT_FLOW_FLOW_CHANGE_H

#include "report/view/quantiles.h"

enum flow_side { FLOW_AFTER, FLOW_BEFORE, FLOW_SIDES };

/* What is compared of one side. */
struct flow_totals {
    uint64_t sessions, failed;
    uint64_t bytes;             /* each way together */
    const struct quantiles *ms; /* the lifespans */
};

struct flow_change {
    const char *word; /* "new", "gone", "slower", ... */
    uint64_t score;   /* thousandths */
};

/*
 * The change that matters most, between times of those lengths (microseconds, not 0). Four things
 * are compared: how many sessions there are in a time, which part of them fails, how long they
 * take, and how many bytes are moved in a time. Each has a size, from 0 to 1, and is so many
 * standard deviations away from chance, as if sessions came independently of each other; its score
 * is the product of both. So what is large and what is certain counts: a rare flow whose few
 * sessions all fail, and a busy one that is a little slower, come before what is neither.
 *
 *   sessions   size: difference of the rates as a part of their sum, 1 for a flow that is new or
 *              gone; deviation: of Poisson's
 *   failed     size: difference of the parts; deviation: of a part of all sessions together
 *   ms         size: which part of sessions takes longer than the median before, less that which
 *              takes shorter (by more than 1/64), and less the same of those before; deviation: of
 *              as many signs
 *   bytes      as sessions, but with the deviation of a mean of as many sessions
 */
struct flow_change flow_change_find(const struct flow_totals totals[FLOW_SIDES],
                                    const uint64_t span_us[FLOW_SIDES]);

/* What one number is of the other, in thousandths; with their spans, what they are in a time. The
 * greatest number where it is greater. `before` is not 0. */
uint64_t flow_change_ratio(uint64_t after, uint64_t before, const uint64_t span_us[FLOW_SIDES]);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which flows are shown. */
#ifndef REPORT_FLOW_FLOW_ORDER_H
#define REPORT_FLOW_FLOW_ORDER_H

#include "report/flow/flow_groups.h"

/* Puts so many flows, by their numbers, in order; `list` NULL = all of them. 0 and the numbers, for
 * the caller to free, or -ENOMEM. */
int flow_order(const struct flow_groups *g, const uint32_t *list, size_t count, uint32_t **ret);

/* Orders two flows, of one or of two groupings by the same keys, by these: < 0, 0, > 0. What is
 * absent comes first. */
int flow_compare_keys(const struct flow_groups *a, size_t flow_a, const struct flow_groups *b,
                      size_t flow_b);

#endif

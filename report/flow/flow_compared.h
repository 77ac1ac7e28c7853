/* SPDX-License-Identifier: BSD-2-Clause */
/* Flows of two sides: --compare. */
#ifndef REPORT_FLOW_FLOW_COMPARED_H
#define REPORT_FLOW_FLOW_COMPARED_H

#include "report/flow/flow_change.h"
#include "report/flow/flow_groups.h"

/* What is counted of every flow, to tell how it changed. */
struct flow_compared_part {
    enum tlz_field field;
    enum flow_part part;
};

extern const struct flow_compared_part flow_compared_parts[];
extern const size_t flow_compared_parts_count;

/* In how much time each side's sessions ended, all that its captures tell of, in microseconds. 1
 * and 1 where that is not known of both. Says so where it differs. */
void flow_compared_spans(const struct view_plan *plan, uint64_t ret_us[FLOW_SIDES]);

/* How a flow changed. */
struct flow_change flow_compared(const struct flow_groups *g, size_t flow);

/* True for figures that grow with the time in which they are counted. */
bool flow_is_counted_in_time(enum flow_figure figure);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Which flows may be among those that are kept of all: the others need no order, and no cells. */
#ifndef REPORT_FLOW_FLOW_TOP_H
#define REPORT_FLOW_FLOW_TOP_H

#include "report/flow/flow_groups.h"

/*
 * The numbers of the flows that come first by a cell, and of those that equal the last of them: at
 * least as many as are kept. 0 and *ret, for the caller to free, or NULL, and *ret_count is left as
 * it is: all of them may be needed; or -ENOMEM.
 */
int flow_top(struct flow_groups *g, const struct view_kept *kept, uint32_t **ret,
             size_t *ret_count);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The codes of rows: what flows are told apart by. */
#ifndef REPORT_FLOW_FLOW_GROUP_CODES_H
#define REPORT_FLOW_FLOW_GROUP_CODES_H

#include "report/flow/flow_groups.h"

/* The codes of key `k` of up to FLOW_TABLE_ROWS rows of a batch, whose column of it this is. 0 or
 * -ENOMEM. */
int flow_group_codes_find(struct flow_groups *g, size_t k, const struct tlz_column *c,
                          const uint32_t *row, uint32_t count, uint32_t *ret);

/* To be called before the rows of a batch: what was known of another one's entries is not of this
 * one's. */
void flow_group_codes_forget(struct flow_groups *g, const struct tlz_batch *batch);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What flows are told apart by: the codes of rows, as the words of a flow's record. */
#ifndef REPORT_FLOW_FLOW_GROUP_KEYS_H
#define REPORT_FLOW_FLOW_GROUP_KEYS_H

#include "report/flow/flow_groups.h"

/* To be called before the rows of a batch: what was known of another one's entries is not of this
 * one's. 0 or -ENOMEM. */
int flow_group_keys_begin(struct flow_groups *g, const struct tlz_batch *batch);

/* The keys of up to FLOW_TABLE_ROWS rows of that batch, table.key_words words each. 0 or -ENOMEM.
 */
int flow_group_keys_find(struct flow_groups *g, const struct tlz_batch *batch, const uint32_t *row,
                         uint32_t count, uint64_t *ret);

/* Frees what it keeps. */
void flow_group_keys_close(struct flow_groups *g);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Sessions grouped by keys: what a query asks for, counted over rows, and read as cells. */
#ifndef REPORT_FLOW_FLOW_GROUPS_H
#define REPORT_FLOW_FLOW_GROUPS_H

#include "report/flow/flow_codes.h"
#include "report/flow/flow_measures.h"
#include "report/flow/flow_query.h"
#include "report/flow/flow_table.h"
#include "util/wide.h"

/* A cell of a row, and where what it shows is among a flow's words. */
struct flow_cell {
    const struct flow_column *column;
    const struct flow_measure *measure; /* NULL = of none */
    uint32_t at;
};

/* Keys whose values repeat together: what all of them say of an entry is found once in a batch. */
struct flow_joint {
    const uint64_t *entry; /* of each row */
    unsigned int keys;     /* a bit for each */
    uint64_t *parts;       /* for each entry the words of a record, with these keys' codes alone */
    bool *is_known;        /* whether they are there */
};

struct flow_groups {
    const struct flow_query *query;
    struct flow_cell *cell; /* of the plan */
    size_t cells;
    struct flow_measures measures; /* of each side: those of FLOW_BEFORE are behind the others */
    size_t sides;
    uint64_t span_us[FLOW_SIDES]; /* where they are compared, set by the caller before the order is
                                     asked for */
    struct flow_codes codes[FLOW_KEYS_MAX]; /* of each key */
    struct flow_step step[FLOW_KEYS_MAX];
    struct flow_joint joint[FLOW_KEYS_MAX]; /* of the batch at hand */
    size_t joints;
    struct flow_table table;
    uint32_t *order;   /* numbers of flows, as they are shown: */
    size_t ordered;    /* how many */
    bool is_saturated; /* a sum was too great to be shown */
};

/* What has to be counted for the plan's cells, and the fields that are read. */
void flow_groups_measure(const struct view_plan *plan, struct flow_measures *ret,
                         struct tlz_fieldset *fields);

/* Each returns 0 or a negative errno. The plan outlives it. */
int flow_groups_open(struct flow_groups *g, const struct view_plan *plan);
int flow_groups_add(struct flow_groups *g, const struct rows *rows);

/* The same, and says of each row which flow it is: its number in the table. */
int flow_groups_add_numbered(struct flow_groups *g, const struct rows *rows, uint32_t *ret_flow);

/* Orders flows: where they are compared by their scores, most sessions first, then most bytes,
 * where tx_bytes and rx_bytes are shown, then by the keys. No rows are added any more. Flows that
 * are not kept may be left out. */
int flow_groups_sort(struct flow_groups *g, const struct view_kept *kept);

/* The cells of a flow by its place in that order; or one, or all, by its number, for which no order
 * is needed. */
struct cell flow_groups_cell(struct flow_groups *g, size_t flow, size_t cell);
void flow_groups_cells(struct flow_groups *g, size_t place, struct cell *ret);
void flow_groups_cells_of(struct flow_groups *g, size_t flow, struct cell *ret);

/* The number in one of these cells, which shows a figure; of a sum that is kept whole, all of it. 0
 * where it is absent. */
wide_number flow_groups_number(struct flow_groups *g, size_t place, size_t cell);

/* Says what is not right in what was shown. */
void flow_groups_say(const struct flow_groups *g);

/* Frees it, in any state but never opened. */
void flow_groups_close(struct flow_groups *g);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of flows: by which keys sessions are grouped, and what each column is of them. The
 * columns are the keys, totals, and for each field that can be counted FIELD_count, FIELD_min, and
 * so on.
 */
#ifndef REPORT_FLOW_FLOW_QUERY_H
#define REPORT_FLOW_FLOW_QUERY_H

#include "report/flow/flow_change.h"
#include "report/flow/flow_key.h"
#include "report/view/view.h"

/* What a column shows. */
enum flow_figure {
    FLOW_KEY,
    FLOW_SESSIONS,
    FLOW_FAILURES,
    FLOW_FAILED_SHARE,
    FLOW_RETRANS_SHARE,
    FLOW_OF_COUNT,
    FLOW_OF_SUM,
    FLOW_OF_MIN,
    FLOW_OF_MAX,
    FLOW_OF_MEAN,
    FLOW_OF_QUANTILE,
    FLOW_CHANGE_WORD,
    FLOW_CHANGE_SCORE,
};

struct flow_column {
    struct column column;
    enum flow_figure figure;
    enum tlz_field field; /* of which */
    uint32_t key;         /* of FLOW_KEY: its number */
    uint32_t part;        /* of FLOW_OF_QUANTILE: thousandths */
    bool is_before;       /* it is of --compare's side; */
    bool is_ratio;        /* or what this side's is of that one's */
    char name[40], heading[40], help[160];
    struct flow_column *next; /* that nobody had listed */
};

struct flow_query {
    struct flow_key key[FLOW_KEYS_MAX];
    size_t keys;
    bool is_compared;
    bool keeps_whole_sums;      /* flow_groups_number() has no bound */
    char *text;                 /* in which their names are */
    struct flow_column *listed; /* as they are in the plan's set, which goes on with */
    size_t listed_count;
    struct flow_column *named; /* ... those that were made as they were named, the last first */
};

/* The functions of a view type: view.h. NULL asks for the keys of a conversation: who spoke with
 * whom. The plan's query is a struct flow_query. */
int flow_query_ask(struct view_plan *plan, const char *argument);
int flow_query_find(struct view_plan *plan, const char *name, size_t name_size);
void flow_query_forget(void *query);

/* The plan's column that a cell shows. */
const struct flow_column *flow_query_column(const struct view_plan *plan, size_t cell);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Flows by some keys, of which a summary shows the greatest in one respect or another. */
#ifndef REPORT_VIEW_SUMMARY_GROUP_H
#define REPORT_VIEW_SUMMARY_GROUP_H

#include "report/flow/flow_groups.h"
#include "report/view/summary_columns.h"
#include "util/wide.h"

struct summary_group_type {
    const char *keys;    /* of flows */
    const char *columns; /* of flows: those of summary_columns that it has */
    bool failed_only;    /* of sessions that failed */
};

enum summary_group_name {
    SUMMARY_TALKERS,
    SUMMARY_FAILING,
    SUMMARY_SERVICES,
    SUMMARY_REMOTES,
    SUMMARY_GROUPS
};

extern const struct summary_group_type summary_groups[SUMMARY_GROUPS];

struct summary_group {
    const struct summary_group_type *type;
    struct view_plan plan;
    enum summary_column id[SUMMARY_COLUMNS]; /* of the plan's cells */
    struct flow_groups groups;
    bool is_open; /* groups are */
};

/* Plans it. 0, -ENOMEM, or EXIT_USAGE, which it never is. summary_group_close() follows. */
int summary_group_plan(struct summary_group *g, const struct summary_group_type *type);
void summary_group_close(struct summary_group *g);

/* The fields that it reads. */
void summary_group_add_fields(const struct summary_group *g, struct tlz_fieldset *fields);

/* Each returns 0 or a negative errno. summary_group_sort(): no rows are added any more. */
int summary_group_open(struct summary_group *g);
int summary_group_add(struct summary_group *g, const struct rows *rows);
int summary_group_sort(struct summary_group *g);

/* The flow of that place, as cells of summary_columns; those that it does not have are absent. */
void summary_group_cells(struct summary_group *g, size_t place, struct cell row[SUMMARY_COLUMNS]);

/* A flow that is among the greatest. */
struct summary_best {
    wide_number rank;
    size_t place;
};

/*
 * The greatest by a column, or by the sum of two (SUMMARY_COLUMNS = of one): up to `top`, ret's
 * room, the greatest first, equal ones as flows are ordered; none that has 0 or no value. Returns
 * how many.
 */
size_t summary_group_best(struct summary_group *g, enum summary_column rank,
                          enum summary_column rank_also, struct summary_best *ret, size_t top);

#endif

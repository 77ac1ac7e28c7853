/* SPDX-License-Identifier: BSD-2-Clause */
/* What a summary counts of all sessions, and of them by some keys. */
#ifndef REPORT_VIEW_SUMMARY_H
#define REPORT_VIEW_SUMMARY_H

#include "report/view/histogram.h"
#include "report/view/summary_group.h"
#include "util/wide.h"

struct summary {
    struct flow_measures measures; /* of all sessions */
    uint64_t *words;
    uint64_t first_us, last_us; /* ends of sessions; meaningless where none ended */
    uint64_t ended, still_open, owner_unknown;
    struct histogram ends;
    struct histogram seconds;    /* in which sessions ended */
    struct summary_group *group; /* SUMMARY_GROUPS of them, the caller's */
};

/* Adds the fields that are read for what is no group. */
void summary_add_fields(struct tlz_fieldset *fields);

/* Opens it, zeroed, and these groups, which are planned. Each returns 0 or a negative errno;
 * summary_close() follows. */
int summary_open(struct summary *s, struct summary_group *groups);
void summary_close(struct summary *s);

int summary_add(struct summary *s, const struct rows *rows);

/* No rows are added any more. */
int summary_finish(struct summary *s);

/* The second in which most sessions ended, the first of them (a Unix time in seconds), and how
 * many. False when none ended. */
bool summary_peak(struct summary *s, uint64_t *ret_second, uint64_t *ret_sessions);

/* Of all sessions, without a bound: how many, or a sum that lists are ordered by; 0 of others. */
wide_number summary_whole(const struct summary *s, enum summary_column column);

/* A row of all sessions: cells of summary_columns. */
void summary_total(const struct summary *s, struct cell row[SUMMARY_COLUMNS]);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of a timeline: of what each is made. */
#ifndef REPORT_VIEW_TIMELINE_COLUMNS_H
#define REPORT_VIEW_TIMELINE_COLUMNS_H

#include "report/view/columns.h"
#include "report/view/timeline.h"

/* A step whose cells are wanted. */
struct timeline_row {
    const struct flow_measures *measures;
    const uint64_t *words; /* timeline_words() */
    uint64_t most;         /* sessions in the step that has most */
};

extern const struct column timeline_columns[];
extern const size_t timeline_column_count;

/* Adds what has to be counted for a column, and the fields that are read for it. */
void timeline_column_measure(size_t column, struct flow_measures *m, struct tlz_fieldset *fields);

/* True for a column whose sum may be greater than what is shown: UINT64_MAX. */
bool timeline_is_sum(size_t column);

struct cell timeline_cell(const struct timeline_row *row, size_t column);

#endif

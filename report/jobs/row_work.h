/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is done with the rows of a block as soon as it is decoded, in whichever thread: those that
 * are wanted are selected, by a part of the fields where that is cheaper, and where the sink takes
 * parts, written as they will be shown.
 */
#ifndef REPORT_JOBS_ROW_WORK_H
#define REPORT_JOBS_ROW_WORK_H

#include "report/filter/filter.h"
#include "report/filter/time_range.h"
#include "report/sink/sorter.h"
#include "report/view/shown_views.h"

/* What all works have in common. */
struct row_work_plan {
    const struct filter *filter;
    const struct time_range *times;  /* settled, if it is active */
    const struct shown_views *views; /* NULL = rows are only selected */
    struct sink *sink;               /* of the views, which takes parts */
    unsigned int kinds;              /* of rows that are wanted, of KIND_BIT() */
    const struct sink *sorter;       /* that keeps some of all rows, by that number; or NULL */
    enum tlz_field sorted_by;
    /* Rows are selected by these fields before all are decoded: always, or where there is a bound.
     */
    bool probes, probes_bound;
    struct tlz_fieldset probe[TLZ_KINDS];
};

/* Zeroed = none. */
struct row_work {
    const struct row_work_plan *plan;
    struct filter filter; /* a copy */
    struct sorter_bound bound;
    uint32_t *row; /* TLZ_ROWS_MAX of them; row[0 .. count) are wanted */
    uint32_t count;
    struct sink *part; /* those rows, written; NULL = they are not */
    struct shown_views views;
};

/* 0 or -ENOMEM; row_work_close() follows in both cases. The plan outlives it. */
int row_work_open(struct row_work *w, const struct row_work_plan *plan);
void row_work_close(struct row_work *w);

/* Has it probe blocks, where so many of the fields are only needed when a row is wanted that it
 * pays to look for those first. The sorter is in the plan. */
void row_work_plan_probe(struct row_work_plan *plan, const struct tlz_fieldset fields[TLZ_KINDS]);

/* Notes which rows the sorter would keep, before a block is given to whichever thread. Of small
 * blocks all: what is found in them is the same with any number of jobs. */
void row_work_bound(struct row_work *w, const struct tlz_batch *block);

/* Selects the rows of a batch; then writes them, where they are to be: 0 or an error. */
void row_work_select(struct row_work *w, const struct tlz_batch *batch);
int row_work_write(struct row_work *w, const struct tlz_batch *batch);

#endif

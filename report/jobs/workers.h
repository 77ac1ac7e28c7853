/* SPDX-License-Identifier: BSD-2-Clause */
/* --jobs: the threads of a report, and what they do. */
#ifndef REPORT_JOBS_WORKERS_H
#define REPORT_JOBS_WORKERS_H

#include "report/input/inputs.h"
#include "report/jobs/ahead.h"

#define JOBS_MAX 64 /* that can be asked for */

/* Zeroed = none. */
struct workers {
    unsigned int jobs;
    struct crew *crew; /* NULL = the first thread does all */
    struct selection selection;
    struct row_work_plan plan;
    struct ahead_pool pool;
};

/*
 * Starts threads for so many jobs, ours included; 0 = as many as there are processors, up to a few,
 * and one where the inputs are small. Where nothing is a file there is one. Without memory for
 * threads there are none.
 */
void workers_start(struct workers *w, unsigned int jobs, const struct inputs *inputs);

/*
 * What sources are to be read with, or NULL: then readers decode blocks themselves. Where somebody
 * may be waiting for each row, nothing is read ahead. What the plan points to outlives the workers.
 */
struct ahead_pool *workers_pool(struct workers *w, const struct selection *selection,
                                const struct row_work_plan *plan, bool is_live);

/* Ends the threads; then, when no source is read ahead any more, frees the rest. */
void workers_stop(struct workers *w);
void workers_close(struct workers *w);

#endif

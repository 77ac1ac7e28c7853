/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of an input whose blocks of rows do not come in the order of their times: which times still come
 * behind a place in it. Found by its index, or by the heads of its blocks, before rows are read.
 */
#ifndef REPORT_INPUT_TIME_PLAN_H
#define REPORT_INPUT_TIME_PLAN_H

#include "report/input/source.h"

/* One block of rows, or several of one source and kind. */
struct planned_blocks {
    uint64_t offset;
    uint64_t first_us; /* least time in it; once it is planned, from it on */
    bool is_one;
};

/* Zeroed = none: blocks come in the order of their times, as far as is known. */
struct time_plan {
    struct planned_blocks *blocks; /* in the order of their offsets */
    size_t count;
    size_t sources; /* 1, or 2 = more */
    size_t at;      /* the last that begins not behind what was asked for */
};

/*
 * Makes one where it is needed and the input is a capture that can be read twice. One without an
 * index is read for that to its end only where it has several sources, all of which are described
 * before the first row. What is wrong with it is left to be found again. 0 or -ENOMEM.
 */
int time_plan_open(struct time_plan *ret, const struct source_type *type, struct input *input);
void time_plan_close(struct time_plan *plan);

static inline bool time_plan_is_needed(const struct time_plan *plan)
{
    return plan->count > 0;
}

/* The least time that may come behind the block at that offset, which is not less than that of the
 * last call; UINT64_MAX when there is none. */
uint64_t time_plan_behind(struct time_plan *plan, uint64_t offset);

#endif

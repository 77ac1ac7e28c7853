/* SPDX-License-Identifier: BSD-2-Clause */
/* What was counted in each step of time (report/view/grid.h), in the zone that was chosen. */
#ifndef REPORT_VIEW_TIMELINE_H
#define REPORT_VIEW_TIMELINE_H

#include "report/flow/flow_codes.h"
#include "report/flow/flow_measures.h"

#define TIMELINE_RECENT 64

/* The words of a step; behind them are those of its measures. */
enum timeline_word {
    TIMELINE_FROM, /* when it begins */
    TIMELINE_TO,   /* when the next one does, or GRID_END */
    TIMELINE_OPENED,
    TIMELINE_STILL_OPEN,
    TIMELINE_LOST,
    TIMELINE_WORDS
};

struct timeline {
    uint64_t step_us;
    const struct flow_measures *measures;
    const uint64_t *fresh;   /* measures of no session */
    struct flow_codes codes; /* of the beginnings of steps */
    uint64_t *words;         /* of all steps, in order of arrival */
    size_t count, capacity;
    uint32_t recent[TIMELINE_RECENT]; /* steps plus 1; those that were asked for lately */
};

/* Steps of that length (grid_start()) with these measures, which outlive it. 0 or a negative errno;
 * timeline_close() follows in every case. */
int timeline_open(struct timeline *t, uint64_t step_us, const struct flow_measures *measures,
                  const uint64_t *fresh);
void timeline_close(struct timeline *t);

/* The number of the step of a time, which is new when there was none. 0 or -ENOMEM. */
int timeline_find(struct timeline *t, uint64_t us, uint32_t *ret_step);

/* A step's words, valid until the next timeline_find(). */
static inline uint64_t *timeline_words(const struct timeline *t, uint32_t step)
{
    return &t->words[step * (TIMELINE_WORDS + t->measures->words)];
}

/* The numbers of all steps in order of time, for the caller to free, or NULL when memory is out. */
uint32_t *timeline_order(const struct timeline *t);

#endif

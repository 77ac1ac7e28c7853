/* SPDX-License-Identifier: BSD-2-Clause */
/* The times that a row can have which an expression lets through: so blocks can be passed over. */
#include "report/filter/expression_program.h"

static const struct range all_times = {0, UINT64_MAX}, no_time = {1, 0};

/* The least range around both. */
static struct range hull(struct range a, struct range b)
{
    if (a.low > a.high)
        return b;
    if (b.low > b.high)
        return a;
    return (struct range){a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high};
}

static struct range common(struct range a, struct range b)
{
    return (struct range){a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high};
}

static struct range of_leaf(const struct expression *e, const struct step *step)
{
    struct range range = no_time;

    if (step->kind != STEP_RANGES || step->field != tlz_kinds[e->kind].time || step->is_other)
        return all_times;
    for (uint32_t i = step->first; i < step->first + step->count; i++)
        range = hull(range, e->ranges[i]);
    return range;
}

/* The steps from *at on backwards, which make one bitmap; moves *at before them. */
static struct range of_steps(const struct expression *e, size_t *at)
{
    const struct step *step = &e->steps[--*at];
    struct range b, a;

    if (step->kind == STEP_NOT) {
        (void)of_steps(e, at);
        return all_times;
    }
    if (step->kind != STEP_AND && step->kind != STEP_OR)
        return of_leaf(e, step);
    b = of_steps(e, at);
    a = of_steps(e, at);
    return step->kind == STEP_AND ? common(a, b) : hull(a, b);
}

void expression_window(const struct expression *e, uint64_t *from_us, uint64_t *to_us)
{
    size_t at = e->step_count;
    struct range range = common((struct range){*from_us, *to_us}, of_steps(e, &at));

    *from_us = range.low;
    *to_us = range.high;
}

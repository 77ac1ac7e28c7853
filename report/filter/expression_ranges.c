/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether an expression can let a row of a block through, by what the block tells of its values: so
 * blocks can be passed over. */
#include "report/filter/expression_program.h"

static bool is_within(struct range range, uint64_t low, uint64_t high)
{
    return range.low <= low && high <= range.high;
}

static bool have_common(struct range range, uint64_t low, uint64_t high)
{
    return range.low <= high && low <= range.high && range.low <= range.high;
}

static bool is_in_any(const struct expression *e, const struct step *step, uint64_t value)
{
    for (uint32_t i = step->first; i < step->first + step->count; i++)
        if (is_within(e->ranges[i], value, value))
            return true;
    return false;
}

/* The last bit stands for other values, too. */
static bool set_can_match(const struct expression *e, const struct step *step, uint64_t set)
{
    if (set >> 63)
        return true;
    for (; set; set &= set - 1)
        if (is_in_any(e, step, (uint64_t)__builtin_ctzll(set)) != step->is_other)
            return true;
    return false;
}

static bool range_can_match(const struct expression *e, const struct step *step,
                            const struct tlz_range *range)
{
    for (uint32_t i = step->first; i < step->first + step->count; i++) {
        if (step->is_other && is_within(e->ranges[i], range->least, range->greatest))
            return false;
        if (!step->is_other && have_common(e->ranges[i], range->least, range->greatest))
            return true;
    }
    return step->is_other;
}

static bool leaf_can_match(const struct expression *e, const struct step *step,
                           const struct tlz_ranges *ranges)
{
    const struct tlz_range *range = &ranges->field[step->field];

    if (step->kind != STEP_RANGES)
        return true;
    if (range->set)
        return set_can_match(e, step, range->set);
    return range->least > range->greatest || range_can_match(e, step, range);
}

/* The steps from *at on backwards, which make one bitmap; moves *at before them. That none of its
 * operand's rows is let through says nothing of all of them: so `not` can match. */
static bool steps_can_match(const struct expression *e, size_t *at, const struct tlz_ranges *ranges)
{
    const struct step *step = &e->steps[--*at];
    bool b, a;

    if (step->kind == STEP_NOT) {
        (void)steps_can_match(e, at, ranges);
        return true;
    }
    if (step->kind != STEP_AND && step->kind != STEP_OR)
        return leaf_can_match(e, step, ranges);
    b = steps_can_match(e, at, ranges);
    a = steps_can_match(e, at, ranges);
    return step->kind == STEP_AND ? a && b : a || b;
}

bool expression_can_match(const struct expression *e, const struct tlz_ranges *ranges)
{
    size_t at = e->step_count;

    return steps_can_match(e, &at, ranges);
}

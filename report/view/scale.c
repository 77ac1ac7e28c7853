/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/scale.h"

#include <assert.h>

static void add(struct scale *scale, uint64_t edge)
{
    assert(scale->count < SCALE_STEPS_MAX);
    scale->edge[scale->count++] = edge;
}

/* 1, 2, 5, 10, ... of a unit, below `end`. */
static void add_decades(struct scale *scale, uint64_t unit, uint64_t end)
{
    static const uint64_t factors[] = {1, 2, 5};

    for (uint64_t decade = unit; decade < end; decade *= 10) {
        for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
            if (factors[i] > UINT64_MAX / decade || factors[i] * decade >= end)
                return;
            add(scale, factors[i] * decade);
        }
        if (decade > UINT64_MAX / 10)
            return;
    }
}

/* A step up to the next unit is not to be narrower than those around it. */
static void add_durations(struct scale *scale)
{
    static const uint64_t units[] = {1,          1000,        1000000,   60000000,
                                     3600000000, 86400000000, UINT64_MAX};

    for (size_t i = 0; i + 1 < sizeof units / sizeof *units; i++)
        add_decades(scale, units[i], units[i + 1] / 2 + 1);
}

void scale_make(struct scale *ret, enum scale_kind kind)
{
    *ret = (struct scale){.edge = {0}, .count = 1};
    if (kind == SCALE_NUMBERS)
        add_decades(ret, 1, UINT64_MAX);
    else if (kind == SCALE_DURATIONS)
        add_durations(ret);
    else
        for (unsigned int bits = 0; bits < 64; bits++)
            add(ret, UINT64_C(1) << bits);
}

size_t scale_step(const struct scale *scale, uint64_t value)
{
    size_t from = 0, to = scale->count;

    while (to - from > 1) {
        size_t middle = from + (to - from) / 2;

        if (scale->edge[middle] <= value)
            from = middle;
        else
            to = middle;
    }
    return from;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/timeline.h"

#include <errno.h>
#include <stdlib.h>

#include "report/view/grid.h"
#include "util/missing.h"

#define STEPS_FIRST 256

int timeline_open(struct timeline *t, uint64_t step_us, const struct flow_measures *measures,
                  const uint64_t *fresh)
{
    *t = (struct timeline){.step_us = step_us, .measures = measures, .fresh = fresh};
    return flow_codes_open(&t->codes);
}

void timeline_close(struct timeline *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        flow_measures_free(t->measures, timeline_words(t, i) + TIMELINE_WORDS);
    free(t->words);
    flow_codes_close(&t->codes);
    *t = (struct timeline){0};
}

static int make_room(struct timeline *t)
{
    size_t capacity = t->capacity ? 2 * t->capacity : STEPS_FIRST;
    uint64_t *words;

    if (t->count < t->capacity)
        return 0;
    words = reallocarray(t->words, capacity, (TIMELINE_WORDS + t->measures->words) * sizeof *words);
    if (!words)
        return -ENOMEM;
    t->words = words;
    t->capacity = capacity;
    return 0;
}

static int add_step(struct timeline *t, uint64_t from_us)
{
    uint64_t *words;

    if (make_room(t) < 0)
        return -ENOMEM;
    words = timeline_words(t, (uint32_t)t->count++);
    memset(words, 0, TIMELINE_WORDS * sizeof *words);
    memcpy(words + TIMELINE_WORDS, t->fresh, t->measures->words * sizeof *words);
    words[TIMELINE_FROM] = from_us;
    words[TIMELINE_TO] = grid_next(t->step_us, from_us);
    return 0;
}

static bool is_in(const struct timeline *t, uint32_t step, uint64_t us)
{
    const uint64_t *words = timeline_words(t, step);

    return us >= words[TIMELINE_FROM] && us < words[TIMELINE_TO];
}

/* What a clock shows is asked only where none of the recent steps is that of the time. */
int timeline_find(struct timeline *t, uint64_t us, uint32_t *ret_step)
{
    uint32_t *recent = &t->recent[us / t->step_us % TIMELINE_RECENT];
    union tlz_value from = {.bytes = {{0}}};
    uint32_t code;

    if (*recent && is_in(t, *recent - 1, us)) {
        *ret_step = *recent - 1;
        return 0;
    }
    from.u = grid_start(t->step_us, us);
    if (flow_codes_find(&t->codes, &from, 1, &code) < 0 ||
        (code > t->count && add_step(t, from.u) < 0))
        return -ENOMEM;
    *recent = code;
    *ret_step = code - 1;
    return 0;
}

static int compare_steps(const void *a, const void *b, void *timeline)
{
    uint64_t x = timeline_words(timeline, *(const uint32_t *)a)[TIMELINE_FROM];
    uint64_t y = timeline_words(timeline, *(const uint32_t *)b)[TIMELINE_FROM];

    return (x > y) - (x < y);
}

uint32_t *timeline_order(const struct timeline *t)
{
    uint32_t *order = calloc(t->count + 1, sizeof *order);

    if (!order)
        return NULL;
    for (uint32_t i = 0; i < t->count; i++)
        order[i] = i;
    qsort_r(order, t->count, sizeof *order, compare_steps, (void *)t);
    return order;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page_choice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/wide.h"

/* With fewer flows than that, steps are rather made longer, as long as there are so many of them.
 */
#define FLOWS_FEW  60
#define STEPS_MANY 120

struct weighed {
    uint64_t weight;
    uint32_t flow;
};

/* What flows are weighed by. */
struct amounts {
    wide_number sessions, failed, bytes;
};

static wide_number sum_at(const struct flow_groups *g, const uint64_t *words, enum tlz_field field)
{
    return flow_sum_at(words, flow_measures_find(&g->measures, field)->at[FLOW_WHOLE_SUM], 0);
}

static struct amounts amounts_of(const struct flow_groups *g, size_t flow)
{
    const uint64_t *words = flow_table_words(&g->table, flow);

    return (struct amounts){
        .sessions = wide_of(words[FLOW_WORD_SESSIONS]),
        .failed = wide_of(words[flow_measures_find(&g->measures, TLZ_END)->at[FLOW_FAILED]]),
        .bytes = wide_add(sum_at(g, words, TLZ_TX_BYTES), sum_at(g, words, TLZ_RX_BYTES))};
}

/* A part of the whole, of 2^32. */
static uint64_t share(wide_number part, wide_number whole)
{
    for (; wide_high(whole); whole = wide_half(whole))
        part = wide_half(part);
    if (wide_is_zero(whole))
        return 0;
    return wide_low(wide_quotient(wide_times(part, UINT64_C(1) << 32), whole));
}

static uint64_t weigh(const struct amounts *flow, const struct amounts *all)
{
    uint64_t sessions = share(flow->sessions, all->sessions);
    uint64_t failed = share(flow->failed, all->failed);
    uint64_t bytes = share(flow->bytes, all->bytes);
    uint64_t greater = sessions > failed ? sessions : failed;

    return greater > bytes ? greater : bytes;
}

static int compare_weighed(const void *a, const void *b)
{
    const struct weighed *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->flow > y->flow) - (x->flow < y->flow);
}

static struct amounts amounts_of_all(const struct flow_groups *groups)
{
    struct amounts all = {wide_of(0), wide_of(0), wide_of(0)};

    for (size_t i = 0; i < groups->table.count; i++) {
        struct amounts flow = amounts_of(groups, i);

        all.sessions = wide_add(all.sessions, flow.sessions);
        all.failed = wide_add(all.failed, flow.failed);
        all.bytes = wide_add(all.bytes, flow.bytes);
    }
    return all;
}

int page_choice_open(struct page_choice *ret, const struct flow_groups *groups)
{
    size_t count = groups->table.count;
    struct amounts all = amounts_of_all(groups);
    struct weighed *weighed = calloc(count + 1, sizeof *weighed);

    *ret = (struct page_choice){.count = count, .sessions = wide_low(all.sessions)};
    ret->flow = calloc(count + 1, sizeof *ret->flow);
    ret->keeps = calloc(count + 1, sizeof *ret->keeps);
    if (!weighed || !ret->flow || !ret->keeps) {
        free(weighed);
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        struct amounts flow = amounts_of(groups, i);

        weighed[i] = (struct weighed){weigh(&flow, &all), (uint32_t)i};
    }
    qsort(weighed, count, sizeof *weighed, compare_weighed);
    for (size_t i = 0; i < count; i++)
        ret->flow[i] = weighed[i].flow;
    free(weighed);
    return 0;
}

void page_choice_close(struct page_choice *choice)
{
    free(choice->flow);
    free(choice->keeps);
    *choice = (struct page_choice){0};
}

int page_choice_by_cells(struct page_choice *choice, const struct page_cube *cube, size_t cells)
{
    size_t *have = calloc(choice->count + 1, sizeof *have);
    size_t sum = 0;

    if (!have)
        return -ENOMEM;
    for (size_t i = 0; i < page_cube_count(cube); i++) {
        struct page_place place = page_cube_place(cube, i);

        if (place.flow < choice->count)
            have[place.flow]++;
    }
    for (size_t i = 0; i < choice->count; i++) {
        sum += have[choice->flow[i]];
        if (sum > cells)
            break;
        choice->keeps[choice->flow[i]] = true;
    }
    free(have);
    return 0;
}

/* The cells of a flow among those that are ordered. */
static size_t find_cells(const struct page_cube *cube, const uint32_t *order, uint32_t flow,
                         size_t *ret_count)
{
    size_t from = 0, to = page_cube_count(cube), end;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (page_cube_place(cube, order[middle]).flow < flow)
            from = middle + 1;
        else
            to = middle;
    }
    for (end = from; end < page_cube_count(cube); end++)
        if (page_cube_place(cube, order[end]).flow != flow)
            break;
    *ret_count = end - from;
    return from;
}

static int make_series(struct page_series *ret, const struct page_cube *cube, const uint32_t *order,
                       uint32_t flow, const struct page_shown *shown)
{
    size_t count, from = find_cells(cube, order, flow, &count);

    page_series_close(ret);
    return page_series_make(ret, cube, &order[from], count, shown->steps, shown->step_count);
}

static int find_steps(const struct page_cube *cube, struct page_shown *shown)
{
    free(shown->steps);
    shown->steps = NULL;
    return page_cube_steps(cube, &shown->steps, &shown->step_count);
}

/* Series of the greatest flows, as far as there is room. */
static int fill(const struct page_choice *choice, const struct page_cube *cube, size_t flows,
                struct page_shown *shown)
{
    uint32_t *order = page_series_order(cube);
    size_t size = 0;
    int r = order ? find_steps(cube, shown) : -ENOMEM;

    for (shown->flows = 0; r == 0 && shown->flows < flows; shown->flows++) {
        struct page_series *series = &shown->series[shown->flows];

        r = make_series(series, cube, order, choice->flow[shown->flows], shown);
        size += page_series_size(series);
        if (size > PAGE_SERIES_MAX)
            break;
        shown->flow[shown->flows] = choice->flow[shown->flows];
    }
    free(order);
    return r;
}

/* Those of flows that are shown are as they were. */
static int fill_others(struct page_cube *cube, const struct page_choice *choice,
                       struct page_shown *shown)
{
    uint32_t *order;
    int r = page_cube_fold(cube, choice->keeps, choice->count);

    if (r < 0)
        return r;
    order = page_series_order(cube);
    r = order ? make_series(&shown->series[shown->flows], cube, order, PAGE_OTHERS, shown)
              : -ENOMEM;
    free(order);
    return r;
}

/* Few sessions tell nothing in many steps. */
static int lengthen_for_few(struct page_cube *cube, uint64_t sessions)
{
    int r = 0;

    while (r == 0 && cube->has_steps &&
           (cube->last_us - cube->first_us) / cube->step_us > STEPS_MANY / 2 &&
           (cube->last_us - cube->first_us) / cube->step_us > 2 * sessions)
        r = page_cube_lengthen(cube);
    return r;
}

int page_choice_show(struct page_choice *choice, struct page_cube *cube, size_t flows,
                     struct page_shown *ret)
{
    int r = lengthen_for_few(cube, choice->sessions);

    if (flows > choice->count)
        flows = choice->count;
    if (flows > PAGE_FLOWS_MAX)
        flows = PAGE_FLOWS_MAX;
    if (r == 0)
        r = fill(choice, cube, flows, ret);
    while (r == 0 && ret->flows < flows && ret->flows < FLOWS_FEW && ret->step_count > STEPS_MANY) {
        r = page_cube_lengthen(cube);
        if (r == 0)
            r = fill(choice, cube, flows, ret);
    }
    memset(choice->keeps, 0, choice->count * sizeof *choice->keeps);
    for (size_t i = 0; i < ret->flows; i++)
        choice->keeps[ret->flow[i]] = true;
    return r == 0 ? fill_others(cube, choice, ret) : r;
}

void page_shown_close(struct page_shown *shown)
{
    for (size_t i = 0; i <= PAGE_FLOWS_MAX; i++)
        page_series_close(&shown->series[i]);
    free(shown->steps);
    *shown = (struct page_shown){0};
}

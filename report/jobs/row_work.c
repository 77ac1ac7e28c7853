/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/jobs/row_work.h"

#include <errno.h>
#include <stdlib.h>

#include "format/block.h"
#include "format/ranges.h"
#include "report/filter/named_numbers.h"

/* Fields besides those of the filter from which on it is cheaper to decode the filter's first, and
 * once more with the others in blocks in which a row is wanted. */
#define PROBE_FIELDS_MIN 8
/* The same where few rows are wanted of all blocks but the first. */
#define BOUND_FIELDS_MIN 2

int row_work_open(struct row_work *w, const struct row_work_plan *plan)
{
    int r;

    *w = (struct row_work){.plan = plan};
    w->row = malloc(TLZ_ROWS_MAX * sizeof *w->row);
    if (!w->row)
        return -ENOMEM;
    r = filter_copy(&w->filter, plan->filter);
    if (r < 0 || !plan->views)
        return r;
    r = sink_part(plan->sink, &w->part);
    if (r == -ENOTSUP)
        return 0;
    return r < 0 ? r : shown_views_again(&w->views, plan->views, w->part);
}

void row_work_close(struct row_work *w)
{
    shown_views_close_again(&w->views);
    sink_free(w->part);
    filter_close_copy(&w->filter);
    free(w->row);
    *w = (struct row_work){0};
}

static bool pays(const struct tlz_fieldset *fields, const struct tlz_fieldset *probe, int at_least)
{
    int others = 0;

    for (size_t i = 0; i < sizeof fields->bits / sizeof *fields->bits; i++)
        others += __builtin_popcountll(fields->bits[i] & ~probe->bits[i]);
    return others >= at_least;
}

void row_work_plan_probe(struct row_work_plan *plan, const struct tlz_fieldset fields[TLZ_KINDS])
{
    plan->probes = filter_is_active(plan->filter);
    plan->probes_bound = plan->sorter != NULL;
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        if (!(plan->kinds & KIND_BIT(kind)))
            continue;
        filter_add_fields(plan->filter, kind, &plan->probe[kind]);
        if (time_range_is_active(plan->times))
            tlz_fieldset_add(&plan->probe[kind], tlz_kinds[kind].time);
        if (plan->sorter)
            tlz_fieldset_add(&plan->probe[kind], plan->sorted_by);
        plan->probes &= pays(&fields[kind], &plan->probe[kind], PROBE_FIELDS_MIN);
        plan->probes_bound &= pays(&fields[kind], &plan->probe[kind], BOUND_FIELDS_MIN);
    }
}

void row_work_bound(struct row_work *w, const struct tlz_batch *block)
{
    w->bound = (struct sorter_bound){0};
    if (w->plan->sorter && block->rows >= TLZ_RANGES_ROWS)
        w->bound = sorter_bound(w->plan->sorter);
}

/* Keeps those of the rows that the sorter would. */
static uint32_t bound_apply(const struct sorter_bound *bound, const struct tlz_batch *batch,
                            enum tlz_field f, uint32_t *row, uint32_t count)
{
    const uint64_t *key = batch->column[f].u;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++)
        if (tlz_batch_has(batch, f, row[i]) && sorter_bound_admits(bound, key[row[i]], key[row[i]]))
            row[kept++] = row[i];
    return kept;
}

void row_work_select(struct row_work *w, const struct tlz_batch *batch)
{
    static const struct source_numbers no_names;

    w->count = 0;
    if (!(w->plan->kinds & KIND_BIT(batch->kind)))
        return;
    w->count = filter_apply(&w->filter, &no_names, batch, w->row);
    w->count = time_range_apply(w->plan->times, batch, w->row, w->count);
    if (w->bound.is_set)
        w->count = bound_apply(&w->bound, batch, w->plan->sorted_by, w->row, w->count);
}

int row_work_write(struct row_work *w, const struct tlz_batch *batch)
{
    struct rows rows = {.batch = batch, .row = w->row, .count = w->count};

    if (!w->part)
        return 0;
    sink_clear(w->part);
    return w->count > 0 ? shown_views_rows(&w->views, &rows) : 0;
}

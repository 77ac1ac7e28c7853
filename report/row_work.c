/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/row_work.h"

#include <errno.h>
#include <stdlib.h>

#include "format/block.h"
#include "report/named_numbers.h"

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

int row_work_run(struct row_work *w, const struct tlz_batch *batch)
{
    static const struct source_numbers no_names;
    struct rows rows = {.batch = batch, .row = w->row};

    w->count = 0;
    if (!(w->plan->kinds & KIND_BIT(batch->kind)))
        return 0;
    w->count = filter_apply(&w->filter, &no_names, batch, w->row);
    w->count = time_range_apply(w->plan->times, batch, w->row, w->count);
    if (!w->part)
        return 0;
    sink_clear(w->part);
    rows.count = w->count;
    return shown_views_rows(&w->views, &rows);
}

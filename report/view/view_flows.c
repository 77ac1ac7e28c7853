/* SPDX-License-Identifier: BSD-2-Clause */
/* A row a flow: sessions that have the same keys, and what they add up to. */
#include <errno.h>
#include <stdlib.h>

#include "report/flow/flow_compared.h"
#include "report/flow/flow_groups.h"
#include "report/view/view.h"

struct flows {
    const struct view_plan *plan;
    struct flow_groups groups;
    struct cell *cells;
};

static void add_fields(const struct view_plan *plan, struct tlz_fieldset sets[TLZ_KINDS])
{
    struct flow_measures measures;

    flow_groups_measure(plan, &measures, &sets[TLZ_SESSIONS]);
}

static void flows_free(void *state)
{
    struct flows *f = state;

    if (!f)
        return;
    flow_groups_close(&f->groups);
    free(f->cells);
    free(f);
}

static int flows_open(void **ret_state, const struct view_plan *plan)
{
    struct flows *f = calloc(1, sizeof *f);
    int r;

    if (!f)
        return -ENOMEM;
    f->plan = plan;
    f->cells = calloc(plan->cells, sizeof *f->cells);
    r = f->cells ? flow_groups_open(&f->groups, plan) : -ENOMEM;
    if (r < 0) {
        flows_free(f);
        return r;
    }
    *ret_state = f;
    return 0;
}

/* Steps of time begin by the clock that is shown. 0 or -ENOMEM. */
static int choose_zone(const struct flows *f)
{
    const struct view_report *report = &f->plan->report;
    const struct flow_query *query = f->plan->query;
    int r = 0;

    for (size_t k = 0; r == 0 && k < query->keys; k++)
        if (flow_key_is_timed(&query->key[k]))
            r = zone_choose(report->zone, report->captures);
    return r;
}

static int flows_rows(void *state, const struct rows *rows)
{
    struct flows *f = state;
    int r = choose_zone(f);

    return r == 0 ? flow_groups_add(&f->groups, rows) : r;
}

static int flows_finish(void *state)
{
    struct flows *f = state;
    int r;

    if (f->plan->is_compared)
        flow_compared_spans(f->plan, f->groups.span_us);
    r = flow_groups_sort(&f->groups, &f->plan->kept);
    for (size_t i = 0; r == 0 && i < f->groups.ordered; i++) {
        flow_groups_cells(&f->groups, i, f->cells);
        r = sink_row(f->plan->sink, &(struct row){.cells = f->cells});
    }
    if (r == 0)
        flow_groups_say(&f->groups);
    return r;
}

const struct view_type view_flows = {
    .name = "flows",
    .option = "--flows",
    .kinds = KIND_BIT(TLZ_SESSIONS),
    .is_unordered = true,
    .ask = flow_query_ask,
    .find = flow_query_find,
    .forget = flow_query_forget,
    .add_fields = add_fields,
    .open = flows_open,
    .rows = flows_rows,
    .finish = flows_finish,
    .free = flows_free,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* A row a flow: sessions that have the same keys, and what they add up to. */
#include <errno.h>
#include <stdlib.h>

#include "report/flow_groups.h"
#include "report/view.h"

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

static int flows_rows(void *state, const struct rows *rows)
{
    struct flows *f = state;

    return flow_groups_add(&f->groups, rows);
}

static int flows_finish(void *state)
{
    struct flows *f = state;
    int r = flow_groups_sort(&f->groups);

    for (size_t i = 0; r == 0 && i < f->groups.table.count; i++) {
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
    .ask = flow_query_ask,
    .find = flow_query_find,
    .forget = flow_query_forget,
    .add_fields = add_fields,
    .open = flows_open,
    .rows = flows_rows,
    .finish = flows_finish,
    .free = flows_free,
};

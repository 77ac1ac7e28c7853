/* SPDX-License-Identifier: BSD-2-Clause */
/* A row a session, or a row a change of state. */
#include <errno.h>
#include <stdlib.h>

#include "report/view/view.h"

/* What the columns are made of: TYPE_OPEN_US, and so on. */
#define X(id, name, number, type, enumeration, max, table, predictor, help)                        \
    enum { TYPE_##id = TLZ_TYPE_##type, ENUMERATION_##id = TLZ_ENUM_##enumeration };               \
    static const char name_##id[] = name, help_##id[] = help;
TLZ_FIELDS(X)
TLZ_STATE_ONLY_FIELDS(X)
#undef X

/* One column for each field, in the order in which the kind's are shown. */
#define COLUMN(id, ...) {name_##id, NULL, help_##id, TYPE_##id, (enum tlz_enum)ENUMERATION_##id},
static const struct column session_columns[] = {TLZ_FIELDS(COLUMN)};
static const struct column state_columns[] = {TLZ_STATE_FIELDS(COLUMN)};

static const size_t session_column_count = sizeof session_columns / sizeof *session_columns;
static const size_t state_column_count = sizeof state_columns / sizeof *state_columns;

/* A cell that has a value in this batch, and where the values are. */
struct live_cell {
    struct cell *cell;
    struct tlz_column column;
};

struct view_rows {
    const struct view_plan *plan;
    const enum tlz_field *order; /* the field of each of the kind's columns */
    struct cell *cells;
    struct live_cell *live;
    size_t live_count;
};

static const struct layout *session_layout(const struct style *style)
{
    return style->sessions;
}

static const struct layout *state_layout(const struct style *style)
{
    return style->states;
}

static void add_fields(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS])
{
    enum tlz_kind kind = plan->table.kind;

    for (size_t i = 0; i < plan->cells; i++)
        tlz_fieldset_add(&fields[kind], tlz_kinds[kind].order[plan->choice[i]]);
}

static void rows_free(void *state)
{
    struct view_rows *v = state;

    if (!v)
        return;
    free(v->cells);
    free(v->live);
    free(v);
}

static int rows_open(void **ret_state, const struct view_plan *plan)
{
    struct view_rows *v = calloc(1, sizeof *v);

    if (!v)
        return -ENOMEM;
    v->plan = plan;
    v->order = tlz_kinds[plan->table.kind].order;
    v->cells = calloc(plan->cells, sizeof *v->cells);
    v->live = calloc(plan->cells, sizeof *v->live);
    if (!v->cells || !v->live) {
        rows_free(v);
        return -ENOMEM;
    }
    *ret_state = v;
    return 0;
}

/* Columns that the whole batch lacks are settled once and not for each row. */
static void find_live(struct view_rows *v, const struct tlz_batch *batch)
{
    v->live_count = 0;
    for (size_t i = 0; i < v->plan->cells; i++) {
        const struct tlz_column *c = &batch->column[v->order[v->plan->choice[i]]];

        v->cells[i].present = false;
        if (c->u || c->bytes)
            v->live[v->live_count++] = (struct live_cell){&v->cells[i], *c};
    }
}

static void fill_cells(const struct view_rows *v, uint32_t row)
{
    for (size_t i = 0; i < v->live_count; i++) {
        const struct tlz_column *c = &v->live[i].column;
        struct cell *cell = v->live[i].cell;

        cell->present = !c->present || (c->present[row / 64] >> (row % 64) & 1);
        if (c->bytes)
            cell->value.bytes = c->bytes[row];
        else
            cell->value.u = c->u[row];
    }
}

static int rows_take(void *state, const struct rows *rows)
{
    struct view_rows *v = state;
    const uint64_t *time_us = rows->batch->column[tlz_kinds[rows->batch->kind].time].u;
    struct row row = {.cells = v->cells,
                      .source = rows->source,
                      .clock = &rows->batch->clock,
                      .kind = rows->batch->kind};
    int r = 0;

    find_live(v, rows->batch);
    for (uint32_t i = 0; r == 0 && i < rows->count; i++) {
        fill_cells(v, rows->row[i]);
        row.time_us = time_us ? time_us[rows->row[i]] : 0;
        r = sink_row(v->plan->sink, &row);
    }
    return r;
}

static int rows_finish(void *state)
{
    (void)state;
    return 0;
}

const struct view_type view_sessions = {
    .name = "sessions",
    .option = "--sessions",
    .columns = session_columns,
    .column_count = &session_column_count,
    .kinds = KIND_BIT(TLZ_SESSIONS),
    .is_rows = true,
    .layout = session_layout,
    .add_fields = add_fields,
    .open = rows_open,
    .rows = rows_take,
    .finish = rows_finish,
    .free = rows_free,
};

const struct view_type view_states = {
    .name = "states",
    .option = "--states",
    .columns = state_columns,
    .column_count = &state_column_count,
    .kinds = KIND_BIT(TLZ_STATES),
    .is_rows = true,
    .layout = state_layout,
    .add_fields = add_fields,
    .open = rows_open,
    .rows = rows_take,
    .finish = rows_finish,
    .free = rows_free,
};

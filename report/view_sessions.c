/* SPDX-License-Identifier: BSD-2-Clause */
/* A row a session. */
#include <errno.h>
#include <stdlib.h>

#include "report/view.h"

/* One column for each field, in the order of the field table. */
static const struct column columns[TLZ_SESSION_FIELD_COUNT] = {
#define X(id, name_, number, type_, enumeration_, max, table, predictor, help_)                    \
    [TLZ_##id] = {name_, NULL, help_, TLZ_TYPE_##type_, TLZ_ENUM_##enumeration_},
    TLZ_FIELDS(X)
#undef X
};

static const size_t column_count = TLZ_SESSION_FIELD_COUNT;

struct sessions {
    const struct view_plan *plan;
    struct cell *cells;
    size_t *live; /* those of the cells that have a value in this batch */
    size_t live_count;
};

static const struct layout *layout(const struct style *style)
{
    return style->sessions;
}

static void add_fields(const struct view_plan *plan, struct tlz_fieldset *fields)
{
    for (size_t i = 0; i < plan->cells; i++)
        tlz_fieldset_add(fields, (enum tlz_field)plan->choice[i]);
}

static void sessions_free(void *state)
{
    struct sessions *s = state;

    if (!s)
        return;
    free(s->cells);
    free(s->live);
    free(s);
}

static int sessions_open(void **ret_state, const struct view_plan *plan)
{
    struct sessions *s = calloc(1, sizeof *s);

    if (!s)
        return -ENOMEM;
    s->plan = plan;
    s->cells = calloc(plan->cells, sizeof *s->cells);
    s->live = calloc(plan->cells, sizeof *s->live);
    if (!s->cells || !s->live) {
        sessions_free(s);
        return -ENOMEM;
    }
    *ret_state = s;
    return 0;
}

/* Columns that the whole batch lacks are settled once and not for each row. */
static void find_live(struct sessions *s, const struct tlz_batch *batch)
{
    s->live_count = 0;
    for (size_t i = 0; i < s->plan->cells; i++) {
        const struct tlz_column *c = &batch->column[s->plan->choice[i]];

        s->cells[i].present = false;
        if (c->u || c->bytes)
            s->live[s->live_count++] = i;
    }
}

static void fill_cells(struct sessions *s, const struct tlz_batch *batch, uint32_t row)
{
    for (size_t i = 0; i < s->live_count; i++) {
        struct cell *cell = &s->cells[s->live[i]];
        const struct tlz_column *c = &batch->column[s->plan->choice[s->live[i]]];

        cell->present = !c->present || (c->present[row / 64] >> (row % 64) & 1);
        if (!cell->present)
            continue;
        if (c->bytes)
            cell->value.bytes = c->bytes[row];
        else
            cell->value.u = c->u[row];
    }
}

static int sessions_rows(void *state, const struct rows *rows)
{
    struct sessions *s = state;
    struct row row = {.cells = s->cells, .source = rows->source, .clock = &rows->batch->clock};
    int r = 0;

    find_live(s, rows->batch);
    for (uint32_t i = 0; r == 0 && i < rows->count; i++) {
        fill_cells(s, rows->batch, rows->row[i]);
        r = sink_row(s->plan->sink, &row);
    }
    return r;
}

static int sessions_finish(void *state)
{
    (void)state;
    return 0;
}

const struct view_type view_sessions = {
    .name = "sessions",
    .option = "--sessions",
    .columns = columns,
    .column_count = &column_count,
    .is_sessions = true,
    .layout = layout,
    .add_fields = add_fields,
    .open = sessions_open,
    .rows = sessions_rows,
    .finish = sessions_finish,
    .free = sessions_free,
};

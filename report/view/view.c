/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/view.h"

#include <errno.h>
#include <stdlib.h>

#include "report/sink/sorter.h"
#include "util/message.h"
#include "util/missing.h"

/* Sizes of names in messages are ints to printf. */
static int printed(size_t size)
{
    return size > 64 ? 64 : (int)size;
}

static int say_no_column(const struct view_plan *plan, const char *option, const char *name,
                         size_t name_size)
{
    const char *near = column_set_nearest(&plan->set, name, name_size);

    return message_usage("%s: there is no column '%.*s' in %s%s%s%s; --list-columns lists them",
                         option, printed(name_size), name, plan->type->name, near ? ", but '" : "",
                         near ? near : "", near ? "'" : "");
}

/* The column that the user calls so. 0 and its place in the set, -ENOMEM, or EXIT_USAGE. */
static int find_column(struct view_plan *plan, const char *option, const char *name,
                       size_t name_size, size_t *ret)
{
    size_t column = column_set_find(&plan->set, name, name_size);
    int r = 0;

    if (column == plan->set.count && plan->type->find)
        r = plan->type->find(plan, name, name_size);
    if (r != 0)
        return r;
    if (column == plan->set.count)
        return say_no_column(plan, option, name, name_size);
    *ret = column;
    return 0;
}

static bool is_chosen(const struct view_plan *plan, size_t column)
{
    for (size_t i = 0; i < plan->cells; i++)
        if (plan->choice[i] == column)
            return true;
    return false;
}

/* Those of a list of names with commas between. */
static int choose_named(struct view_plan *plan, const char *list, const struct sink_type *sink)
{
    plan->choice = calloc(strlen(list) / 2 + 1, sizeof *plan->choice);
    if (!plan->choice)
        return -ENOMEM;
    for (const char *name = list;; name++) {
        size_t size = strcspn(name, ","), column;
        int r = find_column(plan, "--columns", name, size, &column);

        if (r != 0)
            return r;
        if (is_chosen(plan, column))
            return message_usage("--columns: '%.*s' is named twice", printed(size), name);
        if (plan->set.column[column]->type == COLUMN_BAR && !sink->is_for_person)
            return message_usage("--columns: '%.*s' is for text; it does not go with %s",
                                 printed(size), name, sink->option);
        plan->choice[plan->cells++] = column;
        name += size;
        if (!*name)
            return 0;
    }
}

/* The columns that the layout prints, or all that it reads, in its order. */
static int choose_layout(struct view_plan *plan, const struct layout *layout, bool all)
{
    size_t count = all ? layout->all_count : layout->count;

    plan->choice = calloc(count, sizeof *plan->choice);
    if (!plan->choice)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        plan->choice[i] =
            column_set_find(&plan->set, layout->columns[i], strlen(layout->columns[i]));
    plan->cells = count;
    plan->table.layout = layout;
    return 0;
}

/* A capture takes the fields that it stores: views of rows have a column for each field, in the
 * order of the fields. */
static bool is_for(const struct view_plan *plan, size_t column, const struct sink_type *sink)
{
    const struct column *c = plan->set.column[column];

    if (sink->columns == SINK_COLUMNS_STORED)
        return tlz_fields[tlz_kinds[plan->table.kind].order[column]].number != 0;
    return sink->is_for_person ? !c->is_detail : c->type != COLUMN_BAR;
}

static int choose_all(struct view_plan *plan, const struct sink_type *sink)
{

    plan->choice = calloc(plan->set.shown, sizeof *plan->choice);
    if (!plan->choice)
        return -ENOMEM;
    for (size_t i = 0; i < plan->set.shown; i++)
        if (is_for(plan, i, sink))
            plan->choice[plan->cells++] = i;
    return 0;
}

static int choose(struct view_plan *plan, const struct view_request *request)
{
    const struct layout *layout =
        request->type->layout ? request->type->layout(request->style) : NULL;

    if (request->columns)
        return choose_named(plan, request->columns, request->sink);
    if (layout && request->sink->columns == SINK_COLUMNS_LAYOUT)
        return choose_layout(plan, layout, request->is_peers);
    if (request->sink->is_for_person)
        plan->table.layout = request->type->page;
    return choose_all(plan, request->sink);
}

/* Finds the column among the cells, or adds it behind them. */
static int add_cell(struct view_plan *plan, size_t column, size_t *ret_cell)
{
    size_t *grown;

    for (size_t i = 0; i < plan->cells; i++) {
        if (plan->choice[i] == column) {
            *ret_cell = i;
            return 0;
        }
    }
    grown = reallocarray(plan->choice, plan->cells + 1, sizeof *grown);
    if (!grown)
        return -ENOMEM;
    plan->choice = grown;
    plan->choice[plan->cells] = column;
    *ret_cell = plan->cells++;
    return 0;
}

static int parse_sort(struct view_plan *plan, const char *sort, size_t *ret_key,
                      bool *ret_ascending)
{
    size_t name_size = strcspn(sort, ":"), column;
    const char *direction = sort + name_size;
    int r = find_column(plan, "--sort", sort, name_size, &column);

    if (r != 0)
        return r;
    if (*direction && strcmp(direction, ":asc") != 0 && strcmp(direction, ":desc") != 0)
        return message_usage("--sort: '%s' is not FIELD, FIELD:asc or FIELD:desc", sort);
    *ret_ascending = !strcmp(direction, ":asc");
    return add_cell(plan, column, ret_key);
}

static int add_cells(struct view_plan *plan, const char *const *names, size_t count)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++) {
        size_t unused;

        r = add_cell(plan, column_set_find(&plan->set, names[i], strlen(names[i])), &unused);
    }
    return r;
}

/* The chosen columns as pointers, which the table shares. */
static int fill_columns(struct view_plan *plan)
{
    plan->columns = calloc(plan->cells, sizeof *plan->columns);
    if (!plan->columns)
        return -ENOMEM;
    for (size_t i = 0; i < plan->cells; i++)
        plan->columns[i] = plan->set.column[plan->choice[i]];
    plan->table.columns = plan->columns;
    return 0;
}

static int fill_set(struct view_plan *plan, const struct view_request *request)
{
    return plan->type->ask
               ? plan->type->ask(plan, request->argument)
               : column_set_add_all(&plan->set, plan->type->columns, *plan->type->column_count);
}

int view_plan_open(struct view_plan *ret, size_t *ret_key, bool *ret_ascending,
                   const struct view_request *request)
{
    struct view_plan plan = {
        .type = request->type,
        .is_compared = request->is_compared,
        .table = {.name = request->type->name,
                  .kind = request->type->kinds == KIND_BIT(TLZ_STATES) ? TLZ_STATES : TLZ_SESSIONS,
                  .vertical = request->type->is_vertical && !request->columns}};
    size_t key = SORTER_NO_KEY;
    bool ascending = false;
    int r = fill_set(&plan, request);

    if (r == 0)
        r = choose(&plan, request);
    plan.table.count = plan.cells;
    if (r == 0 && request->sort)
        r = parse_sort(&plan, request->sort, &key, &ascending);
    if (r == 0)
        r = add_cells(&plan, request->also, request->also_count);
    if (r == 0)
        r = fill_columns(&plan);
    if (r != 0) {
        view_plan_close(&plan);
        return r;
    }
    *ret = plan;
    *ret_key = key;
    *ret_ascending = ascending;
    return 0;
}

void view_plan_close(struct view_plan *plan)
{
    if (plan->query)
        plan->type->forget(plan->query);
    column_set_close(&plan->set);
    free(plan->choice);
    free(plan->columns);
    *plan = (struct view_plan){0};
}

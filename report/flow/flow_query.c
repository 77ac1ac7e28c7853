/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_query.h"

#include <errno.h>
#include <stdlib.h>

#include "report/flow/flow_column.h"
#include "util/message.h"

/* Who spoke with whom. */
#define KEYS_OF_CONVERSATIONS "comm,laddr,raddr,service,direction"

static bool is_key(const struct flow_query *q, const char *name)
{
    for (size_t i = 0; i < q->keys; i++)
        if (!strcmp(q->key[i].name, name))
            return true;
    return false;
}

static bool is_total(const char *name)
{
    for (size_t i = 0; i < flow_total_count; i++)
        if (!strcmp(flow_totals[i].column.name, name))
            return true;
    return false;
}

/* Each fills q->listed behind those that are there. A key that is called like another column takes
 * its place. */

static void list_keys(struct flow_query *q)
{
    for (; q->listed_count < q->keys; q->listed_count++)
        flow_column_of_key(&q->key[q->listed_count], (uint32_t)q->listed_count,
                           &q->listed[q->listed_count]);
}

static bool is_listed(const struct flow_query *q, const char *name)
{
    for (size_t i = 0; i < q->listed_count; i++)
        if (!strcmp(q->listed[i].column.name, name))
            return true;
    return false;
}

static void list_totals(struct flow_query *q, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        if (!is_listed(q, flow_totals[i].column.name))
            q->listed[q->listed_count++] = flow_totals[i];
}

static void list_aggregates(struct flow_query *q)
{
    TLZ_FOREACH_SESSION_FIELD(f) {
        for (size_t i = 0; i < flow_column_aggregates(f); i++) {
            struct flow_column *column = &q->listed[q->listed_count];

            flow_column_of_field(f, i, column);
            q->listed_count += !is_total(column->name) && !is_listed(q, column->name);
        }
    }
}

/* Those of both sides that are shown; the totals that are not among them follow. */
static void list_compared(struct flow_query *q)
{
    for (size_t i = 0; i < flow_compared_count; i++) {
        const char *name = flow_compared_names[i];

        if (!is_key(q, name))
            q->listed_count +=
                flow_column_of_name(name, strlen(name), true, &q->listed[q->listed_count]);
    }
}

static int list_columns_of(struct view_plan *plan)
{
    struct flow_query *q = plan->query;
    size_t room = q->keys + flow_compared_count + flow_total_count;
    int r = 0;

    TLZ_FOREACH_SESSION_FIELD(f)
        room += flow_column_aggregates(f);
    q->listed = calloc(room, sizeof *q->listed);
    if (!q->listed)
        return -ENOMEM;
    list_keys(q);
    if (q->is_compared)
        list_compared(q);
    else
        list_totals(q, 0, flow_totals_shown);
    plan->set.shown = q->listed_count;
    if (q->is_compared)
        list_totals(q, 0, flow_totals_shown);
    list_totals(q, flow_totals_shown, flow_total_count);
    list_aggregates(q);
    for (size_t i = 0; r == 0 && i < q->listed_count; i++)
        r = column_set_add(&plan->set, &q->listed[i].column);
    plan->set.listed = plan->set.count;
    return r;
}

int flow_query_ask(struct view_plan *plan, const char *argument)
{
    struct flow_query *q = plan->query = calloc(1, sizeof *q);
    int r;

    if (!q)
        return -ENOMEM;
    q->is_compared = plan->is_compared;
    q->text = strdup(argument ? argument : KEYS_OF_CONVERSATIONS);
    if (!q->text)
        return -ENOMEM;
    r = flow_keys_parse(q->text, q->key, &q->keys);
    return r == 0 ? list_columns_of(plan) : r;
}

static int say_no_magnitude(enum tlz_field field, const char *name, size_t name_size)
{
    return message_usage("there is no column '%.*s': %s says which and not how much, so it has no "
                         "least, greatest, sum, mean or percentile; there is %s_count",
                         (int)name_size, name, tlz_fields[field].name, tlz_fields[field].name);
}

int flow_query_find(struct view_plan *plan, const char *name, size_t name_size)
{
    struct flow_query *q = plan->query;
    struct flow_column *column = calloc(1, sizeof *column);

    if (!column)
        return -ENOMEM;
    if (flow_column_refused(name, name_size) != TLZ_FIELD_COUNT) {
        free(column);
        return say_no_magnitude(flow_column_refused(name, name_size), name, name_size);
    }
    if (!flow_column_of_name(name, name_size, q->is_compared, column)) {
        free(column);
        return tlz_field_by_name(TLZ_SESSIONS, name, name_size) == TLZ_FIELD_COUNT
                   ? 0
                   : message_usage("'%.*s' is none of the keys of these flows; --flows=KEYS names "
                                   "them",
                                   (int)name_size, name);
    }
    column->next = q->named;
    q->named = column;
    return column_set_add(&plan->set, &column->column);
}

void flow_query_forget(void *query)
{
    struct flow_query *q = query;

    while (q->named) {
        struct flow_column *next = q->named->next;

        free(q->named);
        q->named = next;
    }
    free(q->listed);
    free(q->text);
    free(q);
}

const struct flow_column *flow_query_column(const struct view_plan *plan, size_t cell)
{
    return (const struct flow_column *)((const char *)plan->columns[cell] -
                                        offsetof(struct flow_column, column));
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/summary_group.h"

#include <string.h>

#include "report/capture/recording.h"

#define TALKERS "comm,raddr,service,direction"

const struct summary_group_type summary_groups[SUMMARY_GROUPS] = {
    [SUMMARY_TALKERS] = {TALKERS, TALKERS ",sessions,failed,failed_share,tx_bytes,rx_bytes,ms_sum",
                         false},
    [SUMMARY_FAILING] = {"end,comm,service,direction", "end,comm,service,direction,sessions", true},
    [SUMMARY_SERVICES] = {"comm,service,direction",
                          "comm,service,direction,sessions,ms_p50,ms_p99,min_rtt_us_p50", false},
    [SUMMARY_REMOTES] = {"raddr", "raddr,sessions,retrans_bytes_sum,retrans_share", false},
};

static enum summary_column find_column(const char *name)
{
    enum summary_column i = 0;

    while (strcmp(summary_columns[i].name, name) != 0)
        i++;
    return i;
}

int summary_group_plan(struct summary_group *g, const struct summary_group_type *type)
{
    struct view_request request = {
        .type = &view_flows, .argument = type->keys, .columns = type->columns, .sink = &sink_json};
    size_t unused_key;
    bool unused_order;
    int r;

    *g = (struct summary_group){.type = type};
    r = view_plan_open(&g->plan, &unused_key, &unused_order, &request);
    if (r == 0)
        ((struct flow_query *)g->plan.query)->keeps_whole_sums = true;
    for (size_t i = 0; r == 0 && i < g->plan.cells; i++)
        g->id[i] = find_column(g->plan.columns[i]->name);
    return r;
}

void summary_group_close(struct summary_group *g)
{
    if (g->is_open)
        flow_groups_close(&g->groups);
    if (g->plan.type)
        view_plan_close(&g->plan);
    *g = (struct summary_group){0};
}

void summary_group_add_fields(const struct summary_group *g, struct tlz_fieldset *fields)
{
    struct flow_measures unused;

    flow_groups_measure(&g->plan, &unused, fields);
}

int summary_group_open(struct summary_group *g)
{
    g->is_open = true;
    return flow_groups_open(&g->groups, &g->plan);
}

int summary_group_add(struct summary_group *g, const struct rows *rows)
{
    return flow_groups_add(&g->groups, rows);
}

int summary_group_sort(struct summary_group *g)
{
    return flow_groups_sort(&g->groups, &(struct view_kept){0});
}

void summary_group_cells(struct summary_group *g, size_t place, struct cell row[SUMMARY_COLUMNS])
{
    struct cell cells[SUMMARY_COLUMNS];

    memset(row, 0, SUMMARY_COLUMNS * sizeof *row);
    flow_groups_cells(&g->groups, place, cells);
    for (size_t i = 0; i < g->plan.cells; i++)
        row[g->id[i]] = cells[i];
}

/* The number in that column; 0 where there is no such one. */
static wide_number number_at(struct summary_group *g, size_t place, enum summary_column column)
{
    for (size_t i = 0; i < g->plan.cells; i++)
        if (g->id[i] == column)
            return flow_groups_number(&g->groups, place, i);
    return wide_of(0);
}

size_t summary_group_best(struct summary_group *g, enum summary_column rank,
                          enum summary_column rank_also, struct summary_best *ret, size_t top)
{
    size_t count = 0;

    for (size_t place = 0; place < g->groups.table.count; place++) {
        struct summary_best this = {.place = place};
        size_t at;

        this.rank = wide_add(number_at(g, place, rank), number_at(g, place, rank_also));
        for (at = count; at > 0 && wide_is_less(ret[at - 1].rank, this.rank); at--)
            if (at < top)
                ret[at] = ret[at - 1];
        if (at == top || wide_is_zero(this.rank))
            continue;
        ret[at] = this;
        count += count < top;
    }
    return count;
}

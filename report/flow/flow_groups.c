/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_groups.h"

#include <errno.h>
#include <stdlib.h>

#include "format/block.h"
#include "report/flow/flow_compared.h"
#include "report/flow/flow_group_keys.h"
#include "report/flow/flow_order.h"
#include "report/flow/flow_top.h"

#define FETCH_AHEAD 8 /* flows */

/* The part of its field that a column is made of; FLOW_PARTS = of none. */
static enum flow_part part_of(const struct flow_query *query, const struct flow_column *column)
{
    switch (column->figure) {
    case FLOW_FAILURES:
    case FLOW_FAILED_SHARE:
        return FLOW_FAILED;
    case FLOW_RETRANS_SHARE:
        return FLOW_RETRANS;
    case FLOW_OF_COUNT:
        return FLOW_COUNT;
    case FLOW_OF_SUM:
        return query->keeps_whole_sums ? FLOW_WHOLE_SUM : FLOW_SUM;
    case FLOW_OF_MEAN:
        return FLOW_WHOLE_SUM;
    case FLOW_OF_MIN:
        return FLOW_MIN;
    case FLOW_OF_MAX:
        return FLOW_MAX;
    case FLOW_OF_QUANTILE:
        return FLOW_QUANTILES;
    default:
        return FLOW_PARTS;
    }
}

void flow_groups_measure(const struct view_plan *plan, struct flow_measures *ret,
                         struct tlz_fieldset *fields)
{
    const struct flow_query *query = plan->query;

    *ret = (struct flow_measures){0};
    for (size_t i = 0; i < query->keys; i++)
        tlz_fieldset_add(fields, query->key[i].field);
    for (size_t i = 0; i < plan->cells; i++) {
        const struct flow_column *column = flow_query_column(plan, i);

        if (part_of(query, column) != FLOW_PARTS)
            flow_measures_add(ret, column->field, part_of(query, column), fields);
        if (column->figure == FLOW_OF_MEAN)
            flow_measures_add(ret, column->field, FLOW_COUNT, fields);
    }
    for (size_t i = 0; query->is_compared && i < flow_compared_parts_count; i++)
        flow_measures_add(ret, flow_compared_parts[i].field, flow_compared_parts[i].part, fields);
}

/* The words of a flow without sessions, on either side. */
static uint64_t *make_fresh(struct flow_groups *g)
{
    uint64_t *one = flow_measures_arrange(&g->measures);
    uint64_t *all = one ? calloc(g->sides, g->measures.words * sizeof *all) : NULL;

    for (size_t side = 0; all && side < g->sides; side++)
        memcpy(all + side * g->measures.words, one, g->measures.words * sizeof *all);
    free(one);
    return all;
}

static void place_cells(struct flow_groups *g, const struct view_plan *plan)
{
    g->cells = plan->cells;
    for (size_t i = 0; i < g->cells; i++) {
        const struct flow_column *column = flow_query_column(plan, i);

        g->cell[i].column = column;
        if (part_of(g->query, column) == FLOW_PARTS)
            continue;
        g->cell[i].measure = flow_measures_find(&g->measures, column->field);
        g->cell[i].at = g->cell[i].measure->at[part_of(g->query, column)];
    }
}

int flow_groups_open(struct flow_groups *g, const struct view_plan *plan)
{
    struct tlz_fieldset unused = {0};
    uint64_t *fresh;
    int r = 0;

    *g = (struct flow_groups){.query = plan->query, .sides = plan->is_compared ? FLOW_SIDES : 1};
    flow_groups_measure(plan, &g->measures, &unused);
    fresh = make_fresh(g);
    g->cell = calloc(plan->cells, sizeof *g->cell);
    if (!fresh || !g->cell)
        r = -ENOMEM;
    for (size_t k = 0; r == 0 && k < g->query->keys; k++)
        r = flow_codes_open(&g->codes[k]);
    if (r == 0)
        r = flow_table_open(&g->table, g->query->keys, fresh, g->sides * g->measures.words);
    if (r == 0)
        place_cells(g, plan);
    free(fresh);
    return r;
}

void flow_groups_close(struct flow_groups *g)
{
    for (size_t i = 0; i < g->table.count; i++)
        for (size_t side = 0; side < g->sides; side++)
            flow_measures_free(&g->measures,
                               flow_table_words(&g->table, i) + side * g->measures.words);
    flow_table_close(&g->table);
    for (size_t k = 0; k < FLOW_KEYS_MAX; k++)
        flow_codes_close(&g->codes[k]);
    flow_group_keys_close(g);
    free(g->cell);
    free(g->order);
}

/* Which flow each is, before the words are those of one side. */
static void number_flows(const struct flow_groups *g, uint64_t *const *words, uint32_t count,
                         uint32_t *ret)
{
    for (uint32_t i = 0; i < count; i++)
        ret[i] = (uint32_t)((size_t)(words[i] - g->table.records) / g->table.stride);
}

/* `ret_flow` may be NULL. */
static int add_rows(struct flow_groups *g, const struct tlz_batch *batch, enum flow_side side,
                    const uint32_t *row, uint32_t count, uint32_t *ret_flow)
{
    uint64_t key[FLOW_TABLE_ROWS * FLOW_KEY_WORDS_MAX];
    uint64_t *words[FLOW_TABLE_ROWS];
    int r = flow_group_keys_find(g, batch, row, count, key);

    if (r == 0)
        r = flow_table_find(&g->table, key, count, words);
    if (r == 0 && ret_flow)
        number_flows(g, words, count, ret_flow);
    for (uint32_t i = 0; side == FLOW_BEFORE && r == 0 && i < count; i++)
        words[i] += g->measures.words;
    return r == 0 ? flow_measures_count(&g->measures, batch, row, count, words) : r;
}

int flow_groups_add(struct flow_groups *g, const struct rows *rows)
{
    return flow_groups_add_numbered(g, rows, NULL);
}

int flow_groups_add_numbered(struct flow_groups *g, const struct rows *rows, uint32_t *ret_flow)
{
    const enum flow_side side = rows->is_before ? FLOW_BEFORE : FLOW_AFTER;
    int r = flow_group_keys_begin(g, rows->batch);

    for (uint32_t i = 0; r == 0 && i < rows->count; i += FLOW_TABLE_ROWS) {
        uint32_t left = rows->count - i;

        r = add_rows(g, rows->batch, side, &rows->row[i],
                     left < FLOW_TABLE_ROWS ? left : FLOW_TABLE_ROWS,
                     ret_flow ? &ret_flow[i] : NULL);
    }
    return r;
}

int flow_groups_sort(struct flow_groups *g, const struct view_kept *kept)
{
    uint32_t *list;
    int r;

    g->ordered = g->table.count;
    r = flow_top(g, kept, &list, &g->ordered);
    if (r == 0)
        r = flow_order(g, list, g->ordered, &g->order);
    free(list);
    return r;
}

static struct cell mean_cell(const struct flow_cell *c, const uint64_t *words)
{
    unsigned int scale = c->column->column.type == COLUMN_DECIMAL ? 1000 : 1;
    uint64_t count = words[c->measure->at[FLOW_COUNT]];

    if (count == 0)
        return (struct cell){.present = false};
    return cell_number(wide_low(wide_rounded(flow_sum_at(words, c->at, 0), scale, wide_of(count))));
}

static struct cell key_cell(const struct flow_groups *g, size_t flow, uint32_t key)
{
    uint32_t code = flow_table_code(&g->table, flow, key);
    struct cell cell = {.present = code != FLOW_CODE_ABSENT};

    if (cell.present)
        cell.value.bytes = flow_codes_value(&g->codes[key], code)->bytes;
    return cell;
}

static struct cell quantile_cell(const struct quantiles *q, uint32_t thousandths)
{
    struct cell cell;

    cell.present = quantiles_at(q, thousandths, 1000, &cell.value.u);
    return cell;
}

static wide_number sum_of(const struct flow_groups *g, const uint64_t *words,
                          const struct flow_cell *c)
{
    return g->query->keeps_whole_sums ? flow_sum_at(words, c->at, 0) : wide_of(words[c->at]);
}

static struct cell sum_cell(struct flow_groups *g, const uint64_t *words, const struct flow_cell *c)
{
    uint64_t shown = flow_sum_shown(sum_of(g, words, c));

    g->is_saturated |= shown == UINT64_MAX;
    return (struct cell){.value.u = shown,
                         .present = flow_measure_is_known(&g->measures, c->measure, words)};
}

/* A figure of one side. */
static struct cell figure_cell(struct flow_groups *g, const uint64_t *words,
                               const struct flow_cell *c)
{
    switch (c->column->figure) {
    case FLOW_SESSIONS:
        return cell_number(words[FLOW_WORD_SESSIONS]);
    case FLOW_FAILED_SHARE:
        return cell_share(words[c->at], words[FLOW_WORD_SESSIONS]);
    case FLOW_RETRANS_SHARE:
        return cell_share_of_sums(flow_sum_at(words, c->at, 0), flow_sum_at(words, c->at, 1));
    case FLOW_OF_SUM:
        return sum_cell(g, words, c);
    case FLOW_OF_MEAN:
        return mean_cell(c, words);
    case FLOW_OF_QUANTILE:
        return quantile_cell(flow_quantiles_at(words, c->at), c->column->part);
    case FLOW_FAILURES:
    case FLOW_OF_COUNT:
        return cell_number(words[c->at]);
    default:
        break;
    }
    return (struct cell){.value.u = words[c->at],
                         .present = flow_measure_is_known(&g->measures, c->measure, words)};
}

static struct cell ratio_of_sides(struct flow_groups *g, const uint64_t *words,
                                  const struct flow_cell *c)
{
    static const uint64_t same[FLOW_SIDES] = {1, 1};
    struct cell after = figure_cell(g, words, c);
    struct cell before = figure_cell(g, words + g->measures.words, c);
    bool in_time = flow_is_counted_in_time(c->column->figure);

    if (!before.present || before.value.u == 0 || (!after.present && !in_time))
        return (struct cell){.present = false};
    return cell_number(flow_change_ratio(after.present ? after.value.u : 0, before.value.u,
                                         in_time ? g->span_us : same));
}

struct cell flow_groups_cell(struct flow_groups *g, size_t flow, size_t cell)
{
    const struct flow_cell *c = &g->cell[cell];
    const uint64_t *words = flow_table_words(&g->table, flow);

    if (c->column->figure == FLOW_KEY)
        return key_cell(g, flow, c->column->key);
    if (c->column->figure == FLOW_CHANGE_WORD || c->column->figure == FLOW_CHANGE_SCORE) {
        struct flow_change change = flow_compared(g, flow);

        return c->column->figure == FLOW_CHANGE_SCORE ? cell_number(change.score)
                                                      : cell_text(change.word, strlen(change.word));
    }
    if (c->column->is_ratio)
        return ratio_of_sides(g, words, c);
    return figure_cell(g, c->column->is_before ? words + g->measures.words : words, c);
}

/* What the cells of a flow are made of comes from all over the memory. */
static void fetch(const struct flow_groups *g, size_t place)
{
    const size_t flows = g->ordered;

    if (place + 2 * FETCH_AHEAD < flows)
        __builtin_prefetch(&g->table.records[g->order[place + 2 * FETCH_AHEAD] * g->table.stride]);
    for (size_t k = 0; place + FETCH_AHEAD < flows && k < g->query->keys; k++) {
        uint32_t code = flow_table_code(&g->table, g->order[place + FETCH_AHEAD], k);

        if (code != FLOW_CODE_ABSENT)
            __builtin_prefetch(flow_codes_value(&g->codes[k], code));
    }
}

void flow_groups_cells(struct flow_groups *g, size_t place, struct cell *ret)
{
    fetch(g, place);
    flow_groups_cells_of(g, g->order[place], ret);
}

void flow_groups_cells_of(struct flow_groups *g, size_t flow, struct cell *ret)
{
    for (size_t i = 0; i < g->cells; i++)
        ret[i] = flow_groups_cell(g, flow, i);
}

wide_number flow_groups_number(struct flow_groups *g, size_t place, size_t cell)
{
    const struct flow_cell *c = &g->cell[cell];
    const uint64_t *words = flow_table_words(&g->table, g->order[place]);
    struct cell figure;

    if (c->column->figure == FLOW_OF_SUM)
        return sum_of(g, words, c);
    figure = figure_cell(g, words, c);
    return wide_of(figure.present ? figure.value.u : 0);
}

void flow_groups_say(const struct flow_groups *g)
{
    if (g->is_saturated)
        flow_say_saturated();
}

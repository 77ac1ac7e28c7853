/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/selection.h"

#include "format/ranges.h"
#include "report/sink/sorter.h"

/* Whether none of the rows would come to those that the sorter keeps. */
static bool is_out_of_top(const struct selection *s, const struct tlz_ranges *ranges)
{
    const struct tlz_range *range = &ranges->field[s->sorted_by];
    const struct sorter_bound bound = sorter_bound(s->sorter);

    return !range->set && range->least <= range->greatest &&
           !sorter_bound_admits(&bound, range->least, range->greatest);
}

/* Rows of the block are not wanted: those that the filter lets through, of which the sorter keeps
 * some. */
static bool can_pass(const void *selection, enum tlz_kind kind, const struct tlz_ranges *ranges)
{
    const struct selection *s = selection;

    return !filter_expressions_can_match(s->expressions, kind, ranges) ||
           (s->sorter && is_out_of_top(s, ranges));
}

void selection_choose(struct selection *ret, const struct report_options *options,
                      const struct shown_views *views, const struct time_range *times, bool by_time)
{
    unsigned int kinds = shown_views_kinds(views);

    *ret = (struct selection){.to_us = UINT64_MAX, .verify = options->view->is_check};
    if (options->view->is_unread)
        *ret = (struct selection){.from_us = 1, .to_us = 0};
    shown_views_add_fields(views, ret->fields);
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        if (!(kinds & KIND_BIT(kind)))
            continue;
        filter_add_fields(&options->filter, kind, &ret->fields[kind]);
        if (by_time || time_range_is_active(times))
            tlz_fieldset_add(&ret->fields[kind], tlz_kinds[kind].time);
    }
    ret->pass = can_pass;
    ret->expressions = &options->filter.expressions;
    filter_expressions_window(&options->filter.expressions, kinds, &ret->from_us, &ret->to_us);
    time_range_window(times, &ret->from_us, &ret->to_us);
}

void selection_bound(struct selection *ret, const struct shown_views *views,
                     const struct sink *sorter, size_t key)
{
    const struct view_plan *plan = &views->view[0].plan;
    enum tlz_field field;

    if (!sorter || key == SORTER_NO_KEY || !plan->type->is_rows || views->count > 1)
        return;
    field = tlz_kinds[plan->table.kind].order[plan->choice[key]];
    if (!tlz_ranges_measure(field))
        return;
    ret->sorter = sorter;
    ret->sorted_by = field;
}

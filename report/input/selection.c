/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/selection.h"

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
    filter_expressions_window(&options->filter.expressions, kinds, &ret->from_us, &ret->to_us);
    time_range_window(times, &ret->from_us, &ret->to_us);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What a report needs of its sources. */
#ifndef REPORT_INPUT_SELECTION_H
#define REPORT_INPUT_SELECTION_H

#include "report/report_options.h"
#include "report/view/shown_views.h"

/* For these views, times and filters; `by_time`: rows are put in the order of their times. */
void selection_choose(struct selection *ret, const struct report_options *options,
                      const struct shown_views *views, const struct time_range *times,
                      bool by_time);

/* Rows of the first view go to this sorter (NULL = none) by that cell: those that it would not keep
 * are not wanted. */
void selection_bound(struct selection *ret, const struct shown_views *views,
                     const struct sink *sorter, size_t key);

#endif

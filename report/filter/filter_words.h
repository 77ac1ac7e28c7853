/* SPDX-License-Identifier: BSD-2-Clause */
/* The names in a filter, against those that the captures turned out to have. */
#ifndef REPORT_FILTER_FILTER_WORDS_H
#define REPORT_FILTER_FILTER_WORDS_H

#include "report/capture/captures.h"
#include "report/filter/filter.h"

/* After the report: warns of each name that no capture has, since nothing could be selected by it.
 */
void filter_warn_of_words(const struct filter *filter, const struct captures *captures);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_VIEW_VIEW_COLUMNS_H
#define REPORT_VIEW_VIEW_COLUMNS_H

#include "report/sink/sink.h"
#include "report/view/column_set.h"

/* Writes the columns that are listed to the sink as a table, from its beginning to its end. 0 or
 * its error. */
int list_columns(const struct column_set *set, struct sink *sink);

#endif

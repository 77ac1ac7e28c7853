/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_VIEW_COLUMNS_H
#define REPORT_VIEW_COLUMNS_H

#include "report/sink.h"

struct view_type;

/* Writes the view's columns to the sink as a table, from its beginning to its end. 0 or its error.
 */
int list_columns(const struct view_type *type, struct sink *sink);

#endif

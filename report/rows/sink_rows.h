/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows for a database: --rows. */
#ifndef REPORT_ROWS_SINK_ROWS_H
#define REPORT_ROWS_SINK_ROWS_H

#include "report/sink/sink.h"

extern const struct sink_type sink_rows_clickhouse, sink_rows_duckdb;

/* That of a name of ROW_TABLE_NAMES, or NULL. */
const struct sink_type *sink_rows_by_name(const char *name);

#endif

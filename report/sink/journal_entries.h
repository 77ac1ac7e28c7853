/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --journal: a sink that sends each change of state to the systemd journal before it hands it on,
 * as bcc's tcpstates -Y does besides printing it.
 */
#ifndef REPORT_SINK_JOURNAL_ENTRIES_H
#define REPORT_SINK_JOURNAL_ENTRIES_H

#include "report/sink/sink.h"

/* What this program was built without and it needs; NULL = nothing. */
extern const char *const journal_lacks;

/* Names of the view's columns that it reads; they must be among the cells of a row. */
extern const char *const *const journal_columns;
extern const size_t journal_column_count;

/* Opens it before the program is confined, and tells the confinement what it goes on to need.
 * `columns` are those of the `cells` of a row, also of those that are not shown. Rows go to `next`
 * (the caller's still). 0 and *ret; -ENOMEM; -ECANCELED after saying what is wrong. */
int journal_entries_open(struct sink **ret, struct sink *next, const struct column *const *columns,
                         size_t cells, struct confinement *confinement);

#endif

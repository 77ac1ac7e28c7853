/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of --pairs and of --pairs=hosts, and their cells. */
#ifndef REPORT_PAIR_PAIR_COLUMNS_H
#define REPORT_PAIR_PAIR_COLUMNS_H

#include "report/pair/pair_join.h"
#include "report/view/columns.h"

extern const struct column pair_columns[];
extern const size_t pair_column_count;
extern const struct column pair_host_columns[];
extern const size_t pair_host_column_count;

/* Of two ends that are one session. Texts belong to the captures. */
struct cell pair_cell(const struct pair_join *join, struct pair_ends ends, size_t column);

/* Of the sessions that two hosts share. */
struct cell pair_between_cell(const struct pair_join *join, const struct pair_between *between,
                              size_t column);

/* Of the sessions of a host whose other end is not there. */
struct cell pair_alone_cell(const struct pair_host *host, size_t column);

#endif

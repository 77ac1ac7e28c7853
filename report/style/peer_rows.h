/* SPDX-License-Identifier: BSD-2-Clause */
/* An explicit --style: a sink that hands on only the rows that the peer would have printed. */
#ifndef REPORT_STYLE_PEER_ROWS_H
#define REPORT_STYLE_PEER_ROWS_H

#include "report/sink/sink.h"

/* Rows go to `next` (the caller's still). 0 and *ret, or -ENOMEM. */
int peer_rows_open(struct sink **ret, struct sink *next, const struct layout *layout);

/* Says on standard error how many rows were left out, and why. */
void peer_rows_say(const struct sink *sink);

#endif

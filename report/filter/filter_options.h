/* SPDX-License-Identifier: BSD-2-Clause */
/* The options --filter, --since, --until and --tz: rows of the option table call these. */
#ifndef REPORT_FILTER_FILTER_OPTIONS_H
#define REPORT_FILTER_FILTER_OPTIONS_H

#include "report/report_options.h"

int apply_filter(struct report_options *o, const char *argument, const void *data);
int apply_since(struct report_options *o, const char *argument, const void *data);
int apply_until(struct report_options *o, const char *argument, const void *data);

#endif

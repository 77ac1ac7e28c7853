/* SPDX-License-Identifier: BSD-2-Clause */
/* A report: sources, filter, view, sink, put together and run. */
#ifndef REPORT_PIPELINE_H
#define REPORT_PIPELINE_H

#include "report/report_options.h"

/* Runs it and says on standard error what there is to say. Returns the exit status. */
int pipeline_run(const struct report_options *options);

#endif

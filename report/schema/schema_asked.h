/* SPDX-License-Identifier: BSD-2-Clause */
/* The members of rows whose columns depend on what is asked: all that there can be. */
#ifndef REPORT_SCHEMA_SCHEMA_ASKED_H
#define REPORT_SCHEMA_SCHEMA_ASKED_H

#include "report/schema/schema_writer.h"

/* Into an open "properties". */
void schema_of_flows(struct schema_writer *w);
void schema_of_histogram(struct schema_writer *w);
void schema_of_timeline(struct schema_writer *w);
void schema_of_summary(struct schema_writer *w);
void schema_of_pairs(struct schema_writer *w);

/* Into an open "patternProperties". */
void schema_patterns_of_flows(struct schema_writer *w);

#endif

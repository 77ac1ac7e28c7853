/* SPDX-License-Identifier: BSD-2-Clause */
/* What is learnt of captures before their rows are read. */
#ifndef REPORT_INPUT_READ_AHEAD_H
#define REPORT_INPUT_READ_AHEAD_H

#include "report/filter/time_range.h"
#include "report/input/source.h"

/*
 * Settles which times are meant, where the inputs are not needed for that, or are captures that can
 * be read twice: of those the zone, and when the sessions ended. Without their rows, where they
 * have an index; what is wrong with one is left to be found again. EXIT_OK, or the status after
 * saying what is wrong.
 */
int read_ahead_for_times(struct time_range *times, const struct source_type *type,
                         struct inputs *inputs);

#endif

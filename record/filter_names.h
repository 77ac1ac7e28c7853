/* SPDX-License-Identifier: BSD-2-Clause */
/* The numbers that the kernel filters by, from the names that people type. */
#ifndef RECORD_FILTER_NAMES_H
#define RECORD_FILTER_NAMES_H

#include "record/record_options.h"

/*
 * Looks up the users, the control group and the network namespace of the filters on this machine,
 * and sets their numbers. -1 to go on, or EXIT_FAILED after saying what there is not.
 */
int filter_names_find(struct record_options *options);

#endif

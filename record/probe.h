/* SPDX-License-Identifier: BSD-2-Clause */
/* --probe: what this kernel offers, and what a recording would use. */
#ifndef RECORD_PROBE_H
#define RECORD_PROBE_H

#include "record/record_options.h"

/*
 * Begins a recording with those options, of which nothing is kept, and tries each hook by itself.
 * Says on standard output what it found, "key: value" a line, and on standard error why it cannot
 * record, if so. The exit status: EXIT_OK when it can.
 */
int probe_run(const struct record_options *options);

#endif

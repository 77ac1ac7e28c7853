/* SPDX-License-Identifier: BSD-2-Clause */
/* What a capture or a page that is written says of how it was made. */
#ifndef REPORT_MADE_BY_H
#define REPORT_MADE_BY_H

#include "report/input/inputs.h"
#include "report/report_options.h"
#include "util/joined_text.h"

/*
 * For a capture "tcplife-report 0.1.0 from a.tlz, b.tlz (a selection)"; nothing where nothing was
 * done to what is read. For a page a command line that selects the same sessions; nothing where it
 * may name what is anonymized. 0 or -ENOMEM.
 */
int describe_making(struct joined_text *ret, struct joined_text *ret_command,
                    const struct report_options *o, const struct inputs *inputs);

/* The options that select rows, as they were typed, or that they are not told: they may name what
 * is anonymized. NULL = there are none. */
const char *describe_selection(const struct report_options *o);

#endif

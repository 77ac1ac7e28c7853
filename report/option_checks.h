/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_OPTION_CHECKS_H
#define REPORT_OPTION_CHECKS_H

#include "report/report_options.h"

/* Whether the options go together, and compiles expressions: -1, or the status after saying what is
 * wrong. */
int report_options_check(struct report_options *options);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_OPTION_CHECKS_H
#define REPORT_OPTION_CHECKS_H

#include "report/report_options.h"

/* Whether the options go together: -1, or the status after saying which do not. */
int report_options_check(const struct report_options *options);

#endif

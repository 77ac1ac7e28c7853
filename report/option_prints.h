/* SPDX-License-Identifier: BSD-2-Clause */
/* Options that print something of the program, and no report. */
#ifndef REPORT_OPTION_PRINTS_H
#define REPORT_OPTION_PRINTS_H

#include "report/report_options.h"

/* --help and --version: as `apply` of struct report_option. */
int option_print_help(struct report_options *o, const char *argument, const void *data);
int option_print_version(struct report_options *o, const char *argument, const void *data);

#endif

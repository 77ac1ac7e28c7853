/* SPDX-License-Identifier: BSD-2-Clause */
/* After the report: what is said of its inputs on standard error, and the status to exit with. */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include "report/report_options.h"

struct verdict {
    const struct report_options *options;
    const struct captures *captures;
    unsigned int kinds; /* that were shown, of KIND_BIT() */
    bool failed;        /* an input could not be read, or not to its end, which was said */
};

/* Says it all and returns an enum exit_status. */
int verdict_say(const struct verdict *v);

#endif

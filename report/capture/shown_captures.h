/* SPDX-License-Identifier: BSD-2-Clause */
/* What views and sinks know of the captures: what is in them, or with --anonymize what stands in
 * its place. */
#ifndef REPORT_CAPTURE_SHOWN_CAPTURES_H
#define REPORT_CAPTURE_SHOWN_CAPTURES_H

#include "report/anonymize/anonymizer.h"
#include "report/capture/captures.h"
#include "report/report_options.h"

/* Zeroed = none. */
struct shown_captures {
    struct captures *captures;     /* those that are shown */
    struct anonymizer *anonymizer; /* NULL = they are shown as they are */
    struct captures anonymous;     /* the captures are these, where there is one */
};

/*
 * Of captures that were opened, and with a key file that is read here. EXIT_OK, or the status after
 * saying what is wrong.
 */
int shown_captures_open(struct shown_captures *ret, struct captures *captures,
                        const struct report_options *options);

/* Frees it, in any state; not the captures as they are. */
void shown_captures_close(struct shown_captures *shown);

#endif

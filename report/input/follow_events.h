/* SPDX-License-Identifier: BSD-2-Clause */
/* What --follow waits for: changes in directories, a signal, and that nobody reads any more. */
#ifndef REPORT_INPUT_FOLLOW_EVENTS_H
#define REPORT_INPUT_FOLLOW_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/input/followed_place.h"

struct follow_events {
    int inotify; /* -1 = this kernel has none to give */
    int signals;
    bool listing;     /* files came or went, or may have, in some directory */
    bool interrupted; /* the next signal ends the program */
};

/* From now on SIGINT and SIGTERM wait to be looked at. 0 or a negative errno. */
int follow_events_open(struct follow_events *ret);
void follow_events_close(struct follow_events *events);

/* Listens to what happens in the place. */
void follow_events_add(const struct follow_events *events, struct followed_place *place);

/* Notes what has happened. 0; -EPIPE when nobody reads standard output. */
int follow_events_look(struct follow_events *events);

/* If nothing has it waits, but no longer than is good for these places. */
int follow_events_wait(struct follow_events *events, const struct followed_place *places,
                       size_t count);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The sinks that rows of the first view pass on their way to the format. */
#ifndef REPORT_STAGES_H
#define REPORT_STAGES_H

#include "report/confine/confine.h"
#include "report/report_options.h"
#include "report/view/shown_views.h"

/* Zeroed but for the key = none. */
struct stages {
    size_t key; /* of the first view: the cell to sort by, or SORTER_NO_KEY */
    bool ascending;
    bool by_time;           /* where keys are equal, the earlier row comes first */
    struct sink *peer_rows; /* the first, or NULL, as each: */
    struct sink *sorter;
    struct sink *journal;
};

/*
 * Where rows of several captures are sorted, they come one capture after another; those with one
 * key are in the order of their times, as if all captures were one.
 */
void stages_choose(struct stages *s, const struct report_options *options,
                   const struct shown_views *views, size_t captures);

/* Puts those that are wanted before the format, and has each view write to what is first for it. 0
 * or a negative errno; stages_close() follows in both cases. */
int stages_open(struct stages *s, const struct report_options *options, struct shown_views *views,
                struct sink *format, struct confinement *confinement);
void stages_close(struct stages *s);

/* The sorter whose rows it is known of which are not kept; NULL where each row counts. */
const struct sink *stages_bound(const struct stages *s);

/* Says what the stages left out. */
void stages_say(const struct stages *s);

#endif

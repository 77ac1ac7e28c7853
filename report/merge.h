/* SPDX-License-Identifier: BSD-2-Clause */
/* Several sources as one, by time. What is no row goes to the captures and the sink. */
#ifndef REPORT_MERGE_H
#define REPORT_MERGE_H

#include "report/stream.h"
#include "report/view.h"

struct merge {
    struct reading *reading;
    bool by_time; /* else one source after another */
    struct stream *streams;
    size_t stream_count;
    struct stream **heap; /* those with rows, the next one first */
    size_t heap_count;
    bool primed;
};

/*
 * Opens a source for each open input. Inputs and what `reading` leads to stay the caller's. 0,
 * *ret_open (how many are open), or -ENOMEM. One that cannot be opened is said and left out.
 */
int merge_open(struct merge *m, struct reading *reading, struct inputs *inputs, size_t *ret_open);
void merge_close(struct merge *m);

/* The next rows, of one source: 1 and *ret, valid until the next call; 0 at the end; -ENOMEM or the
 * sink's error. */
int merge_next(struct merge *m, struct rows *ret);

#endif

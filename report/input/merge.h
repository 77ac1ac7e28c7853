/* SPDX-License-Identifier: BSD-2-Clause */
/* Several sources as one, by time. What is no row goes to the captures and the sink. */
#ifndef REPORT_INPUT_MERGE_H
#define REPORT_INPUT_MERGE_H

#include "report/input/stream.h"
#include "report/input/time_order.h"
#include "report/view/view.h"

struct merge {
    struct reading *reading;
    bool by_time;              /* else one input after another */
    struct time_order *orders; /* of each stream; NULL = blocks are taken as they come */
    size_t order_count;
    size_t first_before; /* the first input that others are compared with */
    struct stream *streams;
    size_t stream_count;
    struct stream **heap; /* those with rows, the next one first */
    size_t heap_count;
    bool primed;
};

/*
 * Finds out, of captures that can be read twice, whether their rows have to be put in the order of
 * their times: those of several inputs, and of one that has several sources, or else none of them.
 * Sets ->by_time where it is the last. 0 or -ENOMEM. Before merge_open(), or not at all.
 */
int merge_plan(struct merge *m, const struct source_type *type, struct inputs *inputs);

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

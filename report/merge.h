/* SPDX-License-Identifier: BSD-2-Clause */
/* Several sources as one, by time. What is no row goes to the captures and the sink. */
#ifndef REPORT_MERGE_H
#define REPORT_MERGE_H

#include "report/ahead.h"
#include "report/captures.h"
#include "report/filter.h"
#include "report/inputs.h"
#include "report/shown_captures.h"
#include "report/sink.h"
#include "report/source.h"
#include "report/time_range.h"
#include "report/view.h"

struct stream;

struct merge {
    const struct filter *filter;
    struct time_range *times;     /* settled with the first rows, if it is not yet */
    struct captures *captures;    /* as they are */
    struct shown_captures *shown; /* what the sink learns of, and gets rows of */
    struct sink *sink;
    struct ahead_pool *pool; /* NULL = blocks are decoded as they are read */
    unsigned int kinds;      /* of rows that are wanted, of KIND_BIT() */
    bool by_time;            /* else one source after another */
    struct stream *streams;
    size_t stream_count;
    struct stream **heap; /* those with rows, the next one first */
    size_t heap_count;
    bool primed;
    bool failed; /* a source could not be read to its end, which was said */
};

/*
 * Opens a source for each open input. Sources, filter, captures and sink stay the caller's. 0,
 * *ret_open (how many are open), or -ENOMEM. One that cannot be opened is said and left out.
 */
int merge_open(struct merge *m, const struct source_type *type, struct inputs *inputs,
               const struct selection *selection, size_t *ret_open);
void merge_close(struct merge *m);

/* The next rows, of one source: 1 and *ret, valid until the next call; 0 at the end; -ENOMEM or the
 * sink's error. */
int merge_next(struct merge *m, struct rows *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* One input on its way: its source, and of the last batch the rows that are wanted. */
#ifndef REPORT_INPUT_STREAM_H
#define REPORT_INPUT_STREAM_H

#include "report/capture/captures.h"
#include "report/capture/shown_captures.h"
#include "report/filter/filter.h"
#include "report/filter/named_numbers.h"
#include "report/filter/time_range.h"
#include "report/input/source.h"
#include "report/jobs/ahead.h"
#include "report/progress.h"
#include "report/sink/sink.h"

/* What all inputs of a report have in common. */
struct reading {
    const struct source_type *type;
    const struct filter *filter;
    struct time_range *times;     /* settled with the first rows, if it is not yet */
    struct captures *captures;    /* as they are */
    struct shown_captures *shown; /* what the sink learns of, and gets rows of */
    struct sink *sink;
    struct ahead_pool *pool; /* NULL = blocks are decoded as they are read */
    unsigned int kinds;      /* of rows that are wanted, of KIND_BIT() */
    struct selection selection;
    struct progress progress;
    bool failed; /* a source could not be read to its end, which was said */
};

/* A source being read: rows selected[at..count) of its batch are wanted and not yet handed on.
 * Zeroed = none. */
struct stream {
    struct source *source; /* NULL = not open, or at its end */
    struct ahead ahead;
    struct input *input;
    struct capture *capture;
    struct capture *shown; /* the same, or what is shown in its place */
    const struct tlz_batch *batch;
    struct anonymous_rows anonymous; /* the batch, where it is anonymized */
    uint32_t number;                 /* of the recording that the batch is of */
    struct named_numbers names;
    uint32_t *row; /* TLZ_ROWS_MAX of them */
    const uint32_t *selected;
    const struct row_work *work; /* what was done with the batch; NULL = nothing */
    uint32_t count, at;
    uint64_t offset; /* of the block in the input */
    bool ends_later; /* stream_end() is called when rows that wait elsewhere are done with */
};

/*
 * Opens the source of an input, whose captures are those of that number; all of them stay the
 * caller's. 0; 1: nothing is open of it, which was said; -EAGAIN: it grows, and not enough is there
 * yet; or -ENOMEM.
 */
int stream_open(struct stream *s, struct reading *reading, struct input *input, size_t number);

/*
 * Reads on to a batch with rows that are wanted, and hands what is no row to the captures and the
 * sink. 1; 0 at the source's end; -EAGAIN: what grows is not longer yet; or -ENOMEM or the sink's
 * error.
 */
int stream_advance(struct stream *s, struct reading *reading);

/* At its end, which was reached: tells the sink, unless stream_advance() did. 0 or its error. */
int stream_end(struct stream *s, struct reading *reading);

/* Frees it; a second time is fine. */
void stream_close(struct stream *s);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* How far the reading is, on the terminal of standard error, when it takes longer than a second. */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

#include "report/capture/captures.h"
#include "report/input/inputs.h"

/* Zeroed = nothing is shown. */
struct progress {
    const struct inputs *inputs; /* NULL = off */
    const struct captures *captures;
    uint64_t begin_ms;
    uint64_t next_ms; /* when it is shown again */
    bool is_shown;
};

/*
 * Begins, of inputs that are open. Nothing is ever shown when standard error is no terminal, or the
 * one that the report goes to; `written` is the file that is written, or NULL.
 */
void progress_begin(struct progress *ret, const struct inputs *inputs,
                    const struct captures *captures, const char *written);

/* A little was read: shows how far it is, where it is time to. */
void progress_tick(struct progress *progress);

/* Cleans the line away, before something else is said. */
void progress_clear(struct progress *progress);

#endif

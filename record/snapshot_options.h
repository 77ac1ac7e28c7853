/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command line says of snapshots. */
#ifndef RECORD_SNAPSHOT_OPTIONS_H
#define RECORD_SNAPSHOT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "record/ring_options.h"

struct snapshot_options {
    bool is_wanted;
    uint64_t bytes;   /* of memory */
    uint64_t span_us; /* 0 = as long as there is room */
    bool at_exit;     /* one at the end, too */
};

/* Takes --snapshot's value, a size or a time: -1 to go on, or the status after a message. */
int snapshot_take(const char *text, struct snapshot_options *o);

/*
 * Behind the last option: whether it fits to the others. With a time alone the memory is 64 MB. -1,
 * or the status after a message.
 */
int snapshot_options_finish(struct snapshot_options *o, const struct ring_options *ring,
                            const char *output, bool force);

#endif

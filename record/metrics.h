/* SPDX-License-Identifier: BSD-2-Clause */
/* --metrics: counters of the recording in a file, for the textfile collector of Prometheus' node
 * exporter. */
#ifndef RECORD_METRICS_H
#define RECORD_METRICS_H

#include "record/recorder.h"

struct metrics {
    const char *path; /* NULL = none are wanted */
    int error;        /* of the last time; 0 = it was good */
};

/*
 * Puts a new file in the place of the one before, whole, readable by everybody; what is there and
 * is no file of metrics is kept. is_recording: not at its end. True when it cannot, for the first
 * time since it could: metrics_explain() follows.
 */
bool metrics_write(struct metrics *m, const struct recorder *r, bool is_recording);

/* Says why they cannot be written. */
void metrics_explain(const struct metrics *m);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures of what is in memory, while the recording goes on. */
#ifndef RECORD_SNAPSHOT_H
#define RECORD_SNAPSHOT_H

#include "record/recorder.h"

/* With --snapshot: begins to keep in memory, and looks into the directory. 0, or a negative errno
 * after a message. */
int snapshot_open(struct recorder *r);

/*
 * Writes all that is in memory, as of the last recorder_flush(), into a file with a name of its
 * own, which it has once it is whole; and a message. Meanwhile events are taken. When that fails,
 * which is said, there is no file, and nothing else has changed. 0 or a negative error.
 */
int snapshot_write(struct recorder *r, const char *reason);

#endif

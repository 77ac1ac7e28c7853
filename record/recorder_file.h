/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of a recording: how each begins and ends, and how one follows another. For the recorder
 * itself. */
#ifndef RECORD_RECORDER_FILE_H
#define RECORD_RECORDER_FILE_H

#include "record/recorder.h"

/* Makes the file, or the first of the ring, and begins the capture in it. 0, or a negative errno
 * after a message, and there is no file. */
int recorder_file_open(struct recorder *r);

/* Writes the names and what was lost since the last time. 0 or a negative error. */
int recorder_write_losses(struct recorder *r);

/* The writer has dropped rows, or not: what was lost by that is counted. */
void recorder_count_dropped(struct recorder *r);

/* Writes the end of the capture with that reason, and closes the file. May wait for a name service
 * when it is the last. 0 or a negative error. */
int recorder_file_end(struct recorder *r, const char *reason, bool is_last);

/* What all files have, that which is being written included. */
void recorder_file_stats(const struct recorder *r, struct tlz_writer_stats *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of a recording: how each begins and ends, and how one follows another. For the recorder
 * itself. */
#ifndef RECORD_RECORDER_FILE_H
#define RECORD_RECORDER_FILE_H

#include "record/recorder.h"

/* Makes the file, or the first of the ring, and begins the capture in it. 0, or a negative errno
 * after a message, and there is no file. */
int recorder_file_open(struct recorder *r);

/* Opens the directory of a ring or of snapshots. 0, or a negative errno after a message. */
int recorder_ring_open(struct recorder *r);

/* Begins to gather names, those of the filters first. 0 or -ENOMEM. */
int recorder_open_names(struct recorder *r);

/* Begins the capture that rows go to: with an id, names, and all that is known of the host. 0 or a
 * negative error. */
int recorder_begin(struct recorder *r, const struct tlz_output *output);

/* The beginning of any capture of this recording. 0, *ret, the caller's to free in any case, and
 * *ret_source; or a negative error. */
int recorder_start_writer(const struct recorder *r, uint64_t created_us,
                          const struct tlz_output *output, struct tlz_writer **ret,
                          uint32_t *ret_source);

/* Its end, with that reason. 0 or a negative error. */
int recorder_end_writer(const struct recorder *r, struct tlz_writer *writer, const char *reason);

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

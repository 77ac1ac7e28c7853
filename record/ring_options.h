/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command line says of a ring of files. */
#ifndef RECORD_RING_OPTIONS_H
#define RECORD_RING_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct ring_options {
    uint64_t rotate_bytes; /* a file that is as large is ended; 0 = no limit */
    uint64_t rotate_us;    /* 0 = no limit */
    bool is_aligned;       /* to multiples of rotate_us in UTC */
    uint64_t keep_files;   /* the one being written counts; 0 = no limit */
    uint64_t keep_bytes;   /* the one being written counts; 0 = no limit */
    uint64_t min_free;     /* bytes of the file system that are left free; 0 = none */
    const char *on_rotate; /* a program, for each finished file; NULL = none */
};

/* True when files follow each other: then the output is a directory. */
static inline bool ring_is_wanted(const struct ring_options *o)
{
    return o->rotate_bytes || o->rotate_us;
}

/* Each takes an option's value: -1 to go on, or the status after a message. */
int ring_take_rotate_size(const char *text, struct ring_options *o);
int ring_take_rotate_time(const char *text, struct ring_options *o);
int ring_take_keep(const char *text, struct ring_options *o);
int ring_take_keep_size(const char *text, struct ring_options *o);
int ring_take_min_free(const char *text, struct ring_options *o);
int ring_take_on_rotate(const char *text, struct ring_options *o);

/*
 * Behind the last option: whether they fit together, and to what is written and to --force. The
 * limits are for snapshots, too. Sets
 * what follows from them: without --rotate-size, an eighth of --keep-size. -1, or the status after
 * a message.
 */
int ring_options_finish(struct ring_options *o, const char *output, bool force, bool has_snapshots);

#endif

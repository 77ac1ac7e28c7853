/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded ring of captures in a directory: makes the next file, never one that is there already,
 * and removes the oldest ones of this host's recorder (ring_files.h) for the limits of --keep,
 * --keep-size and --min-free, and where the disk is full.
 */
#ifndef RECORD_FILE_RING_H
#define RECORD_FILE_RING_H

#include <limits.h>

#include "record/destination.h"
#include "record/hidden_file.h"
#include "record/identity.h"
#include "record/ring_files.h"
#include "record/ring_options.h"

struct file_ring {
    const char *path; /* of the directory, as given; NULL = there is no ring */
    int dir_fd;
    struct hidden_name hidden; /* what a file is called at first */
    struct ring_options options;
    char host[HOST_NAME_MAX + 1]; /* as the kernel has it */
    struct ring_files files;      /* as of the last look, less what was removed */
    ino_t current;                /* the file that is being written; 0 = none */
    struct destination_space space;
};

/* Says early what file_ring_open() would refuse, and that `identity`, who makes the files, may not.
 * -1, or an exit status after a message. */
int file_ring_check(const char *path, const struct identity *identity);

/* Opens the directory, which must exist: a disk that is not mounted must not fill the one below.
 * *ret must stay where it is. 0, or a negative errno after a message. */
int file_ring_open(struct file_ring *ret, const char *path, const struct ring_options *options);

/*
 * Makes the next file, which becomes ->current, empty, locked, readable by its owner alone. Its
 * name is hidden and no ring's: with its beginning in it, it gets its own by file_ring_name(), so
 * that none is ever found empty. *ret_path is the caller's to free, and must outlive *ret. Leaves
 * older files alone, but for room. 0 or a negative errno.
 */
int file_ring_create(struct file_ring *ring, struct destination *ret, char **ret_path);

/*
 * Gives that file the next name in the ring, which no file has. 0, and *path is another one; or a
 * negative errno, and all is as it was, or there is no such file any more.
 */
int file_ring_name(struct file_ring *ring, uint64_t unix_us, struct destination *file, char **path);

/*
 * The same for a file that is to have its name once it is whole.
 * Older files make room for it where --keep, --keep-size or --min-free is given.
 * file_ring_publish() or file_ring_discard() follows. 0 or a negative errno.
 */
int file_ring_create_hidden(struct file_ring *ring, struct destination *ret);

/*
 * Closes that file, and gives it the next name in the ring, which no file has. 0 and *ret_path, the
 * caller's to free; or a negative errno, and there is no such file any more.
 */
int file_ring_publish(struct file_ring *ring, uint64_t unix_us, struct destination *file,
                      char **ret_path);

/* Closes and removes that file. */
void file_ring_discard(struct file_ring *ring, struct destination *file);

/* Removes the oldest files until --keep and --keep-size hold. */
void file_ring_trim(struct file_ring *ring);

/* The recording ends: what is left of it may be written into what --min-free leaves free. */
void file_ring_finish(struct file_ring *ring);

void file_ring_close(struct file_ring *ring);

#endif

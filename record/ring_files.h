/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of a ring: those in its directory that this host's recorder made, and no others. A file
 * is one of them when it has a name that the recorder gives (ring_name.h), is a regular file, owned
 * by this user, with no other name (so no link of either kind), and begins as a capture whose
 * metadata name this program and this host. All else is left alone.
 *
 * Who writes a file holds a lock on it (flock(2)), which goes with the process. A file that is
 * locked so is in use, whoever has it, and is not removed.
 */
#ifndef RECORD_RING_FILES_H
#define RECORD_RING_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct ring_file {
    uint64_t ms; /* in its name */
    uint64_t bytes;
    dev_t device;
    ino_t inode;
};

/* Zeroed = none. */
struct ring_files {
    struct ring_file *file; /* the oldest first, by name */
    size_t count;
    size_t capacity;
};

/* Looks into the directory again; of files in *files that are still there it need not read the
 * metadata again. host: as the kernel has it. 0, or a negative errno, and *files is what it was. */
int ring_files_read(struct ring_files *files, int dir_fd, const char *host);

/* All their bytes, those of the file with that inode number left out (0 = none). */
uint64_t ring_files_bytes(const struct ring_files *files, ino_t but);

/*
 * Removes the oldest that can be removed, from the directory and the list. True and its size; or
 * false: all that is left is in use, or may not be removed.
 */
bool ring_files_remove_oldest(struct ring_files *files, int dir_fd, const char *host,
                              uint64_t *ret_bytes);

void ring_files_free(struct ring_files *files);

#endif

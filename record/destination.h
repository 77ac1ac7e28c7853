/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the capture goes: a new file, or standard output. */
#ifndef RECORD_DESTINATION_H
#define RECORD_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct destination {
    const char *path; /* as given; for messages */
    int fd;           /* -1 = closed */
    bool is_stdout;
    uint64_t bytes; /* written */
};

/*
 * Says early, before anything is loaded, what destination_open() would refuse: a terminal, or a
 * file that exists without `force`. Returns -1 when nothing stands against it, or an exit status
 * after a message.
 */
int destination_check(const char *path, bool force);

/*
 * Opens "-" (standard output) or makes the file, readable by its owner alone. With `force` an
 * existing regular file is unlinked first: it is never written into, and a symbolic link is never
 * followed. path must outlive it. 0, or a negative errno after a message.
 */
int destination_open(struct destination *ret, const char *path, bool force);

/* The `write` of struct tlz_output; context is the struct destination. All of it, or a negative
 * errno. */
int destination_write(void *context, const void *data, size_t size);

/* True when the reader of a pipe can go away while nothing is written: epoll says it of `fd`. */
bool destination_is_pipe(const struct destination *file);

/* Closes it. 0 or a negative errno: some file systems tell of a failed write only here. */
int destination_close(struct destination *file);

/* Removes the file again, when nothing could be recorded. Closes it. */
void destination_discard(struct destination *file);

#endif

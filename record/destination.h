/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the capture goes: a new file, or standard output.
 *
 * A file is only ever seen to end in a whole block or in part of its last one: what a failed write
 * left is cut off before anything is written behind it, so that a full disk may get room again and
 * the capture goes on. Standard output cannot be cut: it has failed for good.
 */
#ifndef RECORD_DESTINATION_H
#define RECORD_DESTINATION_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Waits until some bytes (PIPE_BUF) can be written to fd, standard output, without waiting. 0, or a
 * negative errno to give up.
 */
typedef int destination_wait_function(void *context, int fd);

/* An error that no write(2) gives: less than --min-free would be left. */
#define DESTINATION_MIN_FREE (-ENOBUFS)

/* The space that a file may take: who can give it some (file_ring.h). */
struct destination_space {
    /* Before each write of so many bytes at that offset: 0, or a negative errno: nothing is
     * written. */
    int (*admit)(void *context, uint64_t at, size_t size);
    /* There was no room for so many: true when there may be now. */
    bool (*make_room)(void *context, size_t size);
    void *context;
};

struct destination {
    const char *path; /* as given; for messages */
    char *temporary;  /* where it is until destination_publish(); NULL = at path */
    int fd;           /* -1 = closed */
    bool is_stdout;
    bool is_torn;      /* part of a block may stand behind `bytes` */
    uint64_t bytes;    /* of whole writes; of standard output, all that it took */
    int error;         /* negative errno of the last write; 0 = it was good */
    uint64_t failures; /* writes that failed so far */
    const struct destination_space *space; /* of a file; NULL = what the disk has */
    destination_wait_function
        *wait; /* before each write to standard output; NULL = write(2) waits */
    void *wait_context;
};

/*
 * Says early, before anything is loaded, what destination_open() would refuse: a terminal, or a
 * file that exists without `force`. Returns -1 when nothing stands against it, or an exit status
 * after a message.
 */
int destination_check(const char *path, bool force);

/*
 * Opens "-" (standard output) or makes the file, readable by its owner alone. With `force` an
 * existing regular file stays as it is: the new one is made beside it, hidden, and takes its place
 * in destination_publish(). It is never written into, and a symbolic link is never followed. path
 * must outlive it. 0, or a negative errno after a message.
 */
int destination_open(struct destination *ret, const char *path, bool force);

/* The file takes the place of an older one that `force` replaces. 0, or a negative errno after a
 * message. */
int destination_publish(struct destination *file);

/* The `write` of struct tlz_output; context is the struct destination. */
int destination_write(void *context, const void *data, size_t size);

/* What an error of a write says, DESTINATION_MIN_FREE among them. */
const char *destination_strerror(int error);

/* True when the last write failed and a later one may do better: a file's. */
bool destination_may_recover(const struct destination *file);

/* True when the reader of a pipe can go away while nothing is written: epoll says it of `fd`. */
bool destination_is_pipe(const struct destination *file);

/* Closes it. 0 or a negative errno: some file systems tell of a failed write only here. */
int destination_close(struct destination *file);

/* Removes the file again, when nothing could be recorded; an older one stays. Closes it. */
void destination_discard(struct destination *file);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --on-rotate: a program is run for each file of a ring that is finished. A process beside the
 * recorder runs it, one at a time, as the user that the recorder is and with no more rights; it
 * begins before the recorder gives up what running programs takes. The recorder hands it names, and
 * waits for nothing.
 */
#ifndef RECORD_ON_ROTATE_H
#define RECORD_ON_ROTATE_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "record/identity.h"

struct on_rotate {
    char *program; /* its path; NULL = none is to be run */
    int fd;        /* names go there; -1 = nobody is there */
    pid_t pid;
    bool has_said; /* that nobody takes the names, and not yet that they are taken again */
};

#define ON_ROTATE_NONE ((struct on_rotate){.fd = -1})

/*
 * Finds the program, in the path that it will be given where its name has no slash, and begins the
 * process; with NULL neither. `mask` is the signal mask of the program. 0, or a negative errno
 * after a message.
 */
int on_rotate_open(struct on_rotate *ret, const char *program, const struct identity *identity,
                   const sigset_t *mask);

/* Hands it the name of a file. When too many wait already (about 200), that is said, and this one
 * is left out. */
void on_rotate_file(struct on_rotate *r, const char *path);

/*
 * No more files come: waits until the program has been run for all, or until a signal comes at
 * signal_fd (signalfd(2)): then, after a message, they are left to the process.
 */
void on_rotate_finish(struct on_rotate *r, int signal_fd);

/* Lets go of it. */
void on_rotate_close(struct on_rotate *r);

#endif

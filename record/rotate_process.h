/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that runs a program for each file of a ring. */
#ifndef RECORD_ROTATE_PROCESS_H
#define RECORD_ROTATE_PROCESS_H

#include <signal.h>

#include "record/identity.h"

/* All of the environment that the program gets. */
#define ROTATE_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/*
 * In a new process: takes a name after the other from the socket fd and runs the program for it,
 * until an empty one comes, or the other side has closed it and all names are taken. What goes
 * wrong is said on standard error, which is the recorder's, and the program's as well.
 */
void rotate_process(int fd, const char *program, const struct identity *identity,
                    const sigset_t *mask) __attribute__((noreturn));

#endif

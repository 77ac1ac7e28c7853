/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that is hidden in its directory until it is given its name there, so that nobody finds it
 * before there is something in it. Its hidden name is ".tcplife-HOST-0123456789abcdef.new".
 *
 * Who writes it holds a lock on it (flock(2)), which goes with the process: one that is not locked
 * was left behind.
 */
#ifndef RECORD_HIDDEN_FILE_H
#define RECORD_HIDDEN_FILE_H

#include "record/ring_name.h"

#define HIDDEN_BEGIN ".tcplife-"
#define HIDDEN_END   ".new"

struct hidden_name {
    char s[sizeof HIDDEN_BEGIN + RING_HOST_MAX + sizeof "-0123456789abcdef" HIDDEN_END];
};

/* A name that nobody else chooses, in other containers and on other hosts of that name, too. host:
 * of ring_name_host(). 0 or a negative errno. */
int hidden_file_choose(struct hidden_name *ret, const char *host);

/* Makes it anew, empty, readable by its owner alone, and locked where the file system can. The
 * descriptor, or a negative errno. */
int hidden_file_make(int dir_fd, const struct hidden_name *hidden);

/*
 * Gives it that name, which no file has. 0; -EEXIST when one has; or another negative errno. Where
 * the file system cannot do that in one step, an empty file has the name for a moment, or stays
 * when this process is killed then.
 */
int hidden_file_name(int dir_fd, const struct hidden_name *hidden, const char *name);

/* Removes it; that there is none is fine. */
void hidden_file_remove(int dir_fd, const struct hidden_name *hidden);

/* Removes those that recorders of this user have left behind on that host, having been killed. */
void hidden_file_sweep(int dir_fd, const char *host);

#endif

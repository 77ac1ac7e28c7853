/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of this user in a directory that others write into, too. */
#ifndef RECORD_OWN_FILE_H
#define RECORD_OWN_FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

/* Whether it is a regular file of this user with no other name, and so no link of either kind. */
bool own_file_is(const struct stat *st);

/* Opens a name for reading, and what it is must be what was looked at. The descriptor, or -1. */
int own_file_open(int dir_fd, const char *name, dev_t device, ino_t inode);

/* Locks it (flock(2)) until it is closed. 1: it is locked; 0: by somebody else; or a negative
 * errno. */
int own_file_lock(int fd);

/* What is in the directory, from its beginning; NULL and errno. closedir(3) it. */
DIR *own_file_list(int dir_fd);

/* For _cleanup_(). */
void own_file_close_list(DIR **directory);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where captures come to stand while they are followed: a directory that was named, or of a file
 * that was named its directory. Remembers which it has seen, by inode number and time of birth, so
 * that a new one under an old name is another.
 */
#ifndef REPORT_INPUT_FOLLOWED_PLACE_H
#define REPORT_INPUT_FOLLOWED_PLACE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/input/inputs.h"

struct seen_file;

struct followed_place {
    char *directory;
    char *prefix; /* what stands before a file's name in its path */
    char *name;   /* of the file that was named; NULL = a directory was */
    size_t host;  /* bytes of a ring's name up to its time, 0 = it is no ring's: those of the same
                     ring that are newer count, too */
    DIR *stream;
    bool is_remote;      /* inotify does not hear of what other machines do */
    int watch;           /* inotify's; -1 = none */
    bool gone;           /* the directory is */
    bool short_of_files; /* no more could be opened, which was said */
    struct seen_file *seen;
    size_t seen_count, seen_found; /* the last found of them */
};

/* Opens it. 0, or a negative errno after saying what is wrong. */
int followed_place_open(struct followed_place *ret, const char *operand);
void followed_place_close(struct followed_place *place);

/*
 * Looks for files that were not seen, opens them, and adds an input for each to the list, sorted by
 * name, with a name that is the caller's to free. What cannot be opened is said, once, and makes
 * the list `failed`. 0 or -ENOMEM.
 */
int followed_place_scan(struct followed_place *place, struct inputs *ret);

/* The file of that path is new when it is seen again. */
void followed_place_forget(struct followed_place *place, const char *path);

#endif

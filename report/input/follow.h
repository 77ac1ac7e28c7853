/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --follow: captures that grow, and those that come to stand beside them or in their place. Each is
 * read until it has its end, or is removed, and its rows come as they are written. Ends when the
 * program is interrupted.
 */
#ifndef REPORT_INPUT_FOLLOW_H
#define REPORT_INPUT_FOLLOW_H

#include "report/confine/confine.h"
#include "report/input/stream.h"
#include "report/view/view.h"

/* More than a ring makes in seven years when it begins a file each hour. */
#define FOLLOW_FILES_MAX 65536

struct follow;

/*
 * Opens the directories and what tells of changes, before the program is confined, and makes the
 * list of captures, which is empty. From now on SIGINT and SIGTERM wait to be looked at. 0 and
 * *ret; -ECANCELED after saying what is wrong; or a negative errno.
 */
int follow_open(struct follow **ret, char *const *operands, size_t count,
                struct captures *captures);

/* Allows the opening of files that come. */
void follow_allow(const struct follow *follow, struct confinement *confinement);

/*
 * The next rows, of one source: 1 and *ret, valid until the next call; 0 when it was interrupted,
 * after which the next signal ends the program; -EPIPE when nobody reads standard output any more,
 * -ENOMEM, or the sink's error. Before it waits the sink is flushed.
 */
int follow_next(struct follow *follow, struct reading *reading, struct rows *ret);

/* Something that was named could not be read, which was said. */
bool follow_has_failed(const struct follow *follow);

/* Frees it (NULL is fine) and returns NULL. */
struct follow *follow_free(struct follow *follow);

#endif

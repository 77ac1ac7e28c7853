/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of the users, control groups and network namespaces seen: a laptop cannot look them up.
 */
#ifndef RECORD_NAMES_H
#define RECORD_NAMES_H

#include "format/row.h"
#include "format/writer.h"

struct name_service;
struct names;

/* initial_netns: as netns_initial() gave when the recorder had rights. `service` must outlive it. 0
 * and *ret, or -ENOMEM. */
int names_open(struct names **ret, uint32_t initial_netns, const struct name_service *service);

/* Frees it (NULL is fine) and returns NULL. */
struct names *names_free(struct names *names);

/* True when a quarter of the numbers that can be remembered are. */
bool names_are_many(const struct names *names);

/* Remembers the numbers in the row that were not seen before. Cheap. 0 or -ENOMEM. */
int names_note(struct names *names, const struct tlz_row *row);

/*
 * Looks up and writes the names of what names_note() remembered since the last call, those that
 * have one, and those of the groups that a group is in; before the rows that wait in the
 * writer. A user's name is looked for in /etc/passwd alone, which does not wait for a network. 0,
 * -ENOMEM or the writer's error; the next call goes on with the name that was not written.
 */
int names_write(struct names *names, struct tlz_writer *writer, uint32_t source);

/*
 * At the end, when nothing is lost while it waits: asks the name services (nsswitch.conf(5)) for
 * the users that are still without a name. 0 or the writer's error.
 */
int names_finish(struct names *names, struct tlz_writer *writer, uint32_t source);

#endif

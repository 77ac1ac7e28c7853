/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the reporter gives up before it opens a capture, which may be a stranger's: files, network,
 * other processes and system calls that it has no use for. Where the kernel does not allow that,
 * the report goes on without.
 */
#ifndef REPORT_CONFINE_CONFINE_H
#define REPORT_CONFINE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/confine_text.h"
#include "util/landlock_rules.h"

struct confinement {
    struct landlock_rules rules;
    bool replaces; /* some rule lets files be replaced */
    bool journal;  /* entries of the journal may be sent */
    bool lists;    /* directories that are open may be listed */
    int landlock;  /* once entered: 0 in force, or a negative errno */
    int seccomp;   /* the same */
};

/* Begins; confine_enter_files() follows, or confine_close(). */
void confine_begin(struct confinement *c);

/* Allows reading this file, or all files beneath this directory. NULL and what does not exist are
 * passed over. */
void confine_allow_read(struct confinement *c, const char *path);

/* Allows making, renaming and removing files where `file` lies. What is to be written must be open
 * already. */
void confine_allow_replace(struct confinement *c, const char *file);

/*
 * Allows what libsystemd does to send entries to the journal: to make a socket of this machine's
 * own kind and to send datagrams. It makes the socket with the first entry, and does not connect
 * it; so the journal's is not the only one that could be sent to.
 */
void confine_allow_journal(struct confinement *c);

/* Allows listing directories that are open already. */
void confine_allow_listing(struct confinement *c);

/*
 * From now on, and for good, nothing else is allowed: of files, then of system calls. Threads are
 * to be started between the two, since none can be behind: they are confined by both.
 */
void confine_enter_files(struct confinement *c);
void confine_enter_calls(struct confinement *c);

/* Frees what was not entered; a second time is fine. */
void confine_close(struct confinement *c);

/* What is in force once entered, and why the rest is not: "landlock (ABI 7), seccomp". Returns
 * `text`. */
const char *confine_text(const struct confinement *c, char text[CONFINE_TEXT_MAX]);

#endif

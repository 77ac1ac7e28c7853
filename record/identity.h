/* SPDX-License-Identifier: BSD-2-Clause */
/* As whom the recorder runs: it begins with the rights that BPF takes, and goes on without any. */
#ifndef RECORD_IDENTITY_H
#define RECORD_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

/* Who root becomes without --user, where there is such a system user. */
#define IDENTITY_DEFAULT "tcplife"

struct identity {
    char name[64]; /* "root", or the number of one that has no name */
    uid_t uid;
    gid_t gid;
    bool is_other;  /* not who started the recorder */
    bool keeps_bpf; /* identity_drop() keeps CAP_BPF, of which some kernels do not let go */
};

/*
 * Finds out as whom to run: `user`, a name or a number, when it is not NULL; else, for who may
 * become another, IDENTITY_DEFAULT; else who started it. -1 and *ret, or EXIT_FAILED after a
 * message: there is no such user, or there is no right to become it.
 */
int identity_find(const char *user, struct identity *ret);

/*
 * Files are opened and made as that user, until identity_resume(); what capabilities allow does
 * not work meanwhile. 0 or a negative errno.
 */
int identity_assume(const struct identity *identity);

/* The end of identity_assume(). 0 or a negative errno: go no further. */
int identity_resume(const struct identity *identity);

/*
 * From now on, and for good, this process is that user, in its group alone, without any capability
 * (but for ->keeps_bpf), and no program that it might run has more. (One that was no other user to
 * begin with keeps its groups; and one that may not change that keeps its bounding set, which is of
 * no use to it.) 0, or a negative errno: go no further.
 */
int identity_drop(const struct identity *identity);

#endif

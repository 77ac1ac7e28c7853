/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the recorder gives up besides its rights, once it records: files, network, other processes
 * and system calls that it has no use for. What a kernel does not have is done without; what it has
 * and then refuses ends the recording before it begins, since its capture says otherwise.
 */
#ifndef RECORD_RESTRAINT_H
#define RECORD_RESTRAINT_H

#include "record/record_options.h"
#include "util/landlock_rules.h"

struct restraint {
    struct landlock_rules rules;
    int landlock; /* 0: it will be in force, or a negative errno */
    int seccomp;  /* the same */
};

#define RESTRAINT_NONE ((struct restraint){.rules.fd = -1})

/* Finds out what there is. It changes nothing yet; restraint_close() follows. */
void restraint_prepare(struct restraint *ret, const struct record_options *options);

/* As whom the recorder runs and what confines it: "tcplife, no capabilities, landlock (ABI 7),
 * seccomp"; "only CAP_BPF" where identity_drop() keeps that. */
void restraint_text(const struct restraint *restraint, const struct identity *identity,
                    char ret[RIGHTS_TEXT_MAX]);

/* After identity_drop(): from now on, and for good, nothing else is allowed. 0, or a negative errno
 * after a message. */
int restraint_enter(struct restraint *restraint);

void restraint_close(struct restraint *restraint);

#endif

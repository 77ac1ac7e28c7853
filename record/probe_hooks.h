/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether this kernel takes the parts of the BPF program, each tried by itself. */
#ifndef RECORD_PROBE_HOOKS_H
#define RECORD_PROBE_HOOKS_H

#include <stdbool.h>

#include "record/kernel_path.h"

enum probe_hook {
    PROBE_STATE,     /* every change of state */
    PROBE_STATE_TOO, /* where it takes two */
    PROBE_DESTROY,   /* a socket goes */
    PROBE_ACCEPT,
    PROBE_SEND,
    PROBE_RECEIVE,
    PROBE_FILES,   /* sockets that processes have open */
    PROBE_SOCKETS, /* of the own network namespace */
    PROBE_HOOKS, /* so many have a name in a capture's metadata; the others are of a recording's end
                  */
    PROBE_LIST_PLACE = PROBE_HOOKS,
    PROBE_LIST_FILES,
    PROBE_LIST_SOCKETS,
    PROBE_STATES, /* as PROBE_STATE, for --states */
    PROBE_ALL
};

#define PROBE_NAME_MAX 64

struct probe_answer {
    char name[PROBE_NAME_MAX]; /* as captures have it; empty = the path has no such */
    bool works;
    char reason[PATH_TEXT_MAX]; /* when it does not */
};

/* Loads the program of that hook alone, by that path, attaches it for a moment, and frees it again.
 */
void probe_hook_try(const struct kernel_path *path, enum probe_hook hook, struct probe_answer *ret);

#endif

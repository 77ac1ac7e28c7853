/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether this kernel takes the parts of the BPF program, each tried by itself. */
#ifndef RECORD_PROBE_HOOKS_H
#define RECORD_PROBE_HOOKS_H

#include <stdbool.h>

enum probe_hook {
    PROBE_STATE,   /* every change of state */
    PROBE_DESTROY, /* a socket goes */
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

struct probe_answer {
    bool works;
    char reason[128]; /* when it does not */
};

/* The hook's name, as captures have it. */
const char *probe_hook_name(enum probe_hook hook);

/* Loads the program of that hook alone, attaches it for a moment, and frees it again. */
void probe_hook_try(enum probe_hook hook, struct probe_answer *ret);

#endif

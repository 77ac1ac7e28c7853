/* SPDX-License-Identifier: BSD-2-Clause */
/* For the files that are about the kernel's part: what it is made of. */
#ifndef RECORD_KERNEL_PARTS_H
#define RECORD_KERNEL_PARTS_H

#include "record/event_perf.h"
#include "record/event_rings.h"
#include "record/kernel.h"
#include "record/kernel_hooks.h"
#include "record/kernel_path.h"
#include "record/program.h"

/* The recorder is woken when this share of the ring is filled. */
#define WAKEUP_SHARE 4

struct kernel {
    struct kernel_path path;
    struct program program;
    char hooks[HOOKS_TEXT_MAX];
    struct event_rings rings; /* one of the two is in use, by the path's transport */
    struct event_perf perf;
    int fence_fd;       /* of a map that is put into another to wait for the kernel; -1 = none */
    uint64_t asleep_ns; /* as the program knows it */
    int processors;
    bool records_states;
    uint64_t peak;     /* bytes that were found waiting in one of the rings */
    uint64_t gone;     /* sessions that were found to have ended unseen */
    uint64_t unlisted; /* open ones that could not be listed */
};

static inline bool kernel_has_rings(const struct kernel *k)
{
    return k->path.transport == PATH_RINGBUF;
}

/* Says why the kernel refused to do that, and returns error. */
int kernel_explain(const struct kernel *k, int error, const char *what);

/* Once every program run from before is over. 0 or a negative errno. */
int kernel_wait_for_programs(const struct kernel *k);

/* Tells the program how long the machine has slept, where it cannot know. 0 or a negative errno. */
int kernel_tell_asleep(struct kernel *k);

#endif

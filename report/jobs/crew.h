/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that run tasks which do not know of each other. Whoever waits for one helps. */
#ifndef REPORT_JOBS_CREW_H
#define REPORT_JOBS_CREW_H

#include <stdbool.h>

struct crew;

enum crew_state {
    CREW_IDLE, /* not given to the crew, or done */
    CREW_QUEUED,
    CREW_RUNNING,
};

/* Embedded in what it is about; zeroed but for `run`. */
struct crew_task {
    void (*run)(struct crew_task *task);
    enum crew_state state; /* the crew's */
    struct crew_task *next;
};

/*
 * So many threads besides the caller's, none of which takes a signal; where the system gives fewer,
 * there are fewer. All of them run when it returns: what they need of the system to begin, they
 * had. 0 and *ret, or -ENOMEM.
 */
int crew_open(struct crew **ret, unsigned int threads);

/* Ends the threads, each after the task that it runs; what is queued is left undone. NULL is fine.
 * Returns NULL. */
struct crew *crew_close(struct crew *crew);

/* Has an idle task run by and by: what is given first begins first. It stays the caller's. */
void crew_give(struct crew *crew, struct crew_task *task);

/* Returns when the task is idle. What it wrote can be read then. */
void crew_wait(struct crew *crew, struct crew_task *task);

#endif

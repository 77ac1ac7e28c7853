/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a source ahead: blocks of rows are decoded, and worked on, by a crew, several at a time.
 * Items come in the same order and are the same as without.
 */
#ifndef REPORT_JOBS_AHEAD_H
#define REPORT_JOBS_AHEAD_H

#include "report/input/source.h"
#include "report/jobs/crew.h"
#include "report/jobs/row_work.h"

struct place;

/* What all sources share: the crew, and the places for blocks that are being decoded. */
struct ahead_pool {
    struct crew *crew; /* NULL = each block is decoded when it is asked for */
    const struct selection *selection;
    const struct row_work_plan *plan; /* NULL = blocks are only decoded */
    struct place *free;               /* those that no source has */
    unsigned int more;                /* how many may still be made */
};

#define AHEAD_ENTRIES 64

/* Something that was read and not handed on yet: a block of rows in its place, or an item, or the
 * end. */
struct ahead_entry {
    struct place *place;
    struct tlz_item item;
    int result;
};

/* Of one source. Zeroed = none. */
struct ahead {
    struct ahead_pool *pool; /* NULL = blocks are decoded as they are read */
    struct source *source;
    struct ahead_entry entry[AHEAD_ENTRIES]; /* a ring */
    unsigned int first, count;
    struct place *own;   /* so that one always goes on */
    struct place *shown; /* of the block that was handed on last */
    bool waits;          /* for an item to be handed on that the source's next call would change */
    bool ended;          /* the last entry is the end */
};

/* For up to `places` blocks besides one for each source. Crew, selection and plan outlive it. */
void ahead_pool_open(struct ahead_pool *pool, struct crew *crew, const struct selection *selection,
                     const struct row_work_plan *plan, unsigned int places);
/* The crew was closed before. */
void ahead_pool_close(struct ahead_pool *pool);

/* Reads that source, which stays the caller's, ahead. 0 or -ENOMEM. */
int ahead_open(struct ahead *a, struct ahead_pool *pool, struct source *source);
/* Gives its places back, once the crew has no more to do with them. */
void ahead_close(struct ahead *a);

/*
 * As source_next(). Of rows *ret_work is what was done with them, valid until the next call; NULL
 * when nothing was.
 */
int ahead_next(struct ahead *a, struct tlz_item *ret, const struct row_work **ret_work);

#endif

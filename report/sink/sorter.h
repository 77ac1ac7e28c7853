/* SPDX-License-Identifier: BSD-2-Clause */
/* --sort and --top: a sink that keeps rows and hands them on in order at the end. */
#ifndef REPORT_SINK_SORTER_H
#define REPORT_SINK_SORTER_H

#include "report/sink/sink.h"

#define SORTER_NO_KEY SIZE_MAX

struct sorter_options {
    const struct column *const *columns; /* of all the cells of a row, hidden ones too */
    size_t cells;
    size_t key; /* index of the cell to sort by; SORTER_NO_KEY = keep the order */
    bool ascending;
    bool by_time; /* of equal keys the earlier row comes first, and then the one that came first */
    uint64_t top; /* how many rows to hand on; 0 = all of them */
};

/*
 * Rows go to `next` (the caller's still): sorted by the key, greatest first unless `ascending`,
 * equal ones in the order they came, those without a value last. Only --top rows are kept in
 * memory. 0 and *ret, or -ENOMEM.
 */
int sorter_open(struct sink **ret, struct sink *next, const struct sorter_options *options);

/* The worst key of those kept, when there is no room for more. */
struct sorter_bound {
    bool is_set; /* else every row is kept */
    bool ascending;
    bool admits_equal;
    uint64_t worst;
};

/* Of a sorter by a number, as things are now: what it would not keep now, it will not keep when it
 * comes. */
struct sorter_bound sorter_bound(const struct sink *sorter);

/* Whether a row would be kept whose key is in that range. One without a key only when no bound is
 * set. */
static inline bool sorter_bound_admits(const struct sorter_bound *bound, uint64_t least,
                                       uint64_t greatest)
{
    const uint64_t nearest = bound->ascending ? least : greatest;

    if (!bound->is_set || (bound->admits_equal && nearest == bound->worst))
        return true;
    return bound->ascending ? nearest < bound->worst : nearest > bound->worst;
}

#endif

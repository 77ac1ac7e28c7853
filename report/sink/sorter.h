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
    uint64_t top; /* how many rows to hand on; 0 = all of them */
};

/*
 * Rows go to `next` (the caller's still): sorted by the key, greatest first unless `ascending`,
 * equal ones in the order they came, those without a value last. Only --top rows are kept in
 * memory. 0 and *ret, or -ENOMEM.
 */
int sorter_open(struct sink **ret, struct sink *next, const struct sorter_options *options);

/* Whether it would keep any row whose key is in that range, now. Of a sorter with a key. */
bool sorter_may_keep(const struct sink *sorter, uint64_t least, uint64_t greatest);

#endif

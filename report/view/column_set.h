/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns that a view has in a report: its type's, or those that it makes as the user asks. */
#ifndef REPORT_VIEW_COLUMN_SET_H
#define REPORT_VIEW_COLUMN_SET_H

#include "report/view/columns.h"

/* Zeroed = empty. */
struct column_set {
    const struct column **column; /* `count` of them, whose owner is another */
    size_t count;
    size_t listed; /* the first so many are what --list-columns lists; */
    size_t shown;  /* ... and what is shown where the user chooses none */
};

/* Adds one to the end, or `count` that are listed and shown. 0 or -ENOMEM. */
int column_set_add(struct column_set *set, const struct column *column);
int column_set_add_all(struct column_set *set, const struct column *columns, size_t count);

/* Frees the set and none of its columns. */
void column_set_close(struct column_set *set);

/* The place of the column of that name, or else with that heading in text (name_size bytes, in
 * either case), or the set's count. */
size_t column_set_find(const struct column_set *set, const char *name, size_t name_size);

/* Of those listed the name most like that one, or NULL. */
const char *column_set_nearest(const struct column_set *set, const char *name, size_t name_size);

#endif

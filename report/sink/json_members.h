/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of one table as JSON objects, the hot way: the keys, and the values that have names, are
 * made once. The same bytes as json_cells() between json_open() and json_close().
 */
#ifndef REPORT_SINK_JSON_MEMBERS_H
#define REPORT_SINK_JSON_MEMBERS_H

#include "report/text/output.h"
#include "report/view/columns.h"

struct member;

/* Zeroed = none. */
struct json_members {
    struct member *member; /* one a column */
    size_t count;
    size_t room; /* of an object, texts left out */
    bool has_texts;
};

/* 0 or -ENOMEM. The columns are static. */
int json_members_open(struct json_members *ret, const struct table *table);
void json_members_close(struct json_members *m);

/* Writes an object, a member for each cell that is present. Memory that is out is latched in the
 * output. */
void json_members_write(const struct json_members *m, struct output *output,
                        const struct cell *cells);

#endif

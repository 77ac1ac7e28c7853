/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --filter: an expression over the fields of a row, as tcplife-report(1) describes it. Compiled
 * once for rows of a kind, and evaluated on columns.
 */
#ifndef REPORT_FILTER_EXPRESSION_H
#define REPORT_FILTER_EXPRESSION_H

#include "format/ranges.h"

#define EXPRESSION_SIZE_MAX  4096 /* bytes of its text */
#define EXPRESSION_DEPTH_MAX 64   /* parentheses and nots within each other */

struct expression;

/* What is wrong with the text, and where in it; size 0 = at its end. */
struct expression_error {
    char text[1024];
    size_t at, size;
};

/*
 * Compiles the text, which is not needed any more then, for rows of a kind. A field that only rows
 * of another of these kinds (of KIND_BIT()) have is absent in them. 0 and *ret; -EINVAL and *error;
 * or -ENOMEM.
 */
int expression_compile(struct expression **ret, enum tlz_kind kind, unsigned int kinds,
                       const char *text, struct expression_error *error);

/* Frees it (NULL is fine) and returns NULL. */
struct expression *expression_free(struct expression *e);

/* Adds the fields of its kind that it looks at. */
void expression_add_fields(const struct expression *e, struct tlz_fieldset *fields);

/* Narrows [*from_us, *to_us] to the times that a row that it lets through can have (the kind's
 * time: close_us). *from_us > *to_us when there is none. */
void expression_window(const struct expression *e, uint64_t *from_us, uint64_t *to_us);

/* False when no row of its kind with values in these ranges is let through. */
bool expression_can_match(const struct expression *e, const struct tlz_ranges *ranges);

/* The rows of a batch of its kind that it lets through, a bit each, none behind the last row. Its
 * own until the next call. */
const uint64_t *expression_rows(struct expression *e, const struct tlz_batch *batch);

/* Leaves of the rows that expression_rows() gave of `e` those that `other` lets through, too. */
void expression_narrow(struct expression *e, struct expression *other,
                       const struct tlz_batch *batch);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The expressions of --filter, all of which a row has to meet. */
#ifndef REPORT_FILTER_FILTER_EXPRESSIONS_H
#define REPORT_FILTER_FILTER_EXPRESSIONS_H

#include "report/capture/captures.h"
#include "report/filter/expression.h"

/* Zeroed = none. Texts belong to argv. */
struct filter_expressions {
    const char **text;
    struct expression **compiled[TLZ_KINDS]; /* NULL = not yet, for rows of that kind */
    size_t count;
    unsigned int kinds; /* of rows that are wanted, once one is compiled */
};

/* 0 or -ENOMEM. */
int filter_expressions_add(struct filter_expressions *f, const char *text);

/* Compiles all for rows of that kind, which is one of those that are wanted. -1 to go on, or the
 * status after saying what is wrong. */
int filter_expressions_compile(struct filter_expressions *f, enum tlz_kind kind,
                               unsigned int kinds);

/* The same, compiled for the same kinds. 0 or -ENOMEM; filter_expressions_close() in both cases. */
int filter_expressions_copy(struct filter_expressions *ret, const struct filter_expressions *f);

void filter_expressions_close(struct filter_expressions *f);

/* Adds the fields that they look at in rows of that kind, which they are compiled for. */
void filter_expressions_add_fields(const struct filter_expressions *f, enum tlz_kind kind,
                                   struct tlz_fieldset *fields);

/* Narrows [*from_us, *to_us] to the times that rows of these kinds (of KIND_BIT()) can have which
 * they let through; *from_us > *to_us when there is none. */
void filter_expressions_window(const struct filter_expressions *f, unsigned int kinds,
                               uint64_t *from_us, uint64_t *to_us);

/* False when rows of that kind with values in these ranges are not let through. */
bool filter_expressions_can_match(const struct filter_expressions *f, enum tlz_kind kind,
                                  const struct tlz_ranges *ranges);

/* Fills rows[] (room for batch->rows) with the numbers of those that they let through, ascending;
 * returns how many. */
uint32_t filter_expressions_apply(const struct filter_expressions *f, const struct tlz_batch *batch,
                                  uint32_t *rows);

#endif

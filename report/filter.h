/* SPDX-License-Identifier: BSD-2-Clause */
/* Which sessions are wanted: the same words cut the same sessions here and in the recorder. */
#ifndef REPORT_FILTER_H
#define REPORT_FILTER_H

#include "format/session.h"
#include "util/parse.h"

/* A list without values lets everything through, and so does family 0. An absent value matches
 * nothing. */
struct filter {
    struct number_list pids;   /* of the owner */
    struct number_list lports; /* local */
    struct number_list rports; /* remote */
    uint64_t family;           /* 4, 6, or 0; an IPv4-mapped peer is 4 */
};

/* Frees its lists. */
void filter_close(struct filter *filter);

/* True when it keeps anything out. */
bool filter_is_active(const struct filter *filter);

/* Adds the fields that it looks at. */
void filter_add_fields(const struct filter *filter, struct tlz_fieldset *fields);

/* Fills rows[] (room for batch->rows) with the numbers of those wanted, ascending; returns how
 * many. */
uint32_t filter_apply(const struct filter *filter, const struct tlz_batch *batch, uint32_t *rows);

#endif

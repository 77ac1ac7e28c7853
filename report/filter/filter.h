/* SPDX-License-Identifier: BSD-2-Clause */
/* Which rows are wanted: the same words cut the same here and in the recorder. Of a change of state
 * its own values count, of which the owner is whoever was known by then. */
#ifndef REPORT_FILTER_FILTER_H
#define REPORT_FILTER_FILTER_H

#include "format/row.h"
#include "report/filter/filter_expressions.h"
#include "util/parse.h"

/* A list without values lets everything through, and so does family 0. An absent value matches
 * nothing. Texts belong to argv. */
struct filter {
    struct number_list pids;   /* of the owner */
    struct number_list lports; /* local */
    struct number_list rports; /* remote */
    uint64_t family;           /* 4, 6, or 0; an IPv4-mapped peer is 4 */
    struct number_list uids;
    const char *users;  /* the list of uids and names; NULL = all users */
    uint64_t cgroup_id; /* it, and those within; 0 = by its path, or all */
    const char *cgroup; /* its path, without the '/' before it or one behind it; NULL = by its
                           id, or all */
    size_t cgroup_size;
    uint64_t netns;         /* inode number; 0 = by its name, or all */
    const char *netns_name; /* NULL = by its number, or all */
    bool netns_self;        /* the recorder's */
    struct filter_expressions expressions;
};

struct source_numbers; /* report/filter/named_numbers.h */

/* Frees its lists and expressions. */
void filter_close(struct filter *filter);

/* The same filter, to be applied in another thread, of which it outlives the copy. 0 or -ENOMEM;
 * filter_close_copy() in both cases. */
int filter_copy(struct filter *ret, const struct filter *filter);
void filter_close_copy(struct filter *copy);

/* Each sets what was typed. 0, -EINVAL, -ERANGE or -ENOMEM. */
int filter_set_users(struct filter *filter, const char *text);
int filter_set_cgroup(struct filter *filter, const char *text);
int filter_set_netns(struct filter *filter, const char *text);

/* True when it keeps anything out. */
bool filter_is_active(const struct filter *filter);

/* True when captures have to tell what its words stand for. */
bool filter_has_names(const struct filter *filter);

/* Adds the fields that it looks at in rows of that kind. */
void filter_add_fields(const struct filter *filter, enum tlz_kind kind,
                       struct tlz_fieldset *fields);

/*
 * Fills rows[] (room for batch->rows) with the numbers of those wanted, ascending; returns how
 * many. `names` is what the filter's names stand for in the batch's recording.
 */
uint32_t filter_apply(const struct filter *filter, const struct source_numbers *names,
                      const struct tlz_batch *batch, uint32_t *rows);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers that a filter's names stand for, in each recording of one input: users, control
 * groups and network namespaces have numbers of their own on each host, and boot.
 */
#ifndef REPORT_FILTER_NAMED_NUMBERS_H
#define REPORT_FILTER_NAMED_NUMBERS_H

#include "report/capture/captures.h"
#include "report/filter/filter.h"
#include "report/input/source.h"
#include "util/number_set.h"

/* Of one recording. */
struct source_numbers {
    struct number_set uids;
    struct number_set cgroups;
    struct number_set netns;
    uint64_t own_netns; /* the recorder's; 0 = not known */
    char *group;        /* the path of filter->cgroup_id, when it is known, without a '/' behind it
                           (so the root's is empty); any bytes */
    size_t group_size;
};

/* Zeroed = nothing is known. */
struct named_numbers {
    struct source_numbers *of; /* by the file's source number */
    size_t count;
};

void named_numbers_close(struct named_numbers *numbers);

/* Learns from an item that the captures learnt before. 0, or a negative errno. */
int named_numbers_learn(struct named_numbers *numbers, const struct filter *filter,
                        const struct fact *fact);

/* Those of that source; never NULL. */
const struct source_numbers *named_numbers_of(const struct named_numbers *numbers, uint32_t source);

/*
 * Learns what is written behind the sessions, where the input is a capture that can be read twice.
 * It is read without its sessions, where it has an index. 0 or -ENOMEM; what is wrong with the
 * input is left to be found again.
 */
int named_numbers_read_ahead(struct named_numbers *numbers, const struct filter *filter,
                             const struct source_type *type, struct input *input);

/* True for the path of the group that is wanted by its path, and of those within. */
bool filter_has_path(const struct filter *filter, const char *path, size_t size);

/* The inode number of its recorder's network namespace: what is said of the file holds for those
 * that do not say it themselves. 0 = not known. */
uint64_t recording_own_netns(const struct capture *capture, const struct recording *recording);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The filters that have names: users, control groups, network namespaces. */
#ifndef RECORD_FILTER_NAMED_H
#define RECORD_FILTER_NAMED_H

#include "record/record_options.h"

/* Each takes an option's value: -1, or the status after a message. */
int filter_take_users(const char *text, struct record_options *o);
int filter_take_cgroup(const char *text, struct record_options *o);
int filter_take_netns(const char *text, struct record_options *o);

#endif

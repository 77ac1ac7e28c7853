/* SPDX-License-Identifier: BSD-2-Clause */
/* From the inode number of a network namespace to its name, and back. */
#ifndef RECORD_NETNS_PATH_H
#define RECORD_NETNS_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETNS_DIRECTORY "/run/netns" /* ip-netns(8) */
#define NETNS_INITIAL   "initial"    /* the name of process 1's, unless there is a file of it */

/* The inode number of this process's network namespace; 0 = not known. */
uint32_t netns_self(void);

/* The inode number of the initial network namespace; 0 = not known: to ask for that of process 1
 * takes the rights of root. */
uint32_t netns_initial(void);

/* The name of the namespace: that of its file in NETNS_DIRECTORY, or, where it is `initial`,
 * NETNS_INITIAL. False when it has none, or the name has no room. */
bool netns_name(uint64_t inode, uint32_t initial, char *ret, size_t size);

/*
 * The namespace that is meant by "self", a path (it has a '/'), or a name as netns_name() gives. 0
 * and its inode number, or a negative errno: -ENOTTY when the file is of no network namespace.
 */
int netns_find(const char *text, uint32_t *ret_inode);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control groups below a mount of version 2, by their ids. Reading all their directories needs
 * no rights; asking the kernel for a group by its id would need CAP_DAC_READ_SEARCH, which reads
 * any file.
 */
#ifndef RECORD_CGROUP_TREE_H
#define RECORD_CGROUP_TREE_H

#include "record/cgroup_path.h"

struct cgroup_node {
    uint64_t id;
    uint64_t parent; /* its id; the mount's own is its own */
    char *path;      /* below the mount: "/", "/user.slice" */
};

/* Zeroed = none. */
struct cgroup_tree {
    struct cgroup_node *node;
    size_t count;
    size_t capacity;
    size_t bytes; /* of all paths: past 16 MB no more are taken */
};

/*
 * Reads them anew: 10 us a group, or more. Those in a directory that cannot be read are left out.
 * 0; or a negative errno, and there are none: -ENOENT without a mount.
 */
int cgroup_tree_read(struct cgroup_tree *tree, const struct cgroup_mount *mount);

/* The group with that id, as of the last reading; NULL = there is none. Valid until the next. */
const struct cgroup_node *cgroup_tree_find(const struct cgroup_tree *tree, uint64_t id);

void cgroup_tree_free(struct cgroup_tree *tree);

#endif

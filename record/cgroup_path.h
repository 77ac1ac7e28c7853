/* SPDX-License-Identifier: BSD-2-Clause */
/* Where version 2 of control groups is mounted, and the group at a path. */
#ifndef RECORD_CGROUP_PATH_H
#define RECORD_CGROUP_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where cgroup version 2 is mounted: a descriptor of that directory, and its path. */
struct cgroup_mount {
    int fd; /* -1 = not mounted, or not open */
    char path[4096];
};

#define CGROUP_MOUNT_NONE ((struct cgroup_mount){.fd = -1})

/* Finds the mount, wherever it is. 0, or -ENOENT when there is none, or another negative errno. */
int cgroup_mount_open(struct cgroup_mount *ret);
void cgroup_mount_close(struct cgroup_mount *mount);

/*
 * The group at that path: below the mount, or below / with the mount's own path before it. 0, its
 * id and its depth below the mount (0 = the mount itself), or a negative errno.
 */
int cgroup_mount_find(const struct cgroup_mount *mount, const char *path, uint64_t *ret_id,
                      uint32_t *ret_level);

/* How deep a path below the mount is: "/" is 0, "/user.slice" 1. */
uint32_t cgroup_path_level(const char *path);

/* True when the mount shows the whole hierarchy, and not that of a container. */
bool cgroup_mount_is_whole(const struct cgroup_mount *mount);

#endif

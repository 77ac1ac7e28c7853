/* SPDX-License-Identifier: BSD-2-Clause */
/* From the id of a version 2 control group to its path. */
#ifndef RECORD_CGROUP_PATH_H
#define RECORD_CGROUP_PATH_H

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
 * The path of the group below the mount: "/", "/user.slice/...". 0, or a negative errno: -ESTALE
 * when it is gone, -EPERM without CAP_DAC_READ_SEARCH.
 */
int cgroup_mount_path(const struct cgroup_mount *mount, uint64_t id, char *path, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/cgroup_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"

#define FILEID_KERNFS                                                                              \
    0xfe /* include/linux/exportfs.h (Linux 5.10 to 6.18): the handle is the id                    \
          */

static bool find_mount(char *path, size_t size)
{
    FILE *f = setmntent("/proc/self/mounts", "r");
    struct mntent *entry;
    bool found = false;

    if (!f)
        return false;
    while (!found && (entry = getmntent(f)))
        if (!strcmp(entry->mnt_type, "cgroup2"))
            found = snprintf(path, size, "%s", entry->mnt_dir) < (int)size;
    endmntent(f);
    return found;
}

int cgroup_mount_open(struct cgroup_mount *ret)
{
    struct cgroup_mount mount;

    if (!find_mount(mount.path, sizeof mount.path))
        return -ENOENT;
    mount.fd = open(mount.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (mount.fd < 0)
        return -errno;
    *ret = mount;
    return 0;
}

void cgroup_mount_close(struct cgroup_mount *mount)
{
    close_fd(&mount->fd);
    *mount = CGROUP_MOUNT_NONE;
}

static int open_by_id(const struct cgroup_mount *mount, uint64_t id)
{
    union {
        struct file_handle handle;
        char space[sizeof(struct file_handle) + sizeof id];
    } u = {.handle = {.handle_bytes = sizeof id, .handle_type = FILEID_KERNFS}};
    int fd;

    memcpy(u.handle.f_handle, &id, sizeof id);
    fd = open_by_handle_at(mount->fd, &u.handle, O_PATH | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int cgroup_mount_path(const struct cgroup_mount *mount, uint64_t id, char *path, size_t size)
{
    _cleanup_(close_fd) int fd = mount->fd < 0 ? -ENOENT : open_by_id(mount, id);
    char link[64];
    char target[PATH_MAX];
    size_t prefix = strlen(mount->path);
    ssize_t n;

    if (fd < 0)
        return fd;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, target, sizeof target - 1);
    if (n < 0)
        return -errno;
    target[n] = '\0';
    if (strncmp(target, mount->path, prefix) != 0)
        return -ESTALE;
    if (snprintf(path, size, "%s", target[prefix] ? target + prefix : "/") >= (int)size)
        return -ENAMETOOLONG;
    return 0;
}

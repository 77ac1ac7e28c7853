/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/cgroup_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"

#define FILEID_KERNFS                                                                              \
    0xfe /* include/linux/exportfs.h (Linux 5.10 to 6.18): the handle is the id                    \
          */

/* The root's id, its lower half (kernfs_create_root(), fs/kernfs/dir.c, Linux 5.5 to 6.18: it is
 * the first that is given away). */
#define ROOT_ID 1

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

/* Where the open directory is, below the mount. */
static int path_of(const struct cgroup_mount *mount, int fd, char *path, size_t size)
{
    char link[64];
    char target[PATH_MAX];
    size_t prefix = strlen(mount->path);
    ssize_t n;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, target, sizeof target - 1);
    if (n < 0)
        return -errno;
    target[n] = '\0';
    if (strncmp(target, mount->path, prefix) != 0 || (target[prefix] && target[prefix] != '/'))
        return -ESTALE;
    if (snprintf(path, size, "%s", target[prefix] ? target + prefix : "/") >= (int)size)
        return -ENAMETOOLONG;
    return 0;
}

static int id_of(int fd, uint64_t *ret)
{
    union {
        struct file_handle handle;
        char space[sizeof(struct file_handle) + sizeof *ret];
    } u = {.handle = {.handle_bytes = sizeof *ret}};
    int mount_id;

    if (name_to_handle_at(fd, "", &u.handle, &mount_id, AT_EMPTY_PATH) < 0)
        return -errno;
    if (u.handle.handle_type != FILEID_KERNFS || u.handle.handle_bytes != sizeof *ret)
        return -ENOTSUP;
    memcpy(ret, u.handle.f_handle, sizeof *ret);
    return 0;
}

uint32_t cgroup_path_level(const char *path)
{
    uint32_t level = 0;

    for (; *path; path++)
        level += *path != '/' && path[-1] == '/';
    return level;
}

int cgroup_mount_find(const struct cgroup_mount *mount, const char *path, uint64_t *ret_id,
                      uint32_t *ret_level)
{
    size_t prefix = strlen(mount->path);
    bool has_prefix = !strncmp(path, mount->path, prefix) && (!path[prefix] || path[prefix] == '/');
    _cleanup_(close_fd) int fd = -1;
    char whole[PATH_MAX];
    char below[PATH_MAX];
    int r;

    if (snprintf(whole, sizeof whole, "%s/%s", mount->path, has_prefix ? path + prefix : path) >=
        (int)sizeof whole)
        return -ENAMETOOLONG;
    fd = open(whole, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    r = path_of(mount, fd, below, sizeof below);
    if (r == 0)
        r = id_of(fd, ret_id);
    if (r == 0)
        *ret_level = cgroup_path_level(below);
    return r;
}

bool cgroup_mount_is_whole(const struct cgroup_mount *mount)
{
    uint64_t id = 0;

    return id_of(mount->fd, &id) == 0 && (uint32_t)id == ROOT_ID;
}

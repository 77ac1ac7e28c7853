/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/netns_path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "util/cleanup.h"

#define SELF_FILE    "/proc/self/ns/net"
#define INITIAL_FILE "/proc/1/ns/net"

#define PID_NAMESPACE_INITIAL                                                                      \
    0xeffffffc /* PROC_PID_INIT_INO, include/linux/proc_ns.h (Linux 3.8 to 6.18) */

static bool is_inode(const char *path, uint64_t inode)
{
    struct stat st;

    return stat(path, &st) == 0 && st.st_ino == inode;
}

/* The namespace of process 1 is the initial one, unless this is another pid namespace. */
static bool knows_initial(void)
{
    return is_inode("/proc/self/ns/pid", PID_NAMESPACE_INITIAL);
}

static uint32_t inode_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (uint32_t)st.st_ino : 0;
}

uint32_t netns_self(void)
{
    return inode_of(SELF_FILE);
}

uint32_t netns_initial(void)
{
    return knows_initial() ? inode_of(INITIAL_FILE) : 0;
}

bool netns_name(uint64_t inode, uint32_t initial, char *ret, size_t size)
{
    DIR *directory = opendir(NETNS_DIRECTORY);
    struct dirent *entry;
    bool found = false;

    while (directory && !found && (entry = readdir(directory))) {
        char path[sizeof NETNS_DIRECTORY + sizeof entry->d_name];

        snprintf(path, sizeof path, NETNS_DIRECTORY "/%s", entry->d_name);
        found = is_inode(path, inode) && snprintf(ret, size, "%s", entry->d_name) < (int)size;
    }
    if (directory)
        closedir(directory);
    if (!found && initial && inode == initial)
        found = snprintf(ret, size, NETNS_INITIAL) < (int)size;
    return found;
}

/* The inode number is that of the file, which must be open to ask what it is of. */
static int find_by_path(const char *path, uint32_t *ret_inode)
{
    _cleanup_(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return -errno;
    if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWNET)
        return -ENOTTY;
    *ret_inode = (uint32_t)st.st_ino;
    return 0;
}

int netns_find(const char *text, uint32_t *ret_inode)
{
    char path[sizeof NETNS_DIRECTORY + NAME_MAX + 1];
    int r;

    if (!strcmp(text, "self"))
        return find_by_path(SELF_FILE, ret_inode);
    if (strchr(text, '/'))
        return find_by_path(text, ret_inode);
    if (snprintf(path, sizeof path, NETNS_DIRECTORY "/%s", text) >= (int)sizeof path)
        return -ENAMETOOLONG;
    r = find_by_path(path, ret_inode);
    if (r == -ENOENT && !strcmp(text, NETNS_INITIAL) && knows_initial())
        r = find_by_path(INITIAL_FILE, ret_inode);
    return r;
}

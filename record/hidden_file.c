/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/hidden_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "record/own_file.h"
#include "util/cleanup.h"

#define CHANCE_DIGITS "0123456789abcdef"

/* Sweepers that come between open(2) and flock(2), one after the other. */
#define TRIES 10

int hidden_file_choose(struct hidden_name *ret, const char *host)
{
    uint64_t chance;

    if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
        return -errno;
    snprintf(ret->s, sizeof ret->s, HIDDEN_BEGIN "%.*s-%016" PRIx64 HIDDEN_END, RING_HOST_MAX, host,
             chance);
    return 0;
}

/* A descriptor, or a negative errno. */
static int create(int dir_fd, const char *name)
{
    int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    return fd < 0 ? -errno : fd;
}

/* Whether it is this process's, and still there; as far as can be told where nothing can be locked,
 * and so nothing is swept. */
static bool is_held(int fd)
{
    struct stat st;

    return own_file_lock(fd) != 0 && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

int hidden_file_make(int dir_fd, const struct hidden_name *hidden)
{
    for (int i = 0; i < TRIES; i++) {
        int fd;

        if (unlinkat(dir_fd, hidden->s, 0) < 0 && errno != ENOENT)
            return -errno;
        fd = create(dir_fd, hidden->s);
        if (fd < 0 || is_held(fd))
            return fd;
        close(fd);
    }
    return -EBUSY;
}

/* In two steps: an empty file that is this process's own gets the name, and is then replaced. */
static int replace_own(int dir_fd, const char *hidden, const char *name)
{
    int fd = create(dir_fd, name);
    int r;

    if (fd < 0)
        return fd;
    close(fd);
    if (renameat(dir_fd, hidden, dir_fd, name) == 0)
        return 0;
    r = -errno;
    unlinkat(dir_fd, name, 0);
    return r;
}

/* NFS, 9P and others cannot rename and leave alone what is there (rename(2)). */
int hidden_file_name(int dir_fd, const struct hidden_name *hidden, const char *name)
{
    if (renameat2(dir_fd, hidden->s, dir_fd, name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        return -errno;
    return replace_own(dir_fd, hidden->s, name);
}

void hidden_file_remove(int dir_fd, const struct hidden_name *hidden)
{
    unlinkat(dir_fd, hidden->s, 0);
}

/* Whether hidden_file_choose() gives that name for that host. */
static bool is_hidden_name(const char *name, const char *host)
{
    size_t host_size = strlen(host);

    if (strncmp(name, HIDDEN_BEGIN, strlen(HIDDEN_BEGIN)) != 0)
        return false;
    name += strlen(HIDDEN_BEGIN);
    if (strncmp(name, host, host_size) != 0 || name[host_size] != '-')
        return false;
    name += host_size + 1;
    return strspn(name, CHANCE_DIGITS) == strlen(CHANCE_DIGITS) &&
           !strcmp(name + strlen(CHANCE_DIGITS), HIDDEN_END);
}

/* Who writes a file holds its lock until it has another name: what could be locked, and still has
 * this one, is nobody's. */
static void remove_if_left(int dir_fd, const char *name)
{
    _cleanup_(close_fd) int fd = -1;
    struct stat found;
    struct stat locked;

    if (fstatat(dir_fd, name, &found, AT_SYMLINK_NOFOLLOW) < 0 || !own_file_is(&found))
        return;
    fd = own_file_open(dir_fd, name, found.st_dev, found.st_ino);
    if (fd >= 0 && own_file_lock(fd) == 1 &&
        fstatat(dir_fd, name, &locked, AT_SYMLINK_NOFOLLOW) == 0 && locked.st_ino == found.st_ino)
        unlinkat(dir_fd, name, 0);
}

void hidden_file_sweep(int dir_fd, const char *host)
{
    _cleanup_(own_file_close_list) DIR *directory = own_file_list(dir_fd);
    const struct dirent *entry;

    while (directory && (entry = readdir(directory)))
        if (is_hidden_name(entry->d_name, host))
            remove_if_left(dir_fd, entry->d_name);
}

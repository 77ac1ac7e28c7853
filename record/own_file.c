/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

bool own_file_is(const struct stat *st)
{
    return S_ISREG(st->st_mode) && st->st_uid == geteuid() && st->st_nlink == 1;
}

int own_file_open(int dir_fd, const char *name, dev_t device, ino_t inode)
{
    int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;

    if (fd >= 0 &&
        (fstat(fd, &st) < 0 || !own_file_is(&st) || st.st_dev != device || st.st_ino != inode)) {
        close(fd);
        return -1;
    }
    return fd;
}

int own_file_lock(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return 1;
    return errno == EWOULDBLOCK ? 0 : -errno;
}

/* Its position would be shared by all who have the descriptor from the same open(2). */
DIR *own_file_list(int dir_fd)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);

    if (fd >= 0 && !directory)
        close(fd);
    return directory;
}

void own_file_close_list(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

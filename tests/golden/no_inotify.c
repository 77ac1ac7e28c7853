/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel without inotify, for a program in which this is preloaded. */
#include <errno.h>
#include <sys/inotify.h>

int inotify_init1(int flags)
{
    (void)flags;
    errno = ENOSYS;
    return -1;
}

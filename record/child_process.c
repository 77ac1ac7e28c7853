/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

int child_process_keep(int in, int out)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out < 0 ? null : out, STDOUT_FILENO) < 0 ||
        dup2(null, STDERR_FILENO) < 0 ||
        syscall(SYS_close_range, STDERR_FILENO + 1, UINT_MAX, 0) < 0)
        return -errno;
    return 0;
}

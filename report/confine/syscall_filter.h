/* SPDX-License-Identifier: BSD-2-Clause */
/* seccomp: which system calls the kernel still takes from this program. */
#ifndef REPORT_CONFINE_SYSCALL_FILTER_H
#define REPORT_CONFINE_SYSCALL_FILTER_H

#include <stdbool.h>

/* What a report needs besides reading. */
struct syscall_needs {
    bool replaces; /* renaming and removing files */
    bool journal;  /* what confine_allow_journal() tells of */
    bool lists;    /* listing directories */
};

/*
 * From now on, and for good, every system call fails with ENOSYS but for those that reading files,
 * writing to what is open, memory and time need, and those that are asked for.
 * 0; or a negative errno: nothing has changed; -ENOPKG: left out of the build.
 */
int syscall_filter_enter(const struct syscall_needs *needs);

#endif

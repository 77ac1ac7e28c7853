/* SPDX-License-Identifier: BSD-2-Clause */
/* seccomp: which system calls the kernel still takes from this program. */
#ifndef REPORT_SYSCALL_FILTER_H
#define REPORT_SYSCALL_FILTER_H

#include <stdbool.h>

/*
 * From now on, and for good, every system call fails with ENOSYS but for those that reading files,
 * writing to what is open, memory and time need; if `replaces`, renaming and removing files; if
 * `journal`, what confine_allow_journal() tells of.
 * 0; or a negative errno: nothing has changed; -ENOPKG: left out of the build.
 */
int syscall_filter_enter(bool replaces, bool journal);

#endif

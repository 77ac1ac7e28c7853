/* SPDX-License-Identifier: BSD-2-Clause */
/* seccomp, the kernel's way for a program to give up system calls by itself. */
#ifndef UTIL_SYSCALL_RULES_H
#define UTIL_SYSCALL_RULES_H

#include <stddef.h>
#include <stdint.h>

/* A system call that stays, where the bits of `mask` of an argument have this value. */
struct syscall_rule {
    const char *name;      /* one that this architecture or the library does not know is no rule */
    unsigned int argument; /* from 0 */
    uint64_t mask;         /* 0 = whatever the arguments are */
    uint64_t value;
};

/* The kernel looks at so much of an int; the C libraries differ in what they put above. */
#define SYSCALL_INT UINT32_MAX

struct syscall_list {
    const struct syscall_rule *rule;
    size_t count;
};

#define SYSCALL_LIST(array)                                                                        \
    ((struct syscall_list){.rule = (array), .count = sizeof(array) / sizeof *(array)})

/* 0 when the kernel has it; or a negative errno, -ENOPKG: left out of the build. Changes nothing.
 */
int syscall_rules_try(void);

/*
 * From now on, and for good, every system call fails with ENOSYS but for those of the lists, what
 * the C library needs in any program (no memory can be made executable), and what abort(3) needs;
 * in all threads. 0; or a negative errno: nothing has changed; -ENOPKG: left
 * out of the build.
 */
int syscall_rules_enter(const struct syscall_list *lists, size_t count);

#endif

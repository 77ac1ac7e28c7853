/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/syscall_rules.h"

#include <errno.h>

#if CONFINE_SECCOMP

#include <asm/termios.h> /* the kernel's: <sys/ioctl.h> has not every type that it needs */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/cleanup.h"

/* 0 or a negative errno. */
static int allow(scmp_filter_ctx filter, const struct syscall_list *list)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < list->count; i++) {
        const struct syscall_rule *rule = &list->rule[i];
        struct scmp_arg_cmp condition =
            SCMP_CMP(rule->argument, SCMP_CMP_MASKED_EQ, rule->mask, rule->value);
        int number = seccomp_syscall_resolve_name(rule->name);

        if (number != __NR_SCMP_ERROR)
            r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, rule->mask != 0, &condition);
    }
    return r;
}

/*
 * What the C library calls in any program: with files that are open, for memory, time, locks and
 * signals, and at the end. By names, since no architecture has them all and the library knows those
 * of its own time; where the C library may choose between several, all are here.
 */
static const struct syscall_rule of_any_program[] = {
    /* files that are open */
    {"read"},
    {"readv"},
    {"pread64"},
    {"write"},
    {"writev"},
    {"lseek"},
    {"_llseek"},
    {"poll"},
    {"ppoll"},
    {"ppoll_time64"},
    {"close"},
    {"fcntl", 1, SYSCALL_INT, F_DUPFD_CLOEXEC},
    {"fcntl", 1, SYSCALL_INT, F_SETFD},
    {"fcntl64", 1, SYSCALL_INT, F_DUPFD_CLOEXEC},
    {"fcntl64", 1, SYSCALL_INT, F_SETFD},
    /* isatty(3), in one way or another; but not TIOCSTI, which types */
    {"ioctl", 1, SYSCALL_INT, TCGETS},
    {"ioctl", 1, SYSCALL_INT, TIOCGWINSZ},
#ifdef TCGETS2
    {"ioctl", 1, SYSCALL_INT, TCGETS2},
#endif
    /* fstat(3) is one of these */
    {"stat"},
    {"stat64"},
    {"fstat"},
    {"fstat64"},
    {"fstatat64"},
    {"newfstatat"},
    {"statx"},
    /* memory, but none that is run; qsort(3) asks how much there is */
    {"brk"},
    {"mmap", 2, PROT_EXEC, 0},
    {"mmap2", 2, PROT_EXEC, 0},
    {"munmap"},
    {"mremap"},
    {"mprotect", 2, PROT_EXEC, 0},
    {"madvise"},
    {"sysinfo"},
    /* time, chance, locks */
    {"clock_gettime"},
    {"clock_gettime64"},
    {"gettimeofday"},
    {"time"},
    {"getrandom"},
    {"futex"},
    {"futex_time64"},
    /* signals, and the end */
    {"rt_sigaction"},
    {"rt_sigprocmask"},
    {"rt_sigreturn"},
    {"sigreturn"},
    {"restart_syscall"},
    {"getpid"},
    {"gettid"},
    {"exit"},
    {"exit_group"},
};

/* What abort(3) calls; to nobody else may a signal be sent. */
static int allow_abort(scmp_filter_ctx filter)
{
    const struct syscall_rule rules[] = {{"tgkill", 0, SYSCALL_INT, (uint64_t)getpid()},
                                         {"tkill", 0, SYSCALL_INT, (uint64_t)getpid()}};

    return allow(filter, &SYSCALL_LIST(rules));
}

/* 0, or the kernel's error, of which the library tells little. */
static int load(scmp_filter_ctx filter)
{
    int r;

    errno = 0;
    r = seccomp_load(filter);
    return r < 0 && errno ? -errno : r;
}

static void free_filter(scmp_filter_ctx *filter)
{
    seccomp_release(*filter);
}

int syscall_rules_try(void)
{
    uint32_t action = SECCOMP_RET_ERRNO;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0 ? -errno : 0;
}

int syscall_rules_enter(const struct syscall_list *lists, size_t count)
{
    _cleanup_(free_filter) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    int r;

    if (!filter)
        return -ENOMEM;
    /* The same for another architecture's numbers. */
    r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
    if (r == 0)
        r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (r == 0)
        r = allow(filter, &SYSCALL_LIST(of_any_program));
    if (r == 0)
        r = allow_abort(filter);
    for (size_t i = 0; r == 0 && i < count; i++)
        r = allow(filter, &lists[i]);
    return r < 0 ? r : load(filter);
}

#else

int syscall_rules_try(void)
{
    return -ENOPKG;
}

int syscall_rules_enter(const struct syscall_list *lists, size_t count)
{
    (void)lists;
    (void)count;
    return -ENOPKG;
}

#endif

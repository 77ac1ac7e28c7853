/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/syscall_filter.h"

#include <errno.h>

#if CONFINE_SECCOMP

#include <asm/termios.h> /* the kernel's: <sys/ioctl.h> has not every type that it needs */
#include <fcntl.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/cleanup.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A system call that stays, where the bits of `mask` of an argument have this value. */
struct allowed {
    const char *name;
    unsigned int argument; /* from 0 */
    uint64_t mask;         /* 0 = whatever the arguments are */
    uint64_t value;
};

/* The kernel looks at so much of an int; the C libraries differ in what they put above. */
#define INT UINT32_MAX

#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

/*
 * By their names, since no architecture has them all and the library knows those of its own time.
 * Where the C library may choose between several, all are here.
 */
static const struct allowed allowed_reading[] = {
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
    {"fcntl", 1, INT, F_DUPFD_CLOEXEC},
    {"fcntl", 1, INT, F_SETFD},
    {"fcntl64", 1, INT, F_DUPFD_CLOEXEC},
    {"fcntl64", 1, INT, F_SETFD},
    /* isatty(3), in one way or another; but not TIOCSTI, which types */
    {"ioctl", 1, INT, TCGETS},
    {"ioctl", 1, INT, TIOCGWINSZ},
#ifdef TCGETS2
    {"ioctl", 1, INT, TCGETS2},
#endif
    /* files by their names; fstat(3) is one of those, too */
    {"open", 1, WRITING, O_RDONLY},
    {"openat", 2, WRITING, O_RDONLY},
    {"stat"},
    {"stat64"},
    {"fstat"},
    {"fstat64"},
    {"fstatat64"},
    {"newfstatat"},
    {"statx"},
    /* memory; qsort(3) asks how much there is */
    {"brk"},
    {"mmap"},
    {"mmap2"},
    {"munmap"},
    {"mremap"},
    {"mprotect"},
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

static const struct allowed allowed_replacing[] = {
    {"rename"}, {"renameat"}, {"renameat2"}, {"unlink"}, {"unlinkat"}, {"fsync"},
};

/* Of a datagram the library gives the destination with each, which is not seen here. */
static const struct allowed allowed_journal[] = {
    {"socket", 0, INT, AF_UNIX},
    {"getsockopt", 1, INT, SOL_SOCKET},
    {"setsockopt", 1, INT, SOL_SOCKET},
    {"sendmsg"},
};

/* 0 or a negative errno. One that this architecture or the library does not know needs no rule. */
static int allow(scmp_filter_ctx filter, const struct allowed *list, size_t count)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++) {
        struct scmp_arg_cmp condition =
            SCMP_CMP(list[i].argument, SCMP_CMP_MASKED_EQ, list[i].mask, list[i].value);
        int number = seccomp_syscall_resolve_name(list[i].name);

        if (number != __NR_SCMP_ERROR)
            r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, list[i].mask != 0,
                                       &condition);
    }
    return r;
}

/* What abort(3) calls; to nobody else may a signal be sent. */
static int allow_abort(scmp_filter_ctx filter)
{
    const struct allowed list[] = {{"tgkill", 0, INT, (uint64_t)getpid()},
                                   {"tkill", 0, INT, (uint64_t)getpid()}};

    return allow(filter, list, COUNT(list));
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

int syscall_filter_enter(bool replaces, bool journal)
{
    _cleanup_(free_filter) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    int r;

    if (!filter)
        return -ENOMEM;
    /* The same for another architecture's numbers. */
    r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
    /* For all threads. */
    if (r == 0)
        r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (r == 0)
        r = allow(filter, allowed_reading, COUNT(allowed_reading));
    if (r == 0)
        r = allow_abort(filter);
    if (r == 0 && replaces)
        r = allow(filter, allowed_replacing, COUNT(allowed_replacing));
    if (r == 0 && journal)
        r = allow(filter, allowed_journal, COUNT(allowed_journal));
    return r < 0 ? r : load(filter);
}

#else

int syscall_filter_enter(bool replaces, bool journal)
{
    (void)replaces;
    (void)journal;
    return -ENOPKG;
}

#endif

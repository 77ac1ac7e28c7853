/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/confine/syscall_filter.h"

#include <asm/termios.h> /* the kernel's: <sys/ioctl.h> has not every type that it needs */
#include <fcntl.h>
#include <sys/socket.h>

#include "util/syscall_rules.h"

#define INT SYSCALL_INT

#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

/*
 * By their names, since no architecture has them all and the library knows those of its own time.
 * Where the C library may choose between several, all are here.
 */
static const struct syscall_rule allowed_reading[] = {
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

static const struct syscall_rule allowed_replacing[] = {
    {"rename"}, {"renameat"}, {"renameat2"}, {"unlink"}, {"unlinkat"}, {"fsync"},
};

/* Of a datagram the library gives the destination with each, which is not seen here. */
static const struct syscall_rule allowed_journal[] = {
    {"socket", 0, INT, AF_UNIX},
    {"getsockopt", 1, INT, SOL_SOCKET},
    {"setsockopt", 1, INT, SOL_SOCKET},
    {"sendmsg"},
};

static const struct syscall_rule allowed_listing[] = {{"getdents"}, {"getdents64"}};

int syscall_filter_enter(const struct syscall_needs *needs)
{
    struct syscall_list lists[4] = {SYSCALL_LIST(allowed_reading)};
    size_t count = 1;

    if (needs->replaces)
        lists[count++] = SYSCALL_LIST(allowed_replacing);
    if (needs->journal)
        lists[count++] = SYSCALL_LIST(allowed_journal);
    if (needs->lists)
        lists[count++] = SYSCALL_LIST(allowed_listing);
    return syscall_rules_enter(lists, count);
}

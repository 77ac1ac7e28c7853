/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/confine/syscall_filter.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "util/syscall_rules.h"

#define INT SYSCALL_INT

#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

static const struct syscall_rule allowed_reading[] = {
    {"open", 1, WRITING, O_RDONLY},
    {"openat", 2, WRITING, O_RDONLY},
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

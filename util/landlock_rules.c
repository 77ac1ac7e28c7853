/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/landlock_rules.h"

#include <errno.h>

#if CONFINE_LANDLOCK

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/cleanup.h"

/* What headers older than the kernel lack; include/uapi/linux/landlock.h (Linux 6.18). */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif
#ifndef LANDLOCK_ACCESS_NET_BIND_TCP
#define LANDLOCK_ACCESS_NET_BIND_TCP    (1ULL << 0)
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#endif
#ifndef LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)
#define LANDLOCK_SCOPE_SIGNAL               (1ULL << 1)
#endif

/* struct landlock_ruleset_attr as of ABI 6. A kernel that knows less of it wants zeros there. */
struct forbidden {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

/* What each version of the interface added. */
static const struct forbidden added[] = {
    {.files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1}, /* 1: every bit up to the last of its own */
    {.files = LANDLOCK_ACCESS_FS_REFER},
    {.files = LANDLOCK_ACCESS_FS_TRUNCATE},
    {.network = LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP},
    {.files = LANDLOCK_ACCESS_FS_IOCTL_DEV},
    {.scopes = LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL},
};

static struct forbidden all_of(int abi)
{
    struct forbidden all = {0};

    for (int i = 0; i < abi && i < (int)(sizeof added / sizeof *added); i++) {
        all.files |= added[i].files;
        all.network |= added[i].network;
        all.scopes |= added[i].scopes;
    }
    return all;
}

static int or_errno(long result)
{
    return result < 0 ? -errno : (int)result;
}

void landlock_rules_open(struct landlock_rules *rules)
{
    int abi =
        or_errno(syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION));
    struct forbidden all = all_of(abi);

    *rules = (struct landlock_rules){.fd = abi, .abi = abi};
    if (abi >= 1)
        rules->fd = or_errno(syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0));
}

static void give_up(struct landlock_rules *rules, int error)
{
    close_fd(&rules->fd);
    rules->fd = error;
}

/* Asking a device whether it is a terminal is an ioctl(2). */
static uint64_t accesses_of(int rights, const struct stat *status)
{
    uint64_t accesses = 0;

    if (rights & LANDLOCK_READ)
        accesses |= LANDLOCK_ACCESS_FS_READ_FILE |
                    (S_ISCHR(status->st_mode) ? LANDLOCK_ACCESS_FS_IOCTL_DEV : 0);
    if (rights & LANDLOCK_LIST)
        accesses |= LANDLOCK_ACCESS_FS_READ_DIR;
    if (rights & LANDLOCK_WRITE)
        accesses |= LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
    if (rights & LANDLOCK_REPLACE)
        accesses |= LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
    return accesses;
}

/* 0, or a negative errno when what is at `path` may be opened later and would then be forbidden. */
static int add_rule(const struct landlock_rules *rules, int rights, const char *path)
{
    _cleanup_(close_fd) int fd = open(path, O_PATH | O_CLOEXEC);
    struct landlock_path_beneath_attr rule = {.parent_fd = fd};
    struct stat status;

    if (fd < 0)
        return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno : 0;
    if (fstat(fd, &status) < 0)
        return -errno;
    rule.allowed_access = accesses_of(rights, &status) & all_of(rules->abi).files;
    if (syscall(SYS_landlock_add_rule, rules->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0)
        return 0;
    /* A pipe or the like, by its name in /proc: no business of Landlock's. */
    return errno == EBADFD ? 0 : -errno;
}

void landlock_rules_allow(struct landlock_rules *rules, int rights, const char *path)
{
    int r = rules->fd < 0 ? 0 : add_rule(rules, rights, path);

    if (r < 0)
        give_up(rules, r);
}

int landlock_rules_enter(struct landlock_rules *rules)
{
    int r = rules->fd;

    if (r < 0)
        return r;
    r = or_errno(syscall(SYS_landlock_restrict_self, rules->fd, 0));
    landlock_rules_close(rules);
    return r;
}

void landlock_rules_close(struct landlock_rules *rules)
{
    give_up(rules, -EBADF);
}

#else

void landlock_rules_open(struct landlock_rules *rules)
{
    *rules = (struct landlock_rules){.fd = -ENOPKG};
}

void landlock_rules_allow(struct landlock_rules *rules, int rights, const char *path)
{
    (void)rules;
    (void)rights;
    (void)path;
}

int landlock_rules_enter(struct landlock_rules *rules)
{
    return rules->fd;
}

void landlock_rules_close(struct landlock_rules *rules)
{
    (void)rules;
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/syscall_rules.h"

#include <errno.h>

#if CONFINE_SECCOMP

#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
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

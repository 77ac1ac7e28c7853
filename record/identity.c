/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/identity.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "record/rights.h"
#include "util/message.h"
#include "util/parse.h"

/* Users below are the system's, not people (SYS_UID_MAX of login.defs(5) is the last). */
#define FIRST_PERSON 1000

#define UID_NONE ((uid_t)-1)

static bool may_become_another(void)
{
    return rights_has(CAP_SETUID) && rights_has(CAP_SETGID);
}

static void set(struct identity *ret, uid_t uid, gid_t gid, const char *name)
{
    *ret = (struct identity){.uid = uid, .gid = gid, .is_other = uid != geteuid()};
    if (name)
        snprintf(ret->name, sizeof ret->name, "%s", name);
    else
        snprintf(ret->name, sizeof ret->name, "%ju", (uintmax_t)uid);
}

static void set_starter(struct identity *ret)
{
    const struct passwd *entry = getpwuid(geteuid());

    set(ret, geteuid(), getegid(), entry ? entry->pw_name : NULL);
}

static const struct passwd *find_user(const char *user)
{
    const struct passwd *entry = getpwnam(user);
    uint64_t uid;

    if (!entry && parse_number(user, UID_NONE - 1, &uid) == 0)
        entry = getpwuid((uid_t)uid);
    return entry;
}

static int find_wanted(const char *user, struct identity *ret)
{
    const struct passwd *entry;

    errno = 0;
    entry = find_user(user);
    if (!entry) {
        if (errno && errno != ENOENT && errno != ESRCH)
            message_error("--user: cannot look up '%s': %s", user, strerror(errno));
        else
            message_error("--user: there is no user '%s'", user);
        return EXIT_FAILED;
    }
    set(ret, entry->pw_uid, entry->pw_gid, entry->pw_name);
    if (!ret->is_other || may_become_another())
        return -1;
    message_error("--user: to become %s takes root, or CAP_SETUID and CAP_SETGID", ret->name);
    return EXIT_FAILED;
}

int identity_find(const char *user, struct identity *ret)
{
    const struct passwd *entry;

    if (user)
        return find_wanted(user, ret);
    entry = may_become_another() ? getpwnam(IDENTITY_DEFAULT) : NULL;
    if (entry && entry->pw_uid < FIRST_PERSON)
        set(ret, entry->pw_uid, entry->pw_gid, entry->pw_name);
    else
        set_starter(ret);
    return -1;
}

/* The groups of who started it are of no use any more: they are not kept for identity_resume(). */
int identity_assume(const struct identity *identity)
{
    if (!identity->is_other)
        return 0;
    if (setgroups(0, NULL) < 0 || setresgid((gid_t)-1, identity->gid, (gid_t)-1) < 0 ||
        setresuid(UID_NONE, identity->uid, UID_NONE) < 0)
        return -errno;
    return 0;
}

int identity_resume(const struct identity *identity)
{
    if (!identity->is_other)
        return 0;
    if (setresuid(UID_NONE, getuid(), UID_NONE) < 0 ||
        setresgid((gid_t)-1, getgid(), (gid_t)-1) < 0)
        return -errno;
    return 0;
}

/* What a program that is run could get at most. */
static void drop_bounding(void)
{
    for (int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
        (void)prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static int become(const struct identity *identity)
{
    if (!identity->is_other)
        return 0;
    if (setgroups(0, NULL) < 0 || setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
        setresuid(identity->uid, identity->uid, identity->uid) < 0)
        return -errno;
    return 0;
}

/* The kernel takes all of them with the user, unless they are to be kept until here. */
static int limit_capabilities(bool keeps_bpf)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct kept[_LINUX_CAPABILITY_U32S_3] = {0};

    if (keeps_bpf) {
        kept[CAP_TO_INDEX(CAP_BPF)].permitted = CAP_TO_MASK(CAP_BPF);
        kept[CAP_TO_INDEX(CAP_BPF)].effective = CAP_TO_MASK(CAP_BPF);
    }
    return syscall(SYS_capset, &header, kept) < 0 ? -errno : 0;
}

int identity_drop(const struct identity *identity)
{
    int r;

    drop_bounding();
    if (prctl(PR_SET_KEEPCAPS, identity->keeps_bpf, 0, 0, 0) < 0)
        return -errno;
    r = become(identity);
    if (r == 0)
        r = limit_capabilities(identity->keeps_bpf);
    if (r == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        r = -errno;
    return r;
}

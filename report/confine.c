/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/confine.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "report/syscall_filter.h"

void confine_begin(struct confinement *c)
{
    *c = (struct confinement){0};
    landlock_rules_open(&c->rules);
}

void confine_allow_read(struct confinement *c, const char *path)
{
    if (path)
        landlock_rules_allow(&c->rules, LANDLOCK_READ, path);
}

void confine_allow_replace(struct confinement *c, const char *file)
{
    char path[PATH_MAX];

    c->replaces = true;
    /* A longer one could not have been opened. */
    if ((size_t)snprintf(path, sizeof path, "%s", file) < sizeof path)
        landlock_rules_allow(&c->rules, LANDLOCK_REPLACE, dirname(path));
}

void confine_allow_journal(struct confinement *c)
{
    c->journal = true;
}

void confine_enter_files(struct confinement *c)
{
    /* Landlock wants it, but of an unprivileged program only; and it is good by itself. */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    c->landlock = landlock_rules_enter(&c->rules);
}

void confine_enter_calls(struct confinement *c)
{
    c->seccomp = syscall_filter_enter(c->replaces, c->journal);
}

void confine_close(struct confinement *c)
{
    landlock_rules_close(&c->rules);
}

static const char *reason(int error)
{
    switch (-error) {
    case ENOPKG:
        return CONFINE_LEFT_OUT;
    case ENOSYS:
    case EINVAL: /* of seccomp, since its filter is a good one */
        return "not in this kernel";
    case EOPNOTSUPP:
        return "turned off in this kernel";
    case EPERM:
    case EACCES:
        return "not permitted";
    default:
        return strerror(-error);
    }
}

const char *confine_text(const struct confinement *c, char text[CONFINE_TEXT_MAX])
{
    char landlock[CONFINE_TEXT_MAX / 2], seccomp[CONFINE_TEXT_MAX / 2];

    if (c->landlock < 0)
        snprintf(landlock, sizeof landlock, "no landlock (%s)", reason(c->landlock));
    else
        snprintf(landlock, sizeof landlock, "landlock (ABI %d)", c->rules.abi);
    if (c->seccomp < 0)
        snprintf(seccomp, sizeof seccomp, "no seccomp (%s)", reason(c->seccomp));
    else
        strcpy(seccomp, "seccomp");
    snprintf(text, CONFINE_TEXT_MAX, "%s, %s", landlock, seccomp);
    return text;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/confine/confine.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "report/confine/syscall_filter.h"

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

void confine_allow_listing(struct confinement *c)
{
    c->lists = true;
}

void confine_enter_files(struct confinement *c)
{
    /* Landlock wants it, but of an unprivileged program only; and it is good by itself. */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    c->landlock = landlock_rules_enter(&c->rules);
}

void confine_enter_calls(struct confinement *c)
{
    c->seccomp = syscall_filter_enter(
        &(struct syscall_needs){.replaces = c->replaces, .journal = c->journal, .lists = c->lists});
}

void confine_close(struct confinement *c)
{
    landlock_rules_close(&c->rules);
}

const char *confine_text(const struct confinement *c, char text[CONFINE_TEXT_MAX])
{
    return confine_text_format(c->landlock, c->rules.abi, c->seccomp, text);
}

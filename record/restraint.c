/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/restraint.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "record/cgroup_path.h"
#include "util/confine_text.h"
#include "util/message.h"
#include "util/syscall_rules.h"

#define INT SYSCALL_INT

/* Besides what any program calls. Where the C library may choose between several, all are here. */
static const struct syscall_rule allowed[] = {
    /* files that are open */
    {"pwrite64"},
    {"ftruncate"},
    {"ftruncate64"},
    {"fsync"},
    {"flock"},
    {"fchmod"},
    {"fcntl", 1, INT, F_GETFL},
    {"fcntl64", 1, INT, F_GETFL},
    /* files by their names: the ring's, and where names of groups and namespaces are found */
    {"open"},
    {"openat"},
    {"rename"},
    {"renameat"},
    {"renameat2"},
    {"unlink"},
    {"unlinkat"},
    {"access"},
    {"faccessat"},
    {"faccessat2"},
    {"readlink"},
    {"readlinkat"},
    {"getdents"},
    {"getdents64"},
    {"lstat"},
    {"lstat64"},
    {"statfs"},
    {"statfs64"},
    {"fstatfs"},
    {"fstatfs64"},
    /* what happens */
    {"epoll_wait"},
    {"epoll_pwait"},
    {"epoll_pwait2"},
    {"epoll_ctl"},
    {"timerfd_settime"},
    {"timerfd_settime64"},
    /* the BPF program: what is lost, the order to end, what is still open */
    {"bpf", 0, INT, BPF_MAP_LOOKUP_ELEM},
    {"bpf", 0, INT, BPF_MAP_UPDATE_ELEM},
    {"bpf", 0, INT, BPF_MAP_GET_NEXT_KEY},
    {"bpf", 0, INT, BPF_PROG_TEST_RUN},
    {"bpf", 0, INT, BPF_LINK_CREATE},
    {"bpf", 0, INT, BPF_ITER_CREATE},
    /* those beside the recorder */
    {"sendto"},
    {"recvfrom"},
    {"shutdown"},
    {"wait4"},
    {"waitid"},
    /* time, the host */
    {"clock_adjtime"},
    {"clock_adjtime64"},
    {"adjtimex"},
    {"uname"},
    {"sched_getaffinity"},
    /* who it is */
    {"geteuid"},
    {"geteuid32"},
};

/* What sd_notify(3) does. */
static const struct syscall_rule allowed_notifying[] = {
    {"socket", 0, INT, AF_UNIX},
    {"connect"},
    {"getsockopt", 1, INT, SOL_SOCKET},
    {"setsockopt", 1, INT, SOL_SOCKET},
    {"sendmsg"},
    {"getuid"},
    {"getuid32"},
    {"getgid"},
    {"getgid32"},
    {"getegid"},
    {"getegid32"},
};

/* In the directory that the file is in; one that is not there yet may be made, in the one above. */
static void allow_beside(struct landlock_rules *rules, int rights, const char *file)
{
    char path[PATH_MAX];
    char *directory;

    /* A longer one could not be opened. */
    if (snprintf(path, sizeof path, "%s", file) >= (int)sizeof path)
        return;
    directory = dirname(path);
    while (access(directory, F_OK) < 0 && errno == ENOENT && strchr(directory, '/'))
        directory = dirname(directory);
    landlock_rules_allow(rules, rights, directory);
}

/* Files whose names are looked up. Below /run, since the directory of named network namespaces is
 * made with the first of them; below /etc, since a file of users is replaced by another. */
static void allow_names(struct landlock_rules *rules)
{
    struct cgroup_mount mount = CGROUP_MOUNT_NONE;

    landlock_rules_allow(rules, LANDLOCK_READ, "/etc");
    landlock_rules_allow(rules, LANDLOCK_LIST, "/run");
    if (cgroup_mount_open(&mount) == 0)
        landlock_rules_allow(rules, LANDLOCK_LIST, mount.path);
    cgroup_mount_close(&mount);
}

static void allow_files(struct landlock_rules *rules, const struct record_options *options)
{
    const int making = LANDLOCK_READ | LANDLOCK_LIST | LANDLOCK_WRITE | LANDLOCK_REPLACE;

    landlock_rules_allow(rules, LANDLOCK_READ, "/proc/self");
    landlock_rules_allow(rules, LANDLOCK_READ, "/proc/sys");
    landlock_rules_allow(rules, LANDLOCK_READ, "/sys/devices/system/cpu");
    allow_names(rules);
    if (options_want_directory(options))
        landlock_rules_allow(rules, making, options->output);
    if (options->metrics)
        allow_beside(rules, making, options->metrics);
}

void restraint_prepare(struct restraint *ret, const struct record_options *options)
{
    *ret = (struct restraint){.seccomp = syscall_rules_try()};
    landlock_rules_open(&ret->rules);
    allow_files(&ret->rules, options);
    ret->landlock = ret->rules.fd < 0 ? ret->rules.fd : 0;
}

void restraint_text(const struct restraint *restraint, const struct identity *identity,
                    char ret[RIGHTS_TEXT_MAX])
{
    char confined[CONFINE_TEXT_MAX];

    snprintf(ret, RIGHTS_TEXT_MAX, "%s, %s, %s", identity->name,
             identity->keeps_bpf ? "only CAP_BPF" : "no capabilities",
             confine_text_format(restraint->landlock, restraint->rules.abi, restraint->seccomp,
                                 confined));
}

int restraint_enter(struct restraint *restraint)
{
    const struct syscall_list lists[] = {SYSCALL_LIST(allowed), SYSCALL_LIST(allowed_notifying)};
    const char *what = "Landlock";
    int r = restraint->landlock < 0 ? 0 : landlock_rules_enter(&restraint->rules);

    if (r == 0 && restraint->seccomp == 0) {
        what = "seccomp";
        r = syscall_rules_enter(lists, getenv("NOTIFY_SOCKET") ? 2 : 1);
    }
    if (r < 0)
        message_error("cannot confine itself by %s: %s", what, strerror(-r));
    return r;
}

void restraint_close(struct restraint *restraint)
{
    landlock_rules_close(&restraint->rules);
}

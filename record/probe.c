/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "record/hook_facts.h"
#include "record/kernel.h"
#include "record/kernel_hooks.h"
#include "record/probe_hooks.h"
#include "record/rights.h"
#include "record/small_file.h"
#include "record/types_file.h"
#include "util/message.h"

/* landlock_create_ruleset(2): tells the version of its interface. */
#define LANDLOCK_VERSION_FLAG 1u

struct probe {
    const struct record_options *options;
    struct kernel_path path;
    bool records;
    char hooks[HOOKS_TEXT_MAX]; /* that it records with */
    struct probe_answer answer[PROBE_ALL];
};

/* "key: yes", or "key: no (reason)". */
static void say(const char *key, bool yes, const char *reason)
{
    printf("%s: %s", key, yes ? "yes" : "no");
    if (reason[0])
        printf(" (%s)", reason);
    putchar('\n');
}

/* The kernel's own types, or those of the file that is given for them. */
static void say_types(const char *file)
{
    char reason[TYPES_FILE_TEXT_MAX] = "";

    if (!file)
        say("btf", access(RIGHTS_BTF_FILE, R_OK) == 0, "");
    else if (!types_file_is_one(file))
        say("btf", false, "the file has no types of a kernel");
    else
        say("btf", !types_file_differs(file, reason), reason);
}

static void say_machine(void)
{
    struct utsname name;

    printf("version: %s\n", PROGRAM_VERSION);
    if (uname(&name) == 0)
        printf("kernel: %s\nmachine: %s\n", name.release, name.machine);
}

static void say_rights(void)
{
    bool is_admin = rights_has(CAP_SYS_ADMIN);
    const char *admin = is_admin ? "by cap_sys_admin" : "";
    char text[32];

    say("cap_bpf", is_admin || rights_has(CAP_BPF), rights_has(CAP_BPF) ? "" : admin);
    say("cap_perfmon", is_admin || rights_has(CAP_PERFMON), rights_has(CAP_PERFMON) ? "" : admin);
    printf("lockdown: %s\n", rights_lockdown(text, sizeof text) ? text : "unknown");
    printf("unprivileged_bpf_disabled: %s\n",
           small_file_line("/proc/sys/kernel/unprivileged_bpf_disabled", text, sizeof text)
               ? text
               : "unknown");
}

/* Begins a recording, all of it at once, and ends it. */
static void try_recording(const struct record_options *options, struct probe *p)
{
    struct kernel *kernel;

    if (kernel_open(&kernel, options) < 0)
        return;
    p->records = kernel_attach(kernel) == 0;
    snprintf(p->hooks, sizeof p->hooks, "%s", kernel_hooks(kernel));
    kernel_detach(kernel);
    kernel_free(kernel);
}

/* Whether a path with that can be taken; the others that it needs are chosen as for a recording. */
static void say_way(const char *name, const struct path_options *wanted)
{
    struct kernel_path path;
    struct probe_answer answer;
    char key[64];

    kernel_path_choose(wanted, &path);
    probe_hook_try(&path, PROBE_STATE, &answer);
    if (!answer.works && (rights_has(CAP_BPF) || rights_has(CAP_SYS_ADMIN)))
        (void)kernel_path_lacks(&path, answer.reason);
    snprintf(key, sizeof key, "way %s", name);
    say(key, answer.works, answer.reason);
}

static void say_path(const struct probe *p)
{
    const char *btf = p->options->path.btf;

    printf("path: %s %s %s\n", path_hooks_name(p->path.hooks),
           path_transport_name(p->path.transport), path_storage_name(p->path.storage));
    for (enum path_hooks i = PATH_HOOKS_ANY + 1; i < PATH_HOOKS; i++)
        say_way(path_hooks_name(i), &(struct path_options){.hooks = i, .btf = btf});
    for (enum path_transport i = PATH_TRANSPORT_ANY + 1; i < PATH_TRANSPORTS; i++)
        say_way(path_transport_name(i), &(struct path_options){.transport = i, .btf = btf});
    for (enum path_storage i = PATH_STORAGE_ANY + 1; i < PATH_STORAGES; i++)
        say_way(path_storage_name(i), &(struct path_options){.storage = i, .btf = btf});
}

static bool works(const struct probe *p, enum probe_hook a, enum probe_hook b)
{
    return p->answer[a].works && p->answer[b].works;
}

static const char *first_reason(const struct probe *p, enum probe_hook a, enum probe_hook b)
{
    return p->answer[a].works ? p->answer[b].reason : p->answer[a].reason;
}

static void say_hooks(const struct probe *p)
{
    for (enum probe_hook hook = 0; hook < PROBE_HOOKS; hook++) {
        char key[PROBE_NAME_MAX + 8];

        if (!p->answer[hook].name[0])
            continue;
        snprintf(key, sizeof key, "hook %s", p->answer[hook].name);
        say(key, p->answer[hook].works, p->answer[hook].reason);
    }
    printf("hooks: %s\n", p->records ? p->hooks : "none");
}

/* What comes of the hooks that a recording would use. */
static void say_sources(const struct probe *p)
{
    char text[HOOK_FACTS_TEXT_MAX];

    if (!p->records) {
        puts("owner: none");
        return;
    }
    hook_facts_owners(p->hooks, text);
    printf("owner: %s\n", text);
    hook_facts_unknown_fields(p->hooks, text);
    printf("fields not known: %s\n", text[0] ? text : "none");
}

static void say_abilities(const struct probe *p)
{
    say("owner-io", works(p, PROBE_SEND, PROBE_RECEIVE),
        first_reason(p, PROBE_SEND, PROBE_RECEIVE));
    say("states", p->answer[PROBE_STATES].works, p->answer[PROBE_STATES].reason);
    say("open at start", works(p, PROBE_FILES, PROBE_SOCKETS),
        first_reason(p, PROBE_FILES, PROBE_SOCKETS));
    say("still open at end", p->answer[PROBE_LIST_PLACE].works, p->answer[PROBE_LIST_PLACE].reason);
    if (p->path.storage == PATH_SOCKET)
        say("still open in socket storage", works(p, PROBE_LIST_FILES, PROBE_LIST_SOCKETS),
            first_reason(p, PROBE_LIST_FILES, PROBE_LIST_SOCKETS));
}

static long landlock_version(void)
{
#ifdef SYS_landlock_create_ruleset
    return syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_VERSION_FLAG);
#else
    return -1;
#endif
}

/* What a process of this kernel can confine itself by. */
static void say_confinement(void)
{
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    long version = landlock_version();
    char text[32] = "";

    say("seccomp", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0, "");
    if (version > 0)
        snprintf(text, sizeof text, "version %ld", version);
    say("landlock", version > 0, text);
}

int probe_run(const struct record_options *options)
{
    struct probe p = {.options = options};

    kernel_path_choose(&options->path, &p.path);
    try_recording(options, &p);
    for (enum probe_hook hook = 0; hook < PROBE_ALL; hook++)
        probe_hook_try(&p.path, hook, &p.answer[hook]);
    say("recording", p.records, "");
    say_machine();
    say_types(options->path.btf);
    say_rights();
    say_path(&p);
    say_hooks(&p);
    say_sources(&p);
    say_abilities(&p);
    say_confinement();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        message_error("cannot write: %s", strerror(errno));
        return EXIT_FAILED;
    }
    return p.records ? EXIT_OK : EXIT_FAILED;
}

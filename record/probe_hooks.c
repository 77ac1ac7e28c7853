/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/probe_hooks.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "record/kernel_hooks.h"

#define ACCEPT "inet_csk_accept"

/* What the kernel's own description of its types calls a hook, by how its name begins. */
static const struct {
    const char *begin;
    const char *type_prefix;
    uint32_t kind;
} kinds[] = {
    {"tp_btf/", "btf_trace_", BTF_KIND_TYPEDEF},
    {"fexit/", "", BTF_KIND_FUNC},
    {"iter/", "bpf_iter_", BTF_KIND_FUNC},
};

/* The program of a hook that is the same by each path; NULL = by the path and the kernel. */
static const char *const programs[PROBE_ALL] = {
    [PROBE_SEND] = "session_send_length", [PROBE_RECEIVE] = "session_recv_length",
    [PROBE_FILES] = "adopt_files",        [PROBE_SOCKETS] = "adopt_sockets",
    [PROBE_LIST_FILES] = "list_files",    [PROBE_LIST_SOCKETS] = "list_sockets",
};

static const char *program_of(enum probe_hook hook, const struct kernel_path *path,
                              const struct btf *btf)
{
    const struct hooks_programs *of_path = hooks_programs(path->hooks);

    switch (hook) {
    case PROBE_STATE:
        return of_path->state[0];
    case PROBE_STATE_TOO:
        return of_path->state[1];
    case PROBE_DESTROY:
        return of_path->destroy;
    case PROBE_ACCEPT:
        return hooks_accept_program(path->hooks, btf);
    case PROBE_LIST_PLACE:
        return path->storage == PATH_SOCKET ? "list_place" : "list_session_by";
    case PROBE_STATES:
        return of_path->and_state[0];
    default:
        return programs[hook];
    }
}

/* Whether the kernel has what the hook is attached to, as far as its types tell. */
static bool is_there(const struct btf *btf, const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t size = strlen(kinds[i].begin);
        char type[128];

        if (strncmp(name, kinds[i].begin, size) != 0)
            continue;
        snprintf(type, sizeof type, "%s%s", kinds[i].type_prefix, name + size);
        return btf && btf__find_by_name_kind(btf, type, kinds[i].kind) > 0;
    }
    return true;
}

/* An iterator's link does nothing until it is read from; a system call program has none. */
static int attach(const struct bpf_program *program, const char *section)
{
    struct bpf_link *link;

    if (!strcmp(section, "syscall") || !strcmp(section, "raw_tp"))
        return 0;
    link = !strncmp(section, "iter/", 5) ? bpf_program__attach_iter(program, NULL)
                                         : bpf_program__attach(program);
    if (!link)
        return -errno;
    bpf_link__destroy(link);
    return 0;
}

/* Behind the mark of what is optional. */
static const char *section_of(const struct program *p, const char *name)
{
    const char *section = bpf_program__section_name(program_find(p, name));

    return section + (section[0] == '?');
}

/* Without what a recording puts into it. */
static void make_loadable(struct program *p, const struct kernel_path *path, const char *name)
{
    struct bpf_program *program;

    bpf_object__for_each_program(program, p->object)
        bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), name));
    p->settings->layout = path->layout;
}

/* 0, or a negative errno of the kernel. The name of the hook goes to ret. */
static int try_program(const struct kernel_path *path, const char *name)
{
    struct program p;
    int r = program_open(&p, path->storage, path->transport, path->btf);

    if (r < 0)
        return r;
    make_loadable(&p, path, name);
    r = program_load(&p);
    if (r == 0)
        r = attach(program_find(&p, name), section_of(&p, name));
    program_close(&p);
    return r;
}

/* What it is attached to, as captures have it; empty = it is not a program of this path. */
static void find_name(const struct kernel_path *path, const char *program, char ret[PROBE_NAME_MAX])
{
    struct program p;

    ret[0] = '\0';
    if (program_open(&p, path->storage, path->transport, NULL) == 0 && program_find(&p, program))
        snprintf(ret, PROBE_NAME_MAX, "%s", section_of(&p, program));
    program_close(&p);
}

static void try_with(const struct btf *btf, const struct kernel_path *path, enum probe_hook hook,
                     struct probe_answer *ret)
{
    const char *program = program_of(hook, path, btf);
    int r;

    if (hook == PROBE_ACCEPT)
        snprintf(ret->name, sizeof ret->name, "fexit/" ACCEPT);
    if (program)
        find_name(path, program, ret->name);
    if (!program && hook == PROBE_ACCEPT && is_there(btf, ret->name)) {
        snprintf(ret->reason, sizeof ret->reason, "this kernel's has other parameters");
        return;
    }
    if (!program || !is_there(btf, ret->name)) {
        snprintf(ret->reason, sizeof ret->reason, "this kernel does not have it");
        return;
    }
    if (!strcmp(ret->name, "raw_tp") && !hooks_run_when_asked()) {
        snprintf(ret->reason, sizeof ret->reason,
                 "this kernel does not run it: that needs Linux 5.10");
        return;
    }
    r = ret->name[0] ? try_program(path, program) : -ENOTSUP;
    ret->works = r == 0;
    if (r < 0)
        snprintf(ret->reason, sizeof ret->reason, "the kernel refuses it: %s", strerror(-r));
}

void probe_hook_try(const struct kernel_path *path, enum probe_hook hook, struct probe_answer *ret)
{
    struct btf *btf = btf__load_vmlinux_btf();

    *ret = (struct probe_answer){.works = false};
    try_with(btf, path, hook, ret);
    btf__free(btf);
}

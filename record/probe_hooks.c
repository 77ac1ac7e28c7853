/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/probe_hooks.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bpf/event.h"
#include "record/kernel_hooks.h"
#include "session.skel.h"

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

static const struct {
    const char *name;
    const char *program; /* NULL = by the kernel's function */
} hooks[PROBE_ALL] = {
    [PROBE_STATE] = {"tp_btf/inet_sock_set_state", "session_state"},
    [PROBE_DESTROY] = {"tp_btf/tcp_destroy_sock", "session_destroy"},
    [PROBE_ACCEPT] = {"fexit/inet_csk_accept", NULL},
    [PROBE_SEND] = {"tp_btf/sock_send_length", "session_send_length"},
    [PROBE_RECEIVE] = {"tp_btf/sock_recv_length", "session_recv_length"},
    [PROBE_FILES] = {"iter/task_file", "adopt_files"},
    [PROBE_SOCKETS] = {"iter/tcp", "adopt_sockets"},
    [PROBE_LIST_PLACE] = {"syscall", "list_place"},
    [PROBE_LIST_FILES] = {"iter/task_file", "list_files"},
    [PROBE_LIST_SOCKETS] = {"iter/tcp", "list_sockets"},
    [PROBE_STATES] = {"tp_btf/inet_sock_set_state", "session_and_state"},
};

const char *probe_hook_name(enum probe_hook hook)
{
    return hooks[hook].name;
}

/* Whether the kernel has what the hook is attached to. */
static bool is_there(const struct btf *btf, const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t size = strlen(kinds[i].begin);
        char type[128];

        if (strncmp(name, kinds[i].begin, size) != 0)
            continue;
        snprintf(type, sizeof type, "%s%s", kinds[i].type_prefix, name + size);
        return btf__find_by_name_kind(btf, type, kinds[i].kind) > 0;
    }
    return true;
}

/* An iterator's link does nothing until it is read from; a system call program has none. */
static int attach(const struct bpf_program *program)
{
    const char *section = bpf_program__section_name(program);
    struct bpf_link *link;

    if (!strcmp(section, "syscall"))
        return 0;
    link = !strncmp(section, "iter/", 5) ? bpf_program__attach_iter(program, NULL)
                                         : bpf_program__attach(program);
    if (!link)
        return -errno;
    bpf_link__destroy(link);
    return 0;
}

/* 0, or a negative errno of the kernel. */
static int try_program(const char *name)
{
    struct session_bpf *object = session_bpf__open();
    struct bpf_program *program;
    int r;

    if (!object)
        return -errno;
    bpf_object__for_each_program(program, object->obj)
        bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), name));
    r = session_bpf__load(object);
    if (r == 0)
        r = attach(bpf_object__find_program_by_name(object->obj, name));
    session_bpf__destroy(object);
    return r;
}

static void try_with(const struct btf *btf, enum probe_hook hook, struct probe_answer *ret)
{
    const char *program = hooks[hook].program;
    int r;

    if (!is_there(btf, hooks[hook].name)) {
        snprintf(ret->reason, sizeof ret->reason, "this kernel does not have it");
        return;
    }
    if (!program)
        program = hooks_accept_program(btf);
    if (!program) {
        snprintf(ret->reason, sizeof ret->reason, "this kernel's has other parameters");
        return;
    }
    r = try_program(program);
    ret->works = r == 0;
    if (r < 0)
        snprintf(ret->reason, sizeof ret->reason, "the kernel refuses it: %s", strerror(-r));
}

void probe_hook_try(enum probe_hook hook, struct probe_answer *ret)
{
    struct btf *btf = btf__load_vmlinux_btf();

    *ret = (struct probe_answer){.works = false};
    if (btf)
        try_with(btf, hook, ret);
    else
        snprintf(ret->reason, sizeof ret->reason, "the kernel's types (BTF) cannot be read");
    btf__free(btf);
}

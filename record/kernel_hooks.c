/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/kernel_hooks.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bpf/event.h"
#include "session.skel.h"
#include "util/message.h"

#define ACCEPT "inet_csk_accept"

/* inet_csk_accept(sk, arguments); before Linux 6.10 it was (sk, flags, error, kern). */
#define ACCEPT_PARAMETERS     2
#define ACCEPT_PARAMETERS_OLD 4

/* The number of a kernel function's parameters; 0 when there is no such function. */
static unsigned count_parameters(const struct btf *btf, const char *function)
{
    int id = btf__find_by_name_kind(btf, function, BTF_KIND_FUNC);
    const struct btf_type *type;

    if (id <= 0)
        return 0;
    type = btf__type_by_id(btf, btf__type_by_id(btf, (unsigned)id)->type);
    return btf_vlen(type);
}

/*
 * Whether a program may be attached to the end of that function: a program that does nothing is,
 * for a moment. What kernels refuse differs: loading it (a kernel without trampolines), or
 * attaching it (arm64 before Linux 6.4).
 */
static bool takes_fexit(int function_id)
{
    const struct bpf_insn nothing[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FEXIT,
                .attach_btf_id = (unsigned)function_id);
    int program = bpf_prog_load(BPF_PROG_TYPE_TRACING, NULL, "GPL", nothing,
                                sizeof nothing / sizeof *nothing, &options);
    int link = program < 0 ? -1 : bpf_raw_tracepoint_open(NULL, program);

    if (link >= 0)
        close(link);
    if (program >= 0)
        close(program);
    return link >= 0;
}

/* Switches it on, and names it. */
static void use(struct bpf_program *program, char names[HOOKS_TEXT_MAX])
{
    size_t size = strlen(names);
    const char *name = bpf_program__section_name(program);

    bpf_program__set_autoload(program, true);
    snprintf(names + size, HOOKS_TEXT_MAX - size, "%s%s", size ? " " : "", name + (name[0] == '?'));
}

static bool has_tracepoint(const struct btf *btf, const char *type_name)
{
    return btf__find_by_name_kind(btf, type_name, BTF_KIND_TYPEDEF) > 0;
}

const char *hooks_accept_program(const struct btf *btf)
{
    switch (count_parameters(btf, ACCEPT)) {
    case ACCEPT_PARAMETERS:
        return "session_accept";
    case ACCEPT_PARAMETERS_OLD:
        return "session_accept_old";
    default:
        return NULL;
    }
}

static void choose_accept(struct session_bpf *program, const struct btf *btf,
                          char names[HOOKS_TEXT_MAX])
{
    const char *name = hooks_accept_program(btf);

    if (name && takes_fexit(btf__find_by_name_kind(btf, ACCEPT, BTF_KIND_FUNC)))
        use(bpf_object__find_program_by_name(program->obj, name), names);
}

static void choose_io(struct session_bpf *program, const struct btf *btf,
                      char names[HOOKS_TEXT_MAX])
{
    if (!has_tracepoint(btf, "btf_trace_sock_send_length")) {
        message_warning("--owner-io: this kernel does not show sends and receives: it needs Linux "
                        "6.3");
        return;
    }
    use(program->progs.session_send_length, names);
    use(program->progs.session_recv_length, names);
}

void hooks_choose(struct session_bpf *program, const struct record_options *options,
                  char ret_names[HOOKS_TEXT_MAX])
{
    struct btf *btf = btf__load_vmlinux_btf();

    ret_names[0] = '\0';
    use(options->states ? program->progs.session_and_state : program->progs.session_state,
        ret_names);
    use(program->progs.session_destroy, ret_names);
    if (btf)
        choose_accept(program, btf, ret_names);
    if (btf && options->owner_io)
        choose_io(program, btf, ret_names);
    btf__free(btf);
    use(program->progs.adopt_files, ret_names);
    use(program->progs.adopt_sockets, ret_names);
    /* They are run by reading from them. */
    bpf_program__set_autoattach(program->progs.adopt_files, false);
    bpf_program__set_autoattach(program->progs.adopt_sockets, false);
    bpf_program__set_autoattach(program->progs.list_files, false);
    bpf_program__set_autoattach(program->progs.list_sockets, false);
}

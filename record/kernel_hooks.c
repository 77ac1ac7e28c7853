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
#include "util/message.h"

#define ACCEPT "inet_csk_accept"

/* inet_csk_accept(sk, arguments); before Linux 6.10 it was (sk, flags, error, kern). */
#define ACCEPT_PARAMETERS     2
#define ACCEPT_PARAMETERS_OLD 4

static const struct hooks_programs programs[PATH_HOOKS] = {
    [PATH_TP_BTF] = {{"session_state"}, {"session_and_state"}, "session_destroy"},
    [PATH_TRACEPOINT] = {{"session_record"}, {"session_and_record"}, "session_destroy_record"},
    [PATH_KPROBE] = {{"session_set_call", "session_store_call"},
                     {"session_and_set_call", "session_and_store_call"},
                     "session_destroy_call"},
};

const struct hooks_programs *hooks_programs(enum path_hooks hooks)
{
    return &programs[hooks];
}

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

static void add_name(const char *name, char names[HOOKS_TEXT_MAX])
{
    size_t size = strlen(names);

    snprintf(names + size, HOOKS_TEXT_MAX - size, "%s%s", size ? " " : "", name);
}

/* Switches it on, and names it. */
static void use(const struct program *program, const char *name, char names[HOOKS_TEXT_MAX])
{
    struct bpf_program *p = program_find(program, name);
    const char *section = bpf_program__section_name(p);

    bpf_program__set_autoload(p, true);
    add_name(section + (section[0] == '?'), names);
}

static bool has_type(const struct btf *btf, const char *name, unsigned kind)
{
    return btf && btf__find_by_name_kind(btf, name, kind) > 0;
}

const char *hooks_accept_program(enum path_hooks hooks, const struct btf *btf)
{
    if (hooks == PATH_KPROBE)
        return "session_accept_call";
    switch (btf ? count_parameters(btf, ACCEPT) : 0) {
    case ACCEPT_PARAMETERS:
        return "session_accept";
    case ACCEPT_PARAMETERS_OLD:
        return "session_accept_old";
    default:
        return NULL;
    }
}

static void choose_accept(const struct program *program, enum path_hooks hooks,
                          const struct btf *btf, char names[HOOKS_TEXT_MAX])
{
    const char *name = hooks_accept_program(hooks, btf);

    if (name && (hooks == PATH_KPROBE ||
                 kernel_path_takes(btf, ACCEPT, BTF_KIND_FUNC, BPF_TRACE_FEXIT) == 0))
        use(program, name, names);
}

static void choose_io(const struct program *program, const struct btf *btf,
                      char names[HOOKS_TEXT_MAX])
{
    if (!has_type(btf, "btf_trace_sock_send_length", BTF_KIND_TYPEDEF)) {
        message_warning("--owner-io: this kernel does not show sends and receives: it needs Linux "
                        "6.3");
        return;
    }
    use(program, "session_send_length", names);
    use(program, "session_recv_length", names);
}

/* The socket that a file is (bpf_sock_from_file()) is told since Linux 5.11. */
static bool has_iterators(const struct btf *btf)
{
    const struct btf_type *helpers;
    int id = btf ? btf__find_by_name_kind(btf, "bpf_func_id", BTF_KIND_ENUM) : -1;

    if (id <= 0 || !has_type(btf, "bpf_iter_task_file", BTF_KIND_FUNC) ||
        !has_type(btf, "bpf_iter_tcp", BTF_KIND_FUNC))
        return false;
    helpers = btf__type_by_id(btf, (unsigned)id);
    for (unsigned i = 0; i < btf_vlen(helpers); i++)
        if (!strcmp(btf__name_by_offset(btf, btf_enum(helpers)[i].name_off),
                    "BPF_FUNC_sock_from_file"))
            return true;
    return false;
}

bool hooks_run_when_asked(void)
{
    const struct bpf_insn nothing[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    uint64_t arguments[12] = {0};
    LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = arguments, .ctx_size_in = sizeof arguments);
    int program = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, NULL, "GPL", nothing,
                                sizeof nothing / sizeof *nothing, NULL);
    int r = program < 0 ? program : bpf_prog_test_run_opts(program, &run);

    if (program >= 0)
        close(program);
    return r == 0;
}

/* They are run by reading from them, or by asking. */
static void not_attached(const struct program *program, const char *name)
{
    struct bpf_program *p = program_find(program, name);

    if (p)
        bpf_program__set_autoattach(p, false);
}

/* Sessions that are open at the start and at the end. Sessions in socket storage are listed by
 * programs that every kernel with it has. */
static void choose_lists(const struct program *program, const struct kernel_path *path,
                         const struct btf *btf, char names[HOOKS_TEXT_MAX])
{
    static const char *const lists[] = {"adopt_files", "adopt_sockets", "list_files",
                                        "list_sockets", "list_session_by"};

    if (path->storage == PATH_SOCKET || has_iterators(btf)) {
        use(program, "adopt_files", names);
        use(program, "adopt_sockets", names);
    }
    if (path->storage == PATH_HASH && hooks_run_when_asked())
        bpf_program__set_autoload(program_find(program, "list_session_by"), true);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        not_attached(program, lists[i]);
}

void hooks_choose(struct program *program, const struct kernel_path *path,
                  const struct record_options *options, char ret_names[HOOKS_TEXT_MAX])
{
    const struct hooks_programs *of_path = &programs[path->hooks];
    const char *const *state = options->states ? of_path->and_state : of_path->state;
    struct btf *btf = btf__load_vmlinux_btf();

    ret_names[0] = '\0';
    for (int i = 0; i < 2 && state[i]; i++)
        use(program, state[i], ret_names);
    use(program, of_path->destroy, ret_names);
    choose_accept(program, path->hooks, btf, ret_names);
    if (options->owner_io)
        choose_io(program, btf, ret_names);
    choose_lists(program, path, btf, ret_names);
    btf__free(btf);
    add_name(path->transport == PATH_RINGBUF ? "map/ringbuf" : "map/perf_event_array", ret_names);
    add_name(path->storage == PATH_SOCKET ? "map/sk_storage" : "map/hash", ret_names);
}

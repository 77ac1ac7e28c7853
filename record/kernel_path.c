/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/kernel_path.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "record/tracepoint_layout.h"

#define STATE_TRACEPOINT   "sock/inet_sock_set_state"
#define DESTROY_TRACEPOINT "tcp/tcp_destroy_sock"
#define FORMAT_MAX         16384

int kernel_path_takes(const struct btf *btf, const char *type_name, unsigned kind, int attach_type)
{
    const struct bpf_insn nothing[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    LIBBPF_OPTS(bpf_prog_load_opts, options,
                .expected_attach_type = (enum bpf_attach_type)attach_type);
    int id = btf ? btf__find_by_name_kind(btf, type_name, kind) : -1;
    int program = -ENOENT;
    int link;

    options.attach_btf_id = (unsigned)id;
    if (id > 0)
        program = bpf_prog_load(BPF_PROG_TYPE_TRACING, NULL, "GPL", nothing,
                                sizeof nothing / sizeof *nothing, &options);
    link = program < 0 ? program : bpf_raw_tracepoint_open(NULL, program);
    if (link >= 0)
        close(link);
    if (program >= 0)
        close(program);
    return link < 0 ? link : 0;
}

static bool find_field(const char *format, const char *name, uint16_t size_min, uint16_t size_max,
                       struct tracepoint_field *ret)
{
    return tracepoint_find_field(format, name, ret) == 0 && ret->size >= size_min &&
           ret->size <= size_max;
}

/* False when the tracepoints cannot be read, or are not as they were in Linux 4.16 to 6.18. */
static bool read_layout(struct event_layout *ret)
{
    char format[FORMAT_MAX];
    struct tracepoint_field socket;
    struct tracepoint_field old_state;
    struct tracepoint_field new_state;
    struct tracepoint_field protocol;
    struct tracepoint_field destroyed;

    if (tracepoint_read_format(STATE_TRACEPOINT, format, sizeof format) < 0 ||
        !find_field(format, "skaddr", sizeof(void *), sizeof(void *), &socket) ||
        !find_field(format, "oldstate", sizeof(int), sizeof(int), &old_state) ||
        !find_field(format, "newstate", sizeof(int), sizeof(int), &new_state) ||
        !find_field(format, "protocol", 1, 2, &protocol))
        return false;
    if (tracepoint_read_format(DESTROY_TRACEPOINT, format, sizeof format) < 0 ||
        !find_field(format, "skaddr", sizeof(void *), sizeof(void *), &destroyed))
        return false;
    *ret = (struct event_layout){
        .socket = socket.offset,
        .old_state = old_state.offset,
        .new_state = new_state.offset,
        .protocol = protocol.offset,
        .protocol_bytes = protocol.size,
        .destroyed_socket = destroyed.offset,
    };
    return true;
}

/* To who has no rights it looks as if it were there. */
static bool has_typed_tracepoint(void)
{
    struct btf *btf = btf__load_vmlinux_btf();
    int r =
        kernel_path_takes(btf, "btf_trace_inet_sock_set_state", BTF_KIND_TYPEDEF, BPF_TRACE_RAW_TP);

    btf__free(btf);
    return r == 0 || r == -EPERM;
}

/* What the kernel does not answer is tried. */
static bool has_map(enum bpf_map_type type)
{
    return libbpf_probe_bpf_map_type(type, NULL) != 0;
}

/* The table, its atomic operations and the program that lists it came with Linux 5.12 to 5.14, the
 * storage before them. */
static bool has_socket_storage(void)
{
    return has_map(BPF_MAP_TYPE_SK_STORAGE) &&
           libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_SYSCALL, NULL) != 0;
}

void kernel_path_choose(const struct path_options *o, struct kernel_path *ret)
{
    struct event_layout layout = {0};
    bool has_layout = o->hooks != PATH_TP_BTF && o->hooks != PATH_KPROBE && read_layout(&layout);

    *ret = (struct kernel_path){
        .hooks = o->hooks,
        .transport = o->transport,
        .storage = o->storage,
        .sessions = o->sessions ? o->sessions : PATH_SESSIONS_DEFAULT,
        .btf = o->btf,
        .layout = layout,
    };
    if (!ret->hooks)
        ret->hooks = o->storage == PATH_SOCKET || has_typed_tracepoint() ? PATH_TP_BTF
                     : has_layout                                        ? PATH_TRACEPOINT
                                                                         : PATH_KPROBE;
    if (!ret->transport)
        ret->transport =
            o->storage == PATH_SOCKET || has_map(BPF_MAP_TYPE_RINGBUF) ? PATH_RINGBUF : PATH_PERF;
    if (!ret->storage)
        ret->storage =
            ret->hooks == PATH_TP_BTF && ret->transport == PATH_RINGBUF && has_socket_storage()
                ? PATH_SOCKET
                : PATH_HASH;
}

static bool is_for_kprobes(void)
{
#if defined(__x86_64__) || defined(__aarch64__)
    return true;
#else
    return false;
#endif
}

bool kernel_path_lacks(const struct kernel_path *path, char ret[PATH_TEXT_MAX])
{
    const char *reason = NULL;

    if (path->hooks == PATH_TP_BTF && !has_typed_tracepoint())
        reason = "this kernel shows inet_sock_set_state to no program that knows its types: that "
                 "needs Linux 5.5, CONFIG_DEBUG_INFO_BTF, CONFIG_BPF_EVENTS and CONFIG_TRACEPOINTS";
    else if (path->hooks == PATH_TRACEPOINT && !path->layout.socket)
        reason = "the tracepoints " STATE_TRACEPOINT " and " DESTROY_TRACEPOINT
                 " cannot be read: that needs Linux 4.16, tracefs mounted on /sys/kernel/tracing, "
                 "and root";
    else if (path->hooks == PATH_KPROBE && !is_for_kprobes())
        reason = "kprobes are not for this machine's architecture here";
    else if (path->transport == PATH_RINGBUF && !has_map(BPF_MAP_TYPE_RINGBUF))
        reason = "this kernel has no BPF ring buffer: that needs Linux 5.8";
    else if (path->storage == PATH_SOCKET && !has_map(BPF_MAP_TYPE_SK_STORAGE))
        reason = "this kernel has no BPF socket storage: that needs Linux 5.2 and CONFIG_NET";
    else if (path->storage == PATH_SOCKET && !has_socket_storage())
        reason = "this kernel has no BPF system call programs: that needs Linux 5.14";
    if (reason)
        snprintf(ret, PATH_TEXT_MAX, "%s", reason);
    return reason;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The way into the kernel: chosen, made, and explained when the kernel does not take it. */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record/host.h"
#include "record/kernel_parts.h"
#include "record/rights.h"
#include "record/types_file.h"
#include "util/message.h"

/* Less is no sleep, but the time between two looks at clocks. */
#define ASLEEP_NS_MIN 1000000
/* The program looks whether the ring is filled so far at each of so many events at most, */
#define LOOKS_MAX 32
/* and so often at least until it is. */
#define LOOKS_MIN 8

/* libbpf's messages are for those who asked with -v. */
__attribute__((format(printf, 2, 0))) static int
print_warnings(enum libbpf_print_level level, const char *format, va_list arguments)
{
    return level == LIBBPF_DEBUG ? 0 : vfprintf(stderr, format, arguments);
}

static int print_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
    (void)level;
    (void)format;
    (void)arguments;
    return 0;
}

int kernel_explain(const struct kernel *k, int error, const char *what)
{
    char reason[PATH_TEXT_MAX];
    char difference[TYPES_FILE_TEXT_MAX];

    if (rights_explain(error, k->path.btf))
        return error;
    if (k->path.btf && !types_file_is_one(k->path.btf))
        message_error("%s has no types of a kernel (BTF)", k->path.btf);
    else if (k->path.btf && types_file_differs(k->path.btf, difference))
        message_error("%s has the types of another kernel: %s", k->path.btf, difference);
    else if (kernel_path_lacks(&k->path, reason))
        message_error("%s", reason);
    else if (error == -ENOMEM)
        message_error("cannot %s: %s; try a smaller --ring, or raise 'ulimit -l'", what,
                      strerror(-error));
    else
        message_error("cannot %s: %s; -v says more", what, strerror(-error));
    return error;
}

/* A port's bit is where the BPF program looks for it without swapping its bytes. */
static void set_ports(uint64_t *bitmap, const struct number_list *ports)
{
    for (size_t i = 0; i < ports->count; i++) {
        uint16_t port = htons((uint16_t)ports->values[i]);

        bitmap[port / 64] |= UINT64_C(1) << (port % 64);
    }
}

/* Bits of an event's time that must be 0 for a look at the ring: with a small one, none. */
static uint64_t look_mask(uint64_t wakeup_bytes)
{
    uint64_t looks = 1;

    while (looks < LOOKS_MAX && looks * 2 * LOOKS_MIN * sizeof(struct event) <= wakeup_bytes)
        looks *= 2;
    return looks - 1;
}

static int set_size(const struct kernel *k, const char *map, size_t entries)
{
    return entries ? bpf_map__set_max_entries(program_map(&k->program, map), (uint32_t)entries) : 0;
}

static int configure_storage(const struct kernel *k)
{
    int r;

    if (k->path.storage == PATH_SOCKET)
        return 0;
    r = set_size(k, "session_hash", k->path.sessions);
    return r < 0 ? r : set_size(k, "taken_sessions", k->path.sessions);
}

/* Before loading: the kernel removes what is switched off. */
static int configure(struct kernel *k, const struct record_options *options)
{
    struct event_settings *settings = k->program.settings;
    int r;

    settings->record_states = options->states;
    settings->filter_pids = options->pids.count > 0;
    settings->filter_uids = options->uids.count > 0;
    settings->filter_lports = options->lports.count > 0;
    settings->filter_rports = options->rports.count > 0;
    settings->filter_family = (uint8_t)options->family;
    settings->filter_netns = options->netns;
    settings->wanted_cgroup = options->cgroup;
    settings->wanted_cgroup_level = options->cgroup_level;
    settings->layout = k->path.layout;
    host_congestion((char *)settings->usual_congestion);
    if (kernel_has_rings(k)) {
        settings->ring_mask = (uint32_t)k->rings.count - 1;
        settings->wakeup_bytes = k->rings.bytes / WAKEUP_SHARE;
        settings->wakeup_look_mask = look_mask(k->rings.bytes / WAKEUP_SHARE);
    }
    set_ports(k->program.wanted_lports, &options->lports);
    set_ports(k->program.wanted_rports, &options->rports);
    r = configure_storage(k);
    if (r == 0 && kernel_has_rings(k))
        r = set_size(k, "rings", k->rings.count);
    if (r == 0)
        r = set_size(k, "wanted_pids", options->pids.count);
    return r == 0 ? set_size(k, "wanted_uids", options->uids.count) : r;
}

static int set_numbers(const struct bpf_map *map, const struct number_list *numbers)
{
    for (size_t i = 0; i < numbers->count; i++) {
        uint32_t number = (uint32_t)numbers->values[i];
        uint8_t one = 1;
        int r = bpf_map__update_elem(map, &number, sizeof number, &one, sizeof one, BPF_ANY);

        if (r < 0)
            return r;
    }
    return 0;
}

/* The rings, which are maps of the recorder's and not of the program's object. */
static int open_rings(struct kernel *k, const struct record_options *options)
{
    size_t count = event_rings_count(options->ring_bytes, k->processors);
    int r = event_rings_open(&k->rings, count, options->ring_bytes / count);

    host_congestion(k->rings.sent.usual_congestion);
    return r;
}

static int set_rings(const struct kernel *k)
{
    const struct bpf_map *rings = program_map(&k->program, "rings");
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < k->rings.count; i++)
        r = bpf_map__update_elem(rings, &i, sizeof i, &k->rings.ring[i].fd,
                                 sizeof k->rings.ring[i].fd, BPF_ANY);
    return r;
}

/* Perf buffers, which are the object's map and made once it is loaded. */
static int open_perf(struct kernel *k, const struct record_options *options)
{
    host_congestion(k->perf.sent.usual_congestion);
    k->fence_fd =
        bpf_map_create(BPF_MAP_TYPE_ARRAY, "fence", sizeof(uint32_t), sizeof(uint32_t), 1, NULL);
    if (k->fence_fd < 0)
        return k->fence_fd;
    return event_perf_open(&k->perf, bpf_map__fd(program_map(&k->program, "events")),
                           options->ring_bytes);
}

/* An update of a map of maps returns when every run of a program that has not seen that is over
 * (maybe_wait_bpf_programs(), kernel/bpf/syscall.c, Linux 4.18 to 6.18). */
int kernel_wait_for_programs(const struct kernel *k)
{
    uint32_t zero = 0;

    if (kernel_has_rings(k))
        return set_rings(k);
    return bpf_map__update_elem(program_map(&k->program, "fence"), &zero, sizeof zero, &k->fence_fd,
                                sizeof k->fence_fd, BPF_ANY);
}

static int64_t clock_ns(clockid_t id)
{
    struct timespec t;

    return clock_gettime(id, &t) < 0 ? 0 : (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Where there are time namespaces (Linux 5.6) the program reads the clock itself, but for 5.6 and
 * 5.7, where the recorder has to be in the initial one. */
int kernel_tell_asleep(struct kernel *k)
{
    int64_t before = clock_ns(CLOCK_MONOTONIC);
    int64_t boot = clock_ns(CLOCK_BOOTTIME);
    int64_t ns = boot - (before + clock_ns(CLOCK_MONOTONIC)) / 2;
    int64_t change = ns - (int64_t)k->asleep_ns;

    if (change > -ASLEEP_NS_MIN && change < ASLEEP_NS_MIN)
        return 0;
    k->asleep_ns = ns > 0 ? (uint64_t)ns : 0;
    return program_set_asleep(&k->program, k->asleep_ns);
}

static int load(struct kernel *k, const struct record_options *options)
{
    char difference[TYPES_FILE_TEXT_MAX];
    int r;

    k->processors = libbpf_num_possible_cpus();
    if (k->processors < 0)
        return k->processors;
    kernel_path_choose(&options->path, &k->path);
    if (k->path.btf && types_file_differs(k->path.btf, difference))
        return -EINVAL; /* kernel_explain() says how */
    r = program_open(&k->program, k->path.storage, k->path.transport, k->path.btf);
    if (r < 0)
        return r;
    hooks_choose(&k->program, &k->path, options, k->hooks);
    if (kernel_has_rings(k))
        r = open_rings(k, options);
    if (r == 0)
        r = configure(k, options);
    if (r == 0)
        r = program_load(&k->program);
    if (r == 0)
        r = set_numbers(program_map(&k->program, "wanted_pids"), &options->pids);
    if (r == 0)
        r = set_numbers(program_map(&k->program, "wanted_uids"), &options->uids);
    if (r == 0)
        r = kernel_has_rings(k) ? set_rings(k) : open_perf(k, options);
    return r;
}

int kernel_open(struct kernel **ret, const struct record_options *options)
{
    struct kernel *k = calloc(1, sizeof *k);
    int r;

    if (!k) {
        message_error("%s", strerror(ENOMEM));
        return -ENOMEM;
    }
    k->fence_fd = -1;
    k->records_states = options->states;
    libbpf_set_print(options->verbose ? print_warnings : print_nothing);
    r = load(k, options);
    if (r < 0) {
        libbpf_set_print(print_nothing);
        r = kernel_explain(k, r, "load the BPF program");
        kernel_free(k);
        return r;
    }
    *ret = k;
    return 0;
}

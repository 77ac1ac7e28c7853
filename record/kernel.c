/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/kernel.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/event_rings.h"
#include "record/host.h"
#include "record/kernel_hooks.h"
#include "record/kernel_lists.h"
#include "record/rights.h"
#include "session.skel.h"
#include "util/cleanup.h"
#include "util/message.h"

/* Events handed out by one call: a few milliseconds of work. */
#define EVENTS_A_CALL 8192
/* The recorder is woken when this share of the ring is filled. */
#define WAKEUP_SHARE 4
/* The program looks whether it is so at each of so many events at most, */
#define LOOKS_MAX 32
/* and so often at least until it is. */
#define LOOKS_MIN 8

struct kernel {
    struct session_bpf *program;
    char hooks[HOOKS_TEXT_MAX];
    struct event_rings rings;
    int processors;
    bool records_states;
    uint64_t peak;     /* bytes that were found waiting in one of the rings */
    uint64_t gone;     /* sessions that were found to have ended unseen */
    uint64_t unlisted; /* open ones that could not be listed */
};

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

/* The tracepoint is in the kernel's BTF when the kernel has it and BPF may use it. */
static bool has_tracepoint(void)
{
    struct btf *btf = btf__load_vmlinux_btf();
    bool has =
        btf && btf__find_by_name_kind(btf, "btf_trace_inet_sock_set_state", BTF_KIND_TYPEDEF) > 0;

    btf__free(btf);
    return has;
}

static int explain_features(void)
{
    int found = 0;

    if (libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, NULL) == 0 && ++found)
        message_error("this kernel has no BPF ring buffer: it needs Linux 5.8");
    if (libbpf_probe_bpf_map_type(BPF_MAP_TYPE_SK_STORAGE, NULL) == 0 && ++found)
        message_error("this kernel has no BPF socket storage: it needs Linux 5.2 and CONFIG_NET");
    if (libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_SYSCALL, NULL) == 0 && ++found)
        message_error("this kernel has no BPF system call programs: it needs Linux 5.14");
    if (!has_tracepoint() && ++found)
        message_error("this kernel does not show inet_sock_set_state to BPF: it needs Linux 5.11, "
                      "CONFIG_BPF_EVENTS and CONFIG_TRACEPOINTS");
    return found;
}

/* Says why the kernel refused the program, and returns error. */
static int explain(int error, const char *what)
{
    if (rights_explain(error) || explain_features())
        return error;
    if (error == -ENOMEM)
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

/* Before loading: the kernel removes what is switched off. */
static int configure(struct kernel *k, const struct record_options *options)
{
    struct session_bpf *program = k->program;
    int r;

    program->rodata->record_states = options->states;
    program->rodata->filter_pids = options->pids.count > 0;
    program->rodata->filter_uids = options->uids.count > 0;
    program->rodata->filter_lports = options->lports.count > 0;
    program->rodata->filter_rports = options->rports.count > 0;
    program->rodata->filter_family = (uint8_t)options->family;
    program->rodata->filter_netns = options->netns;
    program->rodata->wanted_cgroup = options->cgroup;
    program->rodata->wanted_cgroup_level = options->cgroup_level;
    memcpy((void *)program->rodata->usual_congestion, k->rings.usual_congestion,
           sizeof k->rings.usual_congestion);
    program->rodata->ring_mask = (uint32_t)k->rings.count - 1;
    program->rodata->wakeup_bytes = k->rings.bytes / WAKEUP_SHARE;
    program->rodata->wakeup_look_mask = look_mask(k->rings.bytes / WAKEUP_SHARE);
    set_ports((uint64_t *)program->bss->wanted_lports, &options->lports);
    set_ports((uint64_t *)program->bss->wanted_rports, &options->rports);
    r = bpf_map__set_max_entries(program->maps.rings, (uint32_t)k->rings.count);
    if (r == 0 && options->pids.count)
        r = bpf_map__set_max_entries(program->maps.wanted_pids, (uint32_t)options->pids.count);
    if (r == 0 && options->uids.count)
        r = bpf_map__set_max_entries(program->maps.wanted_uids, (uint32_t)options->uids.count);
    return r;
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
    size_t count;
    int r;

    k->processors = libbpf_num_possible_cpus();
    if (k->processors < 0)
        return k->processors;
    count = event_rings_count(options->ring_bytes, k->processors);
    r = event_rings_open(&k->rings, count, options->ring_bytes / count);
    host_congestion(k->rings.usual_congestion);
    return r;
}

static int set_rings(const struct kernel *k)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < k->rings.count; i++)
        r = bpf_map__update_elem(k->program->maps.rings, &i, sizeof i, &k->rings.ring[i].fd,
                                 sizeof k->rings.ring[i].fd, BPF_ANY);
    return r;
}

static int load(struct kernel *k, const struct record_options *options)
{
    int r;

    k->program = session_bpf__open();
    if (!k->program)
        return -errno;
    hooks_choose(k->program, options, k->hooks);
    r = open_rings(k, options);
    if (r == 0)
        r = configure(k, options);
    if (r == 0)
        r = session_bpf__load(k->program);
    if (r == 0)
        r = set_numbers(k->program->maps.wanted_pids, &options->pids);
    if (r == 0)
        r = set_numbers(k->program->maps.wanted_uids, &options->uids);
    if (r == 0)
        r = set_rings(k);
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
    k->records_states = options->states;
    libbpf_set_print(options->verbose ? print_warnings : print_nothing);
    r = load(k, options);
    if (r < 0) {
        libbpf_set_print(print_nothing);
        kernel_free(k);
        return explain(r, "load the BPF program");
    }
    *ret = k;
    return 0;
}

int kernel_attach(struct kernel *k)
{
    int r = session_bpf__attach(k->program);

    if (r < 0)
        return explain(r, "attach the BPF program");
    r = lists_adopt(k->program);
    return r < 0 ? explain(r, "look for open sessions") : 0;
}

int kernel_list_open(struct kernel *k, kernel_event_function *function, void *context)
{
    int r;

    k->program->bss->table_state.ending = 1;
    /* An update of a map of maps returns when every run of a program that has not seen that is over
     * (maybe_wait_bpf_programs(), kernel/bpf/syscall.c, Linux 4.18 to 6.18). */
    r = set_rings(k);
    return r < 0 ? r : lists_read(k->program, function, context, &k->gone, &k->unlisted);
}

void kernel_detach(struct kernel *k)
{
    session_bpf__detach(k->program);
}

struct kernel *kernel_free(struct kernel *k)
{
    if (!k)
        return NULL;
    event_rings_close(&k->rings);
    session_bpf__destroy(k->program);
    free(k);
    return NULL;
}

size_t kernel_fds(const struct kernel *k, int ret_fds[KERNEL_FDS_MAX])
{
    for (size_t i = 0; i < k->rings.count; i++)
        ret_fds[i] = k->rings.ring[i].fd;
    return k->rings.count;
}

int kernel_consume(struct kernel *k, const struct kernel_taker *taker)
{
    struct event_item item;
    bool is_there = false;
    int room = EVENTS_A_CALL;
    uint64_t waiting = event_rings_most(&k->rings);
    int r = 0;

    k->peak = waiting > k->peak ? waiting : k->peak;
    while (r == 0 && room-- > 0 && (is_there = event_rings_take(&k->rings, &item)))
        r = item.session ? taker->session(taker->context, item.session)
                         : taker->state(taker->context, item.state);
    event_rings_release(&k->rings);
    /*
     * Afterwards: epoll forgets a wakeup whose events are found to be gone, and one that was sent
     * while the rings were being emptied must not keep the next from being sent. A ring that is
     * full by now sends none.
     */
    __atomic_store_n(&k->program->bss->wakeup_sent, 0, __ATOMIC_SEQ_CST);
    if (r == 0 && event_rings_most(&k->rings) >= k->rings.bytes / WAKEUP_SHARE)
        return 1;
    return r == 0 && is_there ? 1 : r;
}

int kernel_read_losses(const struct kernel *k, uint64_t ret[KERNEL_LOSSES])
{
    size_t size = (size_t)k->processors * sizeof(uint64_t);
    _cleanup_(free_pointer) uint64_t *counts = malloc(size);

    if (!counts)
        return -ENOMEM;
    for (uint32_t cause = 0; cause < EVENT_LOSSES; cause++) {
        int r =
            bpf_map__lookup_elem(k->program->maps.losses, &cause, sizeof cause, counts, size, 0);

        if (r < 0)
            return r;
        ret[cause] = 0;
        for (int i = 0; i < k->processors; i++)
            ret[cause] += counts[i];
    }
    ret[KERNEL_LOSS_UNSEEN] += k->gone;
    if (k->records_states) /* the last change of each */
        ret[KERNEL_LOSS_STATES_UNSEEN] += k->gone;
    ret[KERNEL_LOSS_NO_STORAGE] += k->unlisted;
    return 0;
}

uint64_t kernel_ring_bytes(const struct kernel *k)
{
    return k->rings.bytes;
}

uint64_t kernel_ring_peak(struct kernel *k)
{
    uint64_t peak = k->peak;

    k->peak = 0;
    return peak;
}

bool kernel_wants_rights(const struct kernel *k)
{
    uint64_t losses[KERNEL_LOSSES];
    struct rights rights;
    bool wants;

    if (rights_suspend(&rights) < 0)
        return false;
    wants = kernel_read_losses(k, losses) == -EPERM;
    rights_resume(&rights);
    return wants;
}

const char *kernel_hooks(const struct kernel *k)
{
    return k->hooks;
}

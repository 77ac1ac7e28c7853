/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/kernel.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "record/kernel_lists.h"
#include "record/kernel_parts.h"
#include "record/rights.h"
#include "util/cleanup.h"

/* Events handed out by one call: a few milliseconds of work. */
#define EVENTS_A_CALL 8192

int kernel_attach(struct kernel *k)
{
    int r = kernel_has_rings(k) ? 0 : kernel_tell_asleep(k);

    if (r == 0)
        r = program_attach(&k->program);
    if (r < 0)
        return kernel_explain(k, r, "attach the BPF program");
    r = lists_adopt(&k->program);
    return r < 0 ? kernel_explain(k, r, "look for open sessions") : 0;
}

int kernel_list_open(struct kernel *k, kernel_event_function *function, void *context)
{
    int r = program_set_ending(&k->program);

    if (r == 0)
        r = kernel_wait_for_programs(k);
    if (r == 0)
        r = lists_read(&k->program, k->path.storage, function, context, &k->gone, &k->unlisted);
    return r;
}

void kernel_detach(struct kernel *k)
{
    program_detach(&k->program);
}

struct kernel *kernel_free(struct kernel *k)
{
    if (!k)
        return NULL;
    event_rings_close(&k->rings);
    event_perf_close(&k->perf);
    close_fd(&k->fence_fd);
    program_close(&k->program);
    free(k);
    return NULL;
}

size_t kernel_fds(const struct kernel *k, int ret_fds[KERNEL_FDS_MAX])
{
    if (!kernel_has_rings(k)) {
        ret_fds[0] = event_perf_fd(&k->perf);
        return 1;
    }
    for (size_t i = 0; i < k->rings.count; i++)
        ret_fds[i] = k->rings.ring[i].fd;
    return k->rings.count;
}

static uint64_t most_waiting(const struct kernel *k)
{
    return kernel_has_rings(k) ? event_rings_most(&k->rings) : event_perf_most(&k->perf);
}

/* 1 and the next event, 0 when there is none, or a negative errno. */
static int take_event(struct kernel *k, struct event_item *ret)
{
    return kernel_has_rings(k) ? event_rings_take(&k->rings, ret) : event_perf_take(&k->perf, ret);
}

/*
 * Afterwards: epoll forgets a wakeup whose events are found to be gone, and one that was sent while
 * the rings were being emptied must not keep the next from being sent. A ring that is full by now
 * sends none.
 */
static void await_wakeup(struct kernel *k)
{
    if (!kernel_has_rings(k))
        return;
    event_rings_release(&k->rings);
    __atomic_store_n(k->program.wakeup_sent, 0, __ATOMIC_SEQ_CST);
}

int kernel_consume(struct kernel *k, const struct kernel_taker *taker)
{
    struct event_item item;
    int is_there = 0;
    int room = EVENTS_A_CALL;
    uint64_t waiting = most_waiting(k);
    int r = kernel_has_rings(k) ? 0 : kernel_tell_asleep(k);

    k->peak = waiting > k->peak ? waiting : k->peak;
    while (r == 0 && room-- > 0 && (is_there = take_event(k, &item)) > 0)
        r = item.session ? taker->session(taker->context, item.session)
                         : taker->state(taker->context, item.state);
    if (r == 0 && is_there < 0)
        r = is_there;
    await_wakeup(k);
    if (r == 0 && most_waiting(k) >= kernel_ring_bytes(k) / WAKEUP_SHARE)
        return 1;
    return r == 0 && is_there ? 1 : r;
}

int kernel_read_losses(const struct kernel *k, uint64_t ret[KERNEL_LOSSES])
{
    size_t size = (size_t)k->processors * sizeof(uint64_t);
    const struct bpf_map *losses = program_map(&k->program, "losses");
    _cleanup_(free_pointer) uint64_t *counts = malloc(size);

    if (!counts)
        return -ENOMEM;
    for (uint32_t cause = 0; cause < EVENT_LOSSES; cause++) {
        int r = bpf_map__lookup_elem(losses, &cause, sizeof cause, counts, size, 0);

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
    return kernel_has_rings(k) ? k->rings.bytes : k->perf.bytes;
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

/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/event_perf.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The recorder is woken when this share of a buffer is filled. */
#define WAKEUP_SHARE 4
#define ROOM_MIN     1024

/* An event is sent as multiples of so many bytes, and the kernel adds less than that to it
 * (bpf_perf_event_output(), kernel/trace/bpf_trace.c, Linux 4.4 to 6.18). */
#define UNIT_BYTES 8

_Static_assert(offsetof(struct event, acceptor) % UNIT_BYTES == 0 &&
                   offsetof(struct event, congestion) % UNIT_BYTES == 0 &&
                   offsetof(struct event, laddr6) % UNIT_BYTES == 0 &&
                   offsetof(struct event, user) % UNIT_BYTES == 0 &&
                   sizeof(struct event) % UNIT_BYTES == 0,
               "what is sent of a session");
_Static_assert(offsetof(struct state_event, origin) % UNIT_BYTES == 0 &&
                   sizeof(struct event_process) % UNIT_BYTES == 0,
               "what is sent of a change of state");

struct perf_item {
    uint64_t ns;
    size_t number; /* in the order in which they were taken */
    uint32_t bytes;
    char sent[sizeof(struct event)] __attribute__((aligned(8)));
};

/* struct perf_event_header's record, as PERF_SAMPLE_RAW has it (perf_event_open(2)). */
struct perf_sample {
    struct perf_event_header header;
    uint32_t size;
    char data[];
};

static int make_room(struct event_perf *p)
{
    size_t room = p->room ? p->room * 2 : ROOM_MIN;
    struct perf_item *items;

    if (p->count < p->room)
        return 0;
    items = reallocarray(p->items, room, sizeof *items);
    if (!items)
        return -ENOMEM;
    p->items = items;
    p->room = room;
    return 0;
}

/* Other records than samples tell of events that had no room, which the program itself has counted.
 */
static enum bpf_perf_event_ret add_record(void *context, int processor,
                                          struct perf_event_header *header)
{
    const struct perf_sample *sample = (const void *)header;
    struct event_perf *p = context;
    struct perf_item *item;
    uint32_t bytes;

    (void)processor;
    if (header->type != PERF_RECORD_SAMPLE)
        return LIBBPF_PERF_EVENT_CONT;
    bytes = sample->size & ~(UNIT_BYTES - 1);
    if (!event_sent_is_one(bytes)) /* cannot be: both sides are built together */
        return LIBBPF_PERF_EVENT_CONT;
    if (make_room(p) < 0)
        return (enum bpf_perf_event_ret) - ENOMEM;
    item = &p->items[p->count];
    memcpy(item->sent, sample->data, bytes);
    item->ns = event_sent_ns(item->sent, bytes);
    item->number = p->count++;
    item->bytes = bytes;
    return LIBBPF_PERF_EVENT_CONT;
}

int event_perf_open(struct event_perf *ret, int map_fd, uint64_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    int processors = libbpf_num_possible_cpus();
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = PERF_TYPE_SOFTWARE,
        .config = PERF_COUNT_SW_BPF_OUTPUT,
        .sample_type = PERF_SAMPLE_RAW,
        .sample_period = 1,
        .watermark = 1,
    };

    if (processors < 0)
        return processors;
    ret->bytes = page;
    while (ret->bytes * 2 * (uint64_t)processors <= bytes)
        ret->bytes *= 2;
    attr.wakeup_watermark = (uint32_t)(ret->bytes / WAKEUP_SHARE);
    ret->buffers = perf_buffer__new_raw(map_fd, ret->bytes / page, &attr, add_record, ret, NULL);
    return ret->buffers ? 0 : -errno;
}

void event_perf_close(struct event_perf *p)
{
    perf_buffer__free(p->buffers);
    free(p->items);
    *p = (struct event_perf){.buffers = NULL};
}

int event_perf_fd(const struct event_perf *p)
{
    return perf_buffer__epoll_fd(p->buffers);
}

static int compare(const void *left, const void *right)
{
    const struct perf_item *a = left;
    const struct perf_item *b = right;

    if (a->ns != b->ns)
        return a->ns < b->ns ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Takes all that is in the buffers. */
static int refill(struct event_perf *p)
{
    int r;

    p->count = p->at = 0;
    r = perf_buffer__consume(p->buffers);
    if (p->count > 1)
        qsort(p->items, p->count, sizeof *p->items, compare);
    return r;
}

int event_perf_take(struct event_perf *p, struct event_item *ret)
{
    const struct perf_item *item;
    int r = p->at < p->count ? 0 : refill(p);

    if (r < 0 || p->at == p->count)
        return r;
    item = &p->items[p->at++];
    event_sent_take(&p->sent, item->sent, item->bytes, ret);
    return 1;
}

uint64_t event_perf_most(const struct event_perf *p)
{
    uint64_t most = 0;

    for (size_t i = 0; i < perf_buffer__buffer_cnt(p->buffers); i++) {
        const struct perf_event_mmap_page *page;
        void *memory;
        size_t size;
        uint64_t bytes;

        if (perf_buffer__buffer(p->buffers, (int)i, &memory, &size) < 0)
            continue;
        page = memory;
        bytes = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE) - page->data_tail;
        most = bytes > most ? bytes : most;
    }
    return most;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/event_rings.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/cleanup.h"

/* A ring is not made smaller than this to have more of them. */
#define RING_BYTES_MIN (UINT64_C(256) << 10)
/* The kernel is told after so many bytes at most: its processors read the same cache line. */
#define RELEASE_BYTES (UINT64_C(16) << 10)

size_t event_rings_count(uint64_t bytes, int processors)
{
    size_t count = 1;

    while (count < EVENT_RINGS_MAX && count < (size_t)processors &&
           bytes / (count * 2) >= RING_BYTES_MIN)
        count *= 2;
    return count;
}

/* Maps a ring as Documentation/bpf/ringbuf.rst has it (Linux 5.8 to 6.18): a page for the consumer,
 * a page for the producers, and twice the data. */
static int map_ring(struct event_ring *ring, uint64_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
    char *producer;

    if (consumer == MAP_FAILED)
        return -errno;
    ring->consumer_at = consumer;
    producer = mmap(NULL, page + 2 * bytes, PROT_READ, MAP_SHARED, ring->fd, (off_t)page);
    if (producer == MAP_FAILED)
        return -errno;
    ring->producer_at = (const void *)producer;
    ring->data = producer + page;
    return 0;
}

int event_rings_open(struct event_rings *ret, size_t count, uint64_t bytes)
{
    int r = 0;

    *ret = (struct event_rings){.bytes = bytes};
    while (r == 0 && ret->count < count) {
        struct event_ring *ring = &ret->ring[ret->count];

        ring->fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "events", 0, 0, (uint32_t)bytes, NULL);
        if (ring->fd < 0) {
            r = ring->fd;
            break;
        }
        ret->count++;
        r = map_ring(ring, bytes);
    }
    if (r < 0)
        event_rings_close(ret);
    return r;
}

void event_rings_close(struct event_rings *rings)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    for (size_t i = 0; i < rings->count; i++) {
        struct event_ring *ring = &rings->ring[i];

        if (ring->producer_at)
            munmap((void *)ring->producer_at, page + 2 * rings->bytes);
        if (ring->consumer_at)
            munmap(ring->consumer_at, page);
        close_fd(&ring->fd);
    }
    rings->count = 0;
}

static void release(struct event_ring *ring)
{
    if (__atomic_load_n(ring->consumer_at, __ATOMIC_RELAXED) != ring->at)
        __atomic_store_n(ring->consumer_at, ring->at, __ATOMIC_RELEASE);
}

void event_rings_release(struct event_rings *rings)
{
    for (size_t i = 0; i < rings->count; i++)
        release(&rings->ring[i]);
}

uint64_t event_rings_most(const struct event_rings *rings)
{
    uint64_t most = 0;

    for (size_t i = 0; i < rings->count; i++) {
        const struct event_ring *ring = &rings->ring[i];
        uint64_t bytes = __atomic_load_n(ring->producer_at, __ATOMIC_ACQUIRE) - ring->at;

        most = bytes > most ? bytes : most;
    }
    return most;
}

/* Behind the header of a record (struct bpf_ringbuf_hdr): its length with two flags, and eight
 * bytes in all; the next begins at a multiple of eight. */
static uint64_t record_bytes(uint32_t length)
{
    uint64_t bytes =
        (length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT)) + (uint64_t)BPF_RINGBUF_HDR_SZ;

    return (bytes + 7) / 8 * 8;
}

/* The ring's next event, if there is one and it is whole. */
static void look(struct event_ring *ring, uint64_t bytes)
{
    while (!ring->next && ring->at < __atomic_load_n(ring->producer_at, __ATOMIC_ACQUIRE)) {
        const char *record = ring->data + (ring->at & (bytes - 1));
        uint32_t length = __atomic_load_n((const uint32_t *)(const void *)record, __ATOMIC_ACQUIRE);

        if (length & BPF_RINGBUF_BUSY_BIT)
            return;
        if (!event_sent_is_one(length)) { /* cannot be: both sides are built together */
            ring->at += record_bytes(length);
            continue;
        }
        ring->next = record + BPF_RINGBUF_HDR_SZ;
        ring->next_bytes = length;
        ring->next_ns = event_sent_ns(ring->next, length);
    }
}

static void take(struct event_rings *rings, struct event_ring *ring, struct event_item *ret)
{
    event_sent_take(&rings->sent, ring->next, ring->next_bytes, ret);
    ring->next = NULL;
    ring->at += record_bytes(ring->next_bytes);
}

bool event_rings_take(struct event_rings *rings, struct event_item *ret)
{
    uint64_t release_bytes = rings->bytes / 4 < RELEASE_BYTES ? rings->bytes / 4 : RELEASE_BYTES;
    struct event_ring *first = NULL;

    for (size_t i = 0; i < rings->count; i++) {
        struct event_ring *ring = &rings->ring[i];

        if (!ring->next) {
            if (ring->at - *ring->consumer_at >= release_bytes)
                release(ring);
            look(ring, rings->bytes);
        }
        if (ring->next && (!first || ring->next_ns < first->next_ns))
            first = ring;
    }
    if (first)
        take(rings, first, ret);
    return first;
}

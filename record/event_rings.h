/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring buffers between the BPF program and the recorder, read here and not by libbpf: so that
 * events come in the order in which they were sent, roughly, whichever processor they are from. For
 * kernels of 64 bits: on others positions in a ring are shorter.
 */
#ifndef RECORD_EVENT_RINGS_H
#define RECORD_EVENT_RINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/event_sent.h"

/* So many processors write without waiting for each other; more share a ring. */
#define EVENT_RINGS_MAX 16

struct event_ring {
    int fd;
    uint64_t *consumer_at;       /* shared with the kernel: where we are, */
    const uint64_t *producer_at; /* and where the processors are */
    const char *data;            /* mapped twice in a row, so that no event has a seam */
    uint64_t at;                 /* where we are; the kernel hears of it now and then */
    const void *next;            /* an event as far as it was sent; NULL = none is known of */
    uint32_t next_bytes;
    uint64_t next_ns;
};

struct event_rings {
    struct event_ring ring[EVENT_RINGS_MAX];
    size_t count;
    uint64_t bytes; /* of each */
    struct event_sent sent;
};

/* How many rings share `bytes` (a power of two) on a machine of so many processors: a power of two.
 */
size_t event_rings_count(uint64_t bytes, int processors);

/* Makes `count` BPF ring buffers of `bytes` each and maps them. 0 or a negative errno. */
int event_rings_open(struct event_rings *ret, size_t count, uint64_t bytes);

/* Frees them; the kernel keeps those that a program has. A struct full of zeros is fine. */
void event_rings_close(struct event_rings *rings);

/*
 * True and the event of the least time among those that are in the rings, whole, which is valid
 * until the next call; or false when they are empty.
 */
bool event_rings_take(struct event_rings *rings, struct event_item *ret);

/* How many bytes wait in that ring in which the most do. */
uint64_t event_rings_most(const struct event_rings *rings);

/* Tells the kernel what was taken: it has that room again. event_rings_take() does so now and then.
 */
void event_rings_release(struct event_rings *rings);

#endif

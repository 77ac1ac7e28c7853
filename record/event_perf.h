/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The perf buffers between the BPF program and the recorder, one for each processor, where the
 * kernel has no ring buffers (before Linux 5.8). What is in them is taken at once and put in order.
 */
#ifndef RECORD_EVENT_PERF_H
#define RECORD_EVENT_PERF_H

#include "record/event_sent.h"

struct perf_buffer;
struct perf_item;

struct event_perf {
    struct perf_buffer *buffers;
    struct perf_item *items; /* taken from them, in order */
    size_t count;
    size_t room;
    size_t at;      /* of the next to be handed out */
    uint64_t bytes; /* of each buffer */
    struct event_sent sent;
};

/* Makes buffers that share `bytes`, a page each at least, of the map. A struct full of zeros but
 * for
 * ->sent is what *ret has to be. 0 or a negative errno. */
int event_perf_open(struct event_perf *ret, int map_fd, uint64_t bytes);

/* Frees them. A struct full of zeros is fine. */
void event_perf_close(struct event_perf *p);

/* For epoll, as kernel_fds() has it. */
int event_perf_fd(const struct event_perf *p);

/* 1 and the next event, which is valid until the next call; 0 when there is none; or a negative
 * errno. */
int event_perf_take(struct event_perf *p, struct event_item *ret);

/* How many bytes wait in that buffer in which the most do. */
uint64_t event_perf_most(const struct event_perf *p);

#endif

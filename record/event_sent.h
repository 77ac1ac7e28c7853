/* SPDX-License-Identifier: BSD-2-Clause */
/* An event as far as it was sent, whichever way it came. */
#ifndef RECORD_EVENT_SENT_H
#define RECORD_EVENT_SENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"

/* What was taken: one of the two, the other is NULL. */
struct event_item {
    const struct event *session;
    const struct state_event *state;
};

struct event_sent {
    char usual_congestion[16]; /* of events that were sent without it: to be set before the first */
    struct event event;        /* what was taken last */
    struct state_event state;
};

/* Whether an event has so many bytes. */
bool event_sent_is_one(uint32_t bytes);

/* Its time. */
uint64_t event_sent_ns(const void *sent, uint32_t bytes);

/* The event, with what was not sent of it; valid until the next call. */
void event_sent_take(struct event_sent *s, const void *sent, uint32_t bytes,
                     struct event_item *ret);

#endif

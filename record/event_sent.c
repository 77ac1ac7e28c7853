/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/event_sent.h"

#include <string.h>

/* Of a session, as far as it was sent (event_bytes()). */
static bool is_session(uint32_t bytes)
{
    return bytes >= offsetof(struct event, acceptor) && bytes <= sizeof(struct event);
}

/* Of a change of state (state_event_bytes()). */
static bool is_state(uint32_t bytes)
{
    return bytes >= STATE_EVENT_BYTES_MIN && bytes <= sizeof(struct state_event);
}

bool event_sent_is_one(uint32_t bytes)
{
    return is_session(bytes) || is_state(bytes);
}

uint64_t event_sent_ns(const void *sent, uint32_t bytes)
{
    return is_session(bytes) ? ((const struct event *)sent)->entered_ns[EVENT_CLOSE]
                             : ((const struct state_event *)sent)->time_ns;
}

/* Copies what was sent of an event. The rest is 0. */
static void copy_sent(void *to, size_t size, const void *sent, uint32_t bytes)
{
    memcpy(to, sent, bytes);
    memset((char *)to + bytes, 0, size - bytes);
}

void event_sent_take(struct event_sent *s, const void *sent, uint32_t bytes, struct event_item *ret)
{
    if (is_session(bytes)) {
        copy_sent(&s->event, sizeof s->event, sent, bytes);
        if (bytes < offsetof(struct event, laddr6))
            memcpy(s->event.congestion, s->usual_congestion, sizeof s->event.congestion);
        *ret = (struct event_item){.session = &s->event};
    } else {
        copy_sent(&s->state, sizeof s->state, sent, bytes);
        *ret = (struct event_item){.state = &s->state};
    }
}

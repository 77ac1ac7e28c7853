/* SPDX-License-Identifier: BSD-2-Clause */
/* What a writer was told to do, against what a reader tells of it. */
#ifndef TESTS_FUZZ_EVENTS_H
#define TESTS_FUZZ_EVENTS_H

#include "format/tlz.h"

#define EVENT_TEXT_MAX 64

/* A session, a loss, a name or a source. */
struct event {
    enum tlz_item_kind kind;
    uint32_t source;
    struct tlz_clock clock;
    struct tlz_row session;
    struct tlz_loss loss;
    struct tlz_name name;
    char text[EVENT_TEXT_MAX]; /* of the name, or of the source's metadata */
};

/* Unix times. */
struct window {
    uint64_t from_us, to_us;
};

/* When the session ended, as Unix time. */
static inline uint64_t event_unix_us(const struct event *e)
{
    return e->session.value[TLZ_CLOSE_US].u + e->clock.real_us - e->clock.boot_us;
}

/* Fails unless the item is what was written from that event on: of sessions those fields, of blocks
 * that were passed over that they may be. How many events it is of. */
size_t check_item(const struct event *e, const struct tlz_item *item,
                  const struct tlz_fieldset *fields, const struct window *window);

#endif

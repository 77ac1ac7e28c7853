/* SPDX-License-Identifier: BSD-2-Clause */
/* What a writer was told to do, against what a reader tells of it. */
#ifndef TESTS_FUZZ_EVENTS_H
#define TESTS_FUZZ_EVENTS_H

#include "format/tlz.h"

#define EVENT_TEXT_MAX 64

/* A row that was written. */
struct row_event {
    uint32_t source;
    struct tlz_clock clock;
    struct tlz_row row;
};

/* A loss, a name or a source; and how many rows of each kind stand before it. */
struct event {
    enum tlz_item_kind kind;
    uint32_t source;
    size_t before[TLZ_KINDS];
    struct tlz_loss loss;
    struct tlz_name name;
    char text[EVENT_TEXT_MAX]; /* of the name, or of the source's metadata */
};

/* Unix times. */
struct window {
    uint64_t from_us, to_us;
};

/* The time of a row, as Unix time. */
static inline uint64_t row_unix_us(enum tlz_kind kind, const struct row_event *e)
{
    return e->row.value[tlz_kinds[kind].time].u + e->clock.real_us - e->clock.boot_us;
}

/* Fails unless the item is of the rows that were written from that one on: those fields of them, or
 * that they may be passed over. How many rows it is of. */
size_t check_rows(const struct row_event *e, const struct tlz_item *item,
                  const struct tlz_fieldset *fields, const struct window *window);

/* Fails unless the item is what was written. */
void check_event(const struct event *e, const struct tlz_item *item);

#endif

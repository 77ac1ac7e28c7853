/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between which values those of a block's rows are, so that a block in which none is wanted need
 * not be decoded: docs/FORMAT.md, section 6.5.
 */
#ifndef TLZ_RANGES_H
#define TLZ_RANGES_H

#include "format/row.h"

/* Fewer rows are decoded as fast as they are passed over, and cost more bytes so. */
#define TLZ_RANGES_ROWS 1024

struct tlz_range {
    uint64_t least, greatest; /* least > greatest: nothing is known */
    uint64_t set; /* of an enumeration instead: bit v = a row has the value v, bit 63 = one of 63 or
                     more; 0 = nothing is known */
};

/* By field. Where something is known of one, each row has a value of it in its range, or none. */
struct tlz_ranges {
    struct tlz_range field[TLZ_FIELD_COUNT];
};

/* Whether it is a number of which blocks keep the least and the greatest: what measures something,
 * and is what it is whatever is made of names. */
bool tlz_ranges_measure(enum tlz_field field);

/* True and *ret when the body of a block of rows tells of them, and sense can be made of it. */
bool tlz_ranges_read(enum tlz_kind kind, const uint8_t *body, size_t size, struct tlz_ranges *ret);

/* For the writer of a block: forgets all; takes what the builder's columns and tables will not tell
 * of a session, of which `present` is what is stored. */
void ranges_clear(struct tlz_ranges *ranges);
void ranges_add_session(struct tlz_ranges *ranges, const struct tlz_fieldset *present,
                        const struct tlz_row *session);

struct rows_builder;
struct wire_buffer;

/* Appends those of the builder's rows, where there are enough rows to be worth it. */
void ranges_put(const struct rows_builder *b, struct wire_buffer *body);

/* 0, or -TLZ_E_RANGES when they are not just those of the values in a batch of which
 * all fields were decoded. */
int ranges_check(const struct tlz_ranges *ranges, const struct tlz_batch *batch);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* A row (for writing) and rows as columns (as read), with the values derived from those stored. */
#ifndef TLZ_ROW_H
#define TLZ_ROW_H

#include <string.h>

#include "format/field.h"

/* An address, or a command or algorithm name padded with NUL. Never assumed to be text. */
struct tlz_bytes {
    uint8_t b[16];
};

/* An integer or 16 bytes, by tlz_type_is_bytes(). */
union tlz_value {
    uint64_t u;
    struct tlz_bytes bytes;
};

/* A row: one session, or one change of state. Only fields in `present` have a meaning in `value`;
 * an absent value is absent, not 0. */
struct tlz_row {
    struct tlz_fieldset present;
    union tlz_value value[TLZ_FIELD_COUNT];
};

static inline void tlz_row_clear(struct tlz_row *s)
{
    s->present = (struct tlz_fieldset){0};
}

static inline void tlz_row_set(struct tlz_row *s, enum tlz_field field, uint64_t value)
{
    tlz_fieldset_add(&s->present, field);
    s->value[field].u = value;
}

/* Sets a name of at most 16 bytes; a NUL ends it earlier. */
static inline void tlz_row_set_name(struct tlz_row *s, enum tlz_field field, const void *name,
                                    size_t size)
{
    struct tlz_bytes *v = &s->value[field].bytes;
    size_t n = strnlen(name, size < sizeof v->b ? size : sizeof v->b);

    tlz_fieldset_add(&s->present, field);
    memset(v, 0, sizeof *v);
    memcpy(v->b, name, n);
}

/* Sets an address: 16 bytes, IPv4 in its mapped form. */
static inline void tlz_row_set_address(struct tlz_row *s, enum tlz_field field,
                                       const uint8_t address[16])
{
    tlz_fieldset_add(&s->present, field);
    memcpy(s->value[field].bytes.b, address, 16);
}

static inline bool tlz_row_has(const struct tlz_row *s, enum tlz_field field)
{
    return tlz_fieldset_has(&s->present, field);
}

/* The mapped form of an IPv4 address in network order (RFC 4291, section 2.5.5.2). */
void tlz_address_from_v4(struct tlz_bytes *ret, const uint8_t v4[4]);

/* 4 for the mapped form of an IPv4 address, 6 for every other. */
int tlz_address_family(const struct tlz_bytes *address);

/*
 * The clock pair of a block: one instant in both clocks. Times in a block are CLOCK_BOOTTIME in the
 * kernel's own clock (time namespaces left out); Unix time = time - boot_us + real_us. Both 0 when
 * the times already are Unix times.
 */
struct tlz_clock {
    uint64_t boot_us;
    uint64_t real_us;
    uint32_t uncertainty_us; /* how far apart the two may have been read */
    uint32_t status;         /* enum tlz_clock_status */
};

bool tlz_clock_equal(const struct tlz_clock *a, const struct tlz_clock *b);

enum tlz_clock_status {
    TLZ_CLOCK_UNKNOWN,
    TLZ_CLOCK_SYNCED,   /* the kernel said that the clock was synchronized (adjtimex(2)) */
    TLZ_CLOCK_UNSYNCED, /* ... that it was not */
};

/*
 * A column of a batch. `u` or `bytes` by the field's type; both NULL when no row has a value.
 * `present` is a bitmap of rows, NULL when every row has a value (or none). Where values repeat
 * together, `entry` tells for each row which of `entries` it has: rows of the same have equal
 * values, or none. NULL = not known.
 */
struct tlz_column {
    const uint64_t *u;
    const struct tlz_bytes *bytes;
    const uint64_t *present;
    const uint64_t *entry;
    uint32_t entries;
};

/*
 * The rows of a block, as columns: those selected in the reader, derived ones too. Times are Unix
 * times. Belongs to the reader and is valid until its next call.
 */
struct tlz_batch {
    enum tlz_kind kind;
    uint32_t rows;
    uint32_t source; /* 0 to TLZ_SOURCES_MAX - 1, whatever the file describes */
    struct tlz_clock clock;
    uint64_t time_min_us; /* smallest and greatest time of the kind (close_us), Unix time */
    uint64_t time_max_us;
    struct tlz_column column[TLZ_FIELD_COUNT];
};

static inline bool tlz_batch_has(const struct tlz_batch *batch, enum tlz_field field, uint32_t row)
{
    const struct tlz_column *c = &batch->column[field];

    return (c->u || c->bytes) && (!c->present || (c->present[row / 64] >> (row % 64) & 1));
}

/* Row `row` of the selected fields, its times still those of the block's clock, as
 * tlz_writer_add_row() wants them. */
void tlz_batch_row(const struct tlz_batch *batch, uint32_t row, struct tlz_row *ret);

#endif

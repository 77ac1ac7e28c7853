/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sessions of the block that is being filled. What repeats together (struct tuple_table) is
 * kept once, and every row has an index into it.
 */
#ifndef TLZ_SESSIONS_BUILDER_H
#define TLZ_SESSIONS_BUILDER_H

#include "format/block_column.h"
#include "format/session.h"

/* Distinct combinations of the fields of one table. A key is a fieldset-like bit set of its
 * members, then their values. */
struct tuple_table {
    enum tlz_field member[TLZ_FIELD_COUNT];
    uint16_t offset[TLZ_FIELD_COUNT]; /* of a member's value in a key */
    uint32_t members;
    uint32_t key_size;
    uint32_t count;
    uint8_t *keys;   /* TLZ_ROWS_MAX of them */
    uint16_t *slots; /* hash table of key numbers + 1 */
};

struct sessions_builder {
    uint32_t rows;
    struct tlz_clock clock;
    uint64_t close_min_us; /* in the block's clock */
    uint64_t close_max_us;
    uint64_t *value[TLZ_FIELD_COUNT];   /* fields of TLZ_TABLE_ROWS; 0 where absent */
    uint64_t *present[TLZ_FIELD_COUNT]; /* bitmaps */
    uint64_t *index[TLZ_TABLE_COUNT];   /* of a row in a tuple table */
    struct tuple_table tuples[TLZ_TABLE_COUNT];
};

/* 0 or -ENOMEM. sessions_builder_close() follows in both cases. About 16 MB of address space, of
 * which what is used is touched. */
int sessions_builder_open(struct sessions_builder *b);
void sessions_builder_close(struct sessions_builder *b);

/* Forgets all rows. */
void sessions_builder_clear(struct sessions_builder *b);

/* Adds a session; there must be fewer than TLZ_ROWS_MAX. 0 or -EINVAL, as tlz_writer_add_session()
 * says. */
int sessions_builder_add(struct sessions_builder *b, const struct tlz_session *session);

/* True for fields that are integers in TLZ_TABLE_ROWS. */
static inline bool field_is_row_integer(enum tlz_field f)
{
    return tlz_fields[f].number && tlz_fields[f].table == TLZ_TABLE_ROWS;
}

static inline const uint8_t *tuple_key(const struct tuple_table *t, uint32_t entry)
{
    return t->keys + (size_t)entry * t->key_size;
}

/* Whether entry has a value for the m-th member. */
static inline bool tuple_has(const struct tuple_table *t, uint32_t entry, uint32_t m)
{
    uint64_t present;

    memcpy(&present, tuple_key(t, entry), sizeof present);
    return present >> m & 1;
}

#endif

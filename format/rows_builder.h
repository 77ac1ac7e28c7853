/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of the block that is being filled, sessions or changes of state, as columns. What
 * repeats together (struct tuple_table) is kept once, and every row has a number of it; of every
 * other field, what is not as predicted, of the rows that have it.
 */
#ifndef TLZ_ROWS_BUILDER_H
#define TLZ_ROWS_BUILDER_H

#include "format/block_column.h"
#include "format/ranges.h"
#include "format/row.h"

/* A field in a key. */
struct tuple_member {
    enum tlz_field field;
    uint16_t offset; /* of its value in the key */
    uint16_t size;   /* 4, 8, or 16 for bytes; little-endian or not is of no matter in memory */
};

/* Distinct combinations of the fields of one table. A key is a set of those that are present, then
 * the values of all, 0 where absent; then the numbers of the entries that it leads to. The set of
 * TLZ_TABLE_OUTCOME tells of the fields of TLZ_TABLE_ROWS too: how a session ended, or which state
 * became which, says which of them it has.
 */
struct tuple_table {
    struct tlz_fieldset fields;                  /* of the set */
    struct tuple_member member[TLZ_FIELD_COUNT]; /* by number */
    uint32_t members;
    uint32_t key_size;
    uint32_t count;
    uint64_t seed;   /* of the hash: peers must not choose addresses that collide */
    uint8_t *keys;   /* TLZ_ROWS_MAX of them */
    uint16_t *slots; /* hash table of key numbers + 1 */
};

/* The values of a field: of the rows that have it, less what predictor.h expects. */
struct row_column {
    uint64_t *values;
    uint64_t *end; /* behind the last one */
};

struct rows_builder {
    enum tlz_kind kind;
    uint32_t rows;
    struct tlz_clock clock;
    uint64_t time_min_us; /* of the kind's time, in the block's clock */
    uint64_t time_max_us;
    struct tlz_ranges ranges; /* of fields that no column and no table holds as they are */
    uint64_t *values;         /* behind all columns */
    struct row_column column[TLZ_FIELD_COUNT]; /* of kind_has_row_integer() */
    /* established_us is predicted from open_us, unless a session lacks that: then from close_us. */
    struct row_column established_by_close;
    bool lacks_open;
    /* Of a row, or an entry of another table, in a tuple table: 0 = the next entry that none led to
     * before, else entry u - 1. */
    uint64_t *index[TLZ_TABLE_COUNT];
    struct tuple_table tuples[TLZ_TABLE_COUNT];
};

/* An empty one, or NULL when memory is out. About 16 MB of address space, of which what is used is
 * touched. */
struct rows_builder *rows_builder_new(enum tlz_kind kind);

/* Frees it (NULL is fine) and returns NULL. */
struct rows_builder *rows_builder_free(struct rows_builder *b);

/* Forgets all rows. */
void rows_builder_clear(struct rows_builder *b);

/* Adds a row; there must be fewer than TLZ_ROWS_MAX. 0 or -EINVAL, as tlz_writer_add_row() says. */
int rows_builder_add(struct rows_builder *b, const struct tlz_row *row);

/* True for a stored field of that kind in that table. */
static inline bool kind_stores_in(enum tlz_kind kind, enum tlz_field f, enum tlz_table table)
{
    return tlz_fields[f].number && tlz_fieldset_has(&tlz_kinds[kind].fields, f) &&
           tlz_kinds[kind].table[f] == table;
}

/* True for fields of that kind that are integers in TLZ_TABLE_ROWS. */
static inline bool kind_has_row_integer(enum tlz_kind kind, enum tlz_field f)
{
    return kind_stores_in(kind, f, TLZ_TABLE_ROWS);
}

static inline uint32_t row_column_count(const struct row_column *column)
{
    return (uint32_t)(column->end - column->values);
}

static inline const uint8_t *tuple_key(const struct tuple_table *t, uint32_t entry)
{
    return t->keys + (size_t)entry * t->key_size;
}

static inline bool tuple_has(const struct tuple_table *t, uint32_t entry, enum tlz_field f)
{
    struct tlz_fieldset present;

    memcpy(&present, tuple_key(t, entry), sizeof present);
    return tlz_fieldset_has(&present, f);
}

static inline const uint8_t *tuple_value(const struct tuple_table *t, uint32_t entry,
                                         const struct tuple_member *member)
{
    return tuple_key(t, entry) + member->offset;
}

static inline uint64_t tuple_integer(const struct tuple_table *t, uint32_t entry,
                                     const struct tuple_member *member)
{
    const uint8_t *value = tuple_value(t, entry, member);
    uint32_t u32;
    uint64_t u64;

    if (member->size == sizeof u32) {
        memcpy(&u32, value, sizeof u32);
        return u32;
    }
    memcpy(&u64, value, sizeof u64);
    return u64;
}

/* Which entries have that field, a bitmap; false when none has. */
bool tuple_table_presence(const struct tuple_table *t, enum tlz_field f, uint64_t *ret);

#endif

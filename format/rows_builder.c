/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/rows_builder.h"

#include <sys/random.h>

#include <xxhash.h>

#include "format/predictor.h"

#define SLOTS (2 * TLZ_ROWS_MAX) /* a power of two; the hash table is at most half full */

/* From one column to the next. Not a power of two, so that the columns of a row do not fall into
 * the same few lines of a cache. */
#define STRIDE (TLZ_ROWS_MAX + 24)

/* Bytes of a field's value in a key. */
static uint16_t key_bytes(enum tlz_field f)
{
    if (tlz_type_is_bytes(tlz_fields[f].type))
        return sizeof(struct tlz_bytes);
    return tlz_fields[f].max <= UINT32_MAX ? sizeof(uint32_t) : sizeof(uint64_t);
}

/* Keys hold the fields in the order of the list; columns are written in the order of their numbers.
 */
static int tuple_table_open(struct tuple_table *t, enum tlz_kind kind, enum tlz_table table)
{
    uint16_t offset[TLZ_FIELD_COUNT];
    uint32_t size = sizeof(struct tlz_fieldset);

    TLZ_FOREACH_FIELD(f) {
        offset[f] = (uint16_t)size;
        if (kind_stores_in(kind, f, table)) {
            tlz_fieldset_add(&t->fields, f);
            size += key_bytes(f);
        }
    }
    for (uint64_t number = 1; number <= TLZ_FIELD_NUMBER_MAX; number++) {
        enum tlz_field f = tlz_field_by_number(number);

        if (f == TLZ_FIELD_COUNT)
            continue;
        if (kind_stores_in(kind, f, table))
            t->member[t->members++] = (struct tuple_member){f, offset[f], key_bytes(f)};
        if (kind_has_row_integer(kind, f) && table == TLZ_TABLE_OUTCOME)
            tlz_fieldset_add(&t->fields, f);
    }
    for (enum tlz_table child = table + 1; child < tlz_kinds[kind].tables; child++)
        size += tlz_kinds[kind].parent[child] == table ? (uint32_t)sizeof(uint32_t) : 0;
    t->key_size = size;
    if (getrandom(&t->seed, sizeof t->seed, GRND_NONBLOCK) < 0)
        t->seed = (uintptr_t)t; /* early at boot: guessable, and no less right */
    t->keys = calloc(TLZ_ROWS_MAX, size);
    t->slots = calloc(SLOTS, sizeof *t->slots);
    return t->keys && t->slots ? 0 : -ENOMEM;
}

static int open_rows(struct rows_builder *b)
{
    uint64_t *values;
    size_t columns = 1;

    TLZ_FOREACH_FIELD(f)
        columns += kind_has_row_integer(b->kind, f);
    values = b->values = calloc(columns * STRIDE, sizeof *b->values);
    if (!values)
        return -ENOMEM;
    b->established_by_close = (struct row_column){values, values};
    TLZ_FOREACH_FIELD(f) {
        if (kind_has_row_integer(b->kind, f)) {
            values += STRIDE;
            b->column[f] = (struct row_column){values, values};
        }
    }
    return 0;
}

static int open_tables(struct rows_builder *b)
{
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < tlz_kinds[b->kind].tables; table++) {
        b->index[table] = calloc(TLZ_ROWS_MAX, sizeof *b->index[table]);
        if (!b->index[table] || tuple_table_open(&b->tuples[table], b->kind, table) < 0)
            return -ENOMEM;
    }
    return 0;
}

struct rows_builder *rows_builder_new(enum tlz_kind kind)
{
    struct rows_builder *b = calloc(1, sizeof *b);

    if (!b)
        return NULL;
    b->kind = kind;
    ranges_clear(&b->ranges);
    return open_rows(b) < 0 || open_tables(b) < 0 ? rows_builder_free(b) : b;
}

struct rows_builder *rows_builder_free(struct rows_builder *b)
{
    if (!b)
        return NULL;
    free(b->values);
    for (enum tlz_table table = 0; table < TLZ_TABLE_COUNT; table++) {
        free(b->index[table]);
        free(b->tuples[table].keys);
        free(b->tuples[table].slots);
    }
    free(b);
    return NULL;
}

void rows_builder_clear(struct rows_builder *b)
{
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < tlz_kinds[b->kind].tables; table++) {
        if (b->tuples[table].count)
            memset(b->tuples[table].slots, 0, SLOTS * sizeof *b->tuples[table].slots);
        b->tuples[table].count = 0;
    }
    TLZ_FOREACH_FIELD(f)
        b->column[f].end = b->column[f].values;
    b->established_by_close.end = b->established_by_close.values;
    b->lacks_open = false;
    ranges_clear(&b->ranges);
    b->rows = 0;
}

bool tuple_table_presence(const struct tuple_table *t, enum tlz_field f, uint64_t *ret)
{
    bool any = false;

    memset(ret, 0, BITMAP_WORDS(t->count) * sizeof *ret);
    for (uint32_t entry = 0; entry < t->count; entry++) {
        if (!tuple_has(t, entry, f))
            continue;
        bitmap_set(ret, entry);
        any = true;
    }
    return any;
}

/*
 * A row as it is stored: derived fields left out; of a session, `service` from the direction, and
 * the port of the side that listened only as `service`.
 */
struct stored {
    const struct tlz_row *row;
    struct tlz_fieldset present;
    uint64_t service;
};

static void store_ports(struct stored *s)
{
    const struct tlz_row *session = s->row;
    uint64_t direction = tlz_row_has(session, TLZ_DIRECTION) ? session->value[TLZ_DIRECTION].u
                                                             : TLZ_DIRECTION_UNKNOWN;
    enum tlz_field port = direction == TLZ_DIRECTION_IN ? TLZ_LPORT : TLZ_RPORT;

    tlz_fieldset_remove(&s->present, TLZ_SERVICE);
    if (direction != TLZ_DIRECTION_IN && direction != TLZ_DIRECTION_OUT)
        return;
    tlz_fieldset_add(&s->present, TLZ_SERVICE);
    tlz_fieldset_remove(&s->present, port);
    s->service = session->value[port].u;
}

static bool has_required(enum tlz_kind kind, const struct tlz_row *s)
{
    return tlz_row_has(s, tlz_kinds[kind].time) && tlz_row_has(s, TLZ_LADDR) &&
           tlz_row_has(s, TLZ_LPORT) && tlz_row_has(s, TLZ_RADDR) && tlz_row_has(s, TLZ_RPORT);
}

/* A time of the block's clock in Unix time. */
static uint64_t unix_us(const struct rows_builder *b, uint64_t us)
{
    return us - b->clock.boot_us + b->clock.real_us;
}

/*
 * Leaves out times that are none in Unix time, as when a wall clock is set far back and a host
 * sleeps; false when the kind's time, which must be there, is one of them.
 */
static bool check_times(const struct rows_builder *b, struct stored *s)
{
    static const enum tlz_field times[] = {TLZ_OPEN_US, TLZ_ESTABLISHED_US, TLZ_FIN_US,
                                           TLZ_CLOSE_US, TLZ_TIME_US};

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        if (unix_us(b, s->row->value[times[i]].u) > tlz_fields[times[i]].max)
            tlz_fieldset_remove(&s->present, times[i]);
    }
    return tlz_fieldset_has(&s->present, tlz_kinds[b->kind].time);
}

/* Where a row goes first: a row of values, 0 where absent, and in each table behind the last
 * key. */
struct place {
    uint64_t row[TLZ_FIELD_COUNT];
    uint8_t *key[TLZ_TABLE_COUNT];
    uint64_t over; /* bits that no value of a field may have: every maximum is a power of 2, - 1 */
};

/* Puts one field there. All but s and p are constants: each call is a few instructions. */
static inline __attribute__((always_inline)) void put_field(const struct stored *s, struct place *p,
                                                            enum tlz_field f, bool is_stored,
                                                            enum tlz_type type, uint64_t max,
                                                            enum tlz_table table)
{
    bool has = tlz_fieldset_has(&s->present, f);
    const union tlz_value *value = &s->row->value[f];
    uint64_t u = has ? f == TLZ_SERVICE ? s->service : value->u : 0;
    uint32_t u32 = (uint32_t)u;

    if (!is_stored)
        return;
    if (tlz_type_is_bytes(type)) {
        memcpy(p->key[table], has ? &value->bytes : &(struct tlz_bytes){0}, sizeof value->bytes);
        p->key[table] += sizeof value->bytes;
        return;
    }
    p->over |= type == TLZ_TYPE_TIME ? 0 : u & ~max;
    if (table == TLZ_TABLE_ROWS) {
        p->row[f] = u;
    } else if (max <= UINT32_MAX) {
        memcpy(p->key[table], &u32, sizeof u32);
        p->key[table] += sizeof u32;
    } else {
        memcpy(p->key[table], &u, sizeof u);
        p->key[table] += sizeof u;
    }
}

/* Begins the keys: each with the set of fields that are present. */
static void begin_keys(struct rows_builder *b, const struct stored *s, struct place *p)
{
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < tlz_kinds[b->kind].tables; table++) {
        struct tuple_table *t = &b->tuples[table];
        struct tlz_fieldset present = s->present;

        for (size_t i = 0; i < sizeof present.bits / sizeof *present.bits; i++)
            present.bits[i] &= t->fields.bits[i];
        p->key[table] = t->keys + (size_t)t->count * t->key_size;
        memcpy(p->key[table], &present, sizeof present);
        p->key[table] += sizeof present;
    }
}

static void put_session_fields(const struct stored *s, struct place *p)
{
#define X(id, name, number, type, enumeration, max, table, predictor, help)                        \
    put_field(s, p, TLZ_##id, number != 0, TLZ_TYPE_##type, max, TLZ_TABLE_##table);
    TLZ_FIELDS(X)
#undef X
}

/* In the order of the enumeration, as tuple_table_open() lays the keys out. */
static void put_state_fields(const struct stored *s, struct place *p)
{
    const struct tlz_kind_info *kind = &tlz_kinds[TLZ_STATES];

#define X(id, name, number, type, enumeration, max, table_, predictor, help)                       \
    if (tlz_fieldset_has(&kind->fields, TLZ_##id))                                                 \
        put_field(s, p, TLZ_##id, number != 0, TLZ_TYPE_##type, max, kind->table[TLZ_##id]);
    TLZ_FIELDS(X)
    TLZ_STATE_ONLY_FIELDS(X)
#undef X
}

/* Adds the difference to a column; it stays there when the session has the field. */
static inline __attribute__((always_inline)) void append(struct row_column *column, bool has,
                                                         enum predictor predictor,
                                                         const uint64_t *row, enum tlz_field f)
{
    *column->end = row[f] - predicted_value(predictor, row);
    column->end += has;
}

static void append_session(struct rows_builder *b, const struct tlz_fieldset *present,
                           const uint64_t *row)
{
    bool is_established = tlz_fieldset_has(present, TLZ_ESTABLISHED_US);

#define X(id, name, number, type, enumeration, max, table, predictor, help)                        \
    if (number != 0 && TLZ_TABLE_##table == TLZ_TABLE_ROWS)                                        \
        append(&b->column[TLZ_##id], tlz_fieldset_has(present, TLZ_##id), PREDICT_##predictor,     \
               row, TLZ_##id);
    TLZ_FIELDS(X)
#undef X
    append(&b->established_by_close, is_established, PREDICT_OPEN, row, TLZ_ESTABLISHED_US);
    b->lacks_open |= is_established && !tlz_fieldset_has(present, TLZ_OPEN_US);
}

static void append_state(struct rows_builder *b, const struct tlz_fieldset *present,
                         const uint64_t *row)
{
    append(&b->column[TLZ_TIME_US], true, PREDICT_PREVIOUS, row, TLZ_TIME_US);
    append(&b->column[TLZ_IN_OLD_US], tlz_fieldset_has(present, TLZ_IN_OLD_US), PREDICT_NONE, row,
           TLZ_IN_OLD_US);
}

/* For the key that stands behind the last entry, which becomes an entry when it is new: its number.
 */
static uint32_t intern_last_key(struct tuple_table *t)
{
    const uint8_t *key = tuple_key(t, t->count);
    uint32_t slot = (uint32_t)XXH3_64bits_withSeed(key, t->key_size, t->seed) & (SLOTS - 1);

    while (t->slots[slot]) {
        if (!memcmp(tuple_key(t, t->slots[slot] - 1u), key, t->key_size))
            return t->slots[slot] - 1u;
        slot = (slot + 1) & (SLOTS - 1);
    }
    t->slots[slot] = (uint16_t)(t->count + 1);
    return t->count++;
}

/* Makes entries of the keys, those that others lead to first. */
static void intern_keys(struct rows_builder *b, struct place *p)
{
    const struct tlz_kind_info *kind = &tlz_kinds[b->kind];
    uint64_t code[TLZ_TABLE_COUNT];

    for (enum tlz_table table = kind->tables - 1; table > TLZ_TABLE_ROWS; table--) {
        struct tuple_table *t = &b->tuples[table];
        uint32_t before = t->count, entry = intern_last_key(t);

        code[table] = entry == before ? 0 : (uint64_t)entry + 1;
        for (enum tlz_table child = table + 1; entry == before && child < kind->tables; child++)
            if (kind->parent[child] == table)
                b->index[child][entry] = code[child];
        if (kind->parent[table] == TLZ_TABLE_ROWS) {
            b->index[table][b->rows] = code[table];
        } else {
            memcpy(p->key[kind->parent[table]], &entry, sizeof entry);
            p->key[kind->parent[table]] += sizeof entry;
        }
    }
}

static void note_time(struct rows_builder *b, uint64_t us)
{
    if (!b->rows || unix_us(b, us) < unix_us(b, b->time_min_us))
        b->time_min_us = us;
    if (!b->rows || unix_us(b, us) > unix_us(b, b->time_max_us))
        b->time_max_us = us;
}

int rows_builder_add(struct rows_builder *b, const struct tlz_row *row)
{
    const struct tlz_kind_info *kind = &tlz_kinds[b->kind];
    const bool is_session = b->kind == TLZ_SESSIONS;
    struct stored s = {.row = row, .present = row->present};
    struct place p;

    if (!has_required(b->kind, row))
        return -EINVAL;
    if (is_session)
        store_ports(&s);
    if (!check_times(b, &s))
        return -EINVAL;
    p.over = 0;
    begin_keys(b, &s, &p);
    if (is_session)
        put_session_fields(&s, &p);
    else
        put_state_fields(&s, &p);
    if (p.over)
        return -EINVAL;
    if (is_session) {
        append_session(b, &s.present, p.row);
        ranges_add_session(&b->ranges, &s.present, row);
    } else {
        append_state(b, &s.present, p.row);
    }
    intern_keys(b, &p);
    note_time(b, p.row[kind->time]);
    b->rows++;
    return 0;
}

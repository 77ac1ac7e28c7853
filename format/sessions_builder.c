/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/sessions_builder.h"

#include <xxhash.h>

#define SLOTS (2 * TLZ_ROWS_MAX) /* a power of two; the hash table is at most half full */

static int tuple_table_open(struct tuple_table *t, enum tlz_table table)
{
    uint32_t size = sizeof(uint64_t);

    for (uint64_t number = 1; number <= TLZ_FIELD_NUMBER_MAX; number++) {
        enum tlz_field f = tlz_field_by_number(number);

        if (f == TLZ_FIELD_COUNT || tlz_fields[f].table != table)
            continue;
        t->member[t->members] = f;
        t->offset[t->members++] = (uint16_t)size;
        size += tlz_type_is_bytes(tlz_fields[f].type) ? sizeof(struct tlz_bytes) : sizeof(uint64_t);
    }
    t->key_size = size;
    t->keys = calloc(TLZ_ROWS_MAX, size);
    t->slots = calloc(SLOTS, sizeof *t->slots);
    return t->keys && t->slots ? 0 : -ENOMEM;
}

int sessions_builder_open(struct sessions_builder *b)
{
    *b = (struct sessions_builder){0};
    TLZ_FOREACH_FIELD(f) {
        if (!field_is_row_integer(f))
            continue;
        b->value[f] = calloc(TLZ_ROWS_MAX, sizeof *b->value[f]);
        b->present[f] = calloc(BITMAP_WORDS(TLZ_ROWS_MAX), sizeof *b->present[f]);
        if (!b->value[f] || !b->present[f])
            return -ENOMEM;
    }
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < TLZ_TABLE_COUNT; table++) {
        b->index[table] = calloc(TLZ_ROWS_MAX, sizeof *b->index[table]);
        if (!b->index[table] || tuple_table_open(&b->tuples[table], table) < 0)
            return -ENOMEM;
    }
    return 0;
}

void sessions_builder_close(struct sessions_builder *b)
{
    TLZ_FOREACH_FIELD(f) {
        free(b->value[f]);
        free(b->present[f]);
    }
    for (enum tlz_table table = 0; table < TLZ_TABLE_COUNT; table++) {
        free(b->index[table]);
        free(b->tuples[table].keys);
        free(b->tuples[table].slots);
    }
    *b = (struct sessions_builder){0};
}

void sessions_builder_clear(struct sessions_builder *b)
{
    TLZ_FOREACH_FIELD(f) {
        if (b->present[f])
            memset(b->present[f], 0, BITMAP_WORDS(b->rows) * sizeof *b->present[f]);
    }
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < TLZ_TABLE_COUNT; table++) {
        if (b->tuples[table].count)
            memset(b->tuples[table].slots, 0, SLOTS * sizeof *b->tuples[table].slots);
        b->tuples[table].count = 0;
    }
    b->rows = 0;
}

/*
 * A session as it is stored: derived fields left out, `service` from the direction, and the port of
 * the side that listened only as `service`.
 */
struct stored {
    const struct tlz_session *session;
    struct tlz_fieldset present;
    uint64_t service;
};

static void store_ports(struct stored *s)
{
    const struct tlz_session *session = s->session;
    uint64_t direction = tlz_session_has(session, TLZ_DIRECTION) ? session->value[TLZ_DIRECTION].u
                                                                 : TLZ_DIRECTION_UNKNOWN;
    enum tlz_field port = direction == TLZ_DIRECTION_IN ? TLZ_LPORT : TLZ_RPORT;

    tlz_fieldset_remove(&s->present, TLZ_SERVICE);
    if (direction != TLZ_DIRECTION_IN && direction != TLZ_DIRECTION_OUT)
        return;
    tlz_fieldset_add(&s->present, TLZ_SERVICE);
    tlz_fieldset_remove(&s->present, port);
    s->service = session->value[port].u;
}

static bool session_is_valid(const struct tlz_session *s)
{
    static const enum tlz_field required[] = {TLZ_CLOSE_US, TLZ_LADDR, TLZ_LPORT, TLZ_RADDR,
                                              TLZ_RPORT};

    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (!tlz_session_has(s, required[i]))
            return false;
    }
    TLZ_FOREACH_FIELD(f) {
        if (tlz_session_has(s, f) && tlz_fields[f].number &&
            !tlz_type_is_bytes(tlz_fields[f].type) && s->value[f].u > tlz_fields[f].max)
            return false;
    }
    return true;
}

static void add_row_integers(struct sessions_builder *b, const struct stored *s)
{
    TLZ_FOREACH_FIELD(f) {
        if (!field_is_row_integer(f))
            continue;
        if (tlz_fieldset_has(&s->present, f)) {
            b->value[f][b->rows] = s->session->value[f].u;
            bitmap_set(b->present[f], b->rows);
        } else {
            b->value[f][b->rows] = 0;
        }
    }
}

static void build_key(const struct tuple_table *t, const struct stored *s, uint8_t *ret_key)
{
    uint64_t present = 0;

    memset(ret_key, 0, t->key_size);
    for (uint32_t m = 0; m < t->members; m++) {
        enum tlz_field f = t->member[m];
        const union tlz_value *value = &s->session->value[f];

        if (!tlz_fieldset_has(&s->present, f))
            continue;
        present |= UINT64_C(1) << m;
        if (tlz_type_is_bytes(tlz_fields[f].type))
            memcpy(ret_key + t->offset[m], &value->bytes, sizeof value->bytes);
        else
            memcpy(ret_key + t->offset[m], f == TLZ_SERVICE ? &s->service : &value->u,
                   sizeof value->u);
    }
    memcpy(ret_key, &present, sizeof present);
}

/* The number of the entry equal to the key that stands behind the last entry; it becomes an entry
 * when it is new. */
static uint32_t intern_last_key(struct tuple_table *t)
{
    const uint8_t *key = tuple_key(t, t->count);
    uint32_t slot = (uint32_t)XXH3_64bits(key, t->key_size) & (SLOTS - 1);

    while (t->slots[slot]) {
        uint32_t entry = t->slots[slot] - 1u;

        if (!memcmp(tuple_key(t, entry), key, t->key_size))
            return entry;
        slot = (slot + 1) & (SLOTS - 1);
    }
    t->slots[slot] = (uint16_t)(t->count + 1);
    return t->count++;
}

int sessions_builder_add(struct sessions_builder *b, const struct tlz_session *session)
{
    struct stored s = {.session = session, .present = session->present};
    uint64_t close_us;

    if (!session_is_valid(session))
        return -EINVAL;
    store_ports(&s);
    add_row_integers(b, &s);
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < TLZ_TABLE_COUNT; table++) {
        struct tuple_table *t = &b->tuples[table];

        build_key(t, &s, t->keys + (size_t)t->count * t->key_size);
        b->index[table][b->rows] = intern_last_key(t);
    }
    close_us = session->value[TLZ_CLOSE_US].u;
    b->close_min_us = !b->rows || close_us < b->close_min_us ? close_us : b->close_min_us;
    b->close_max_us = !b->rows || close_us > b->close_max_us ? close_us : b->close_max_us;
    b->rows++;
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/ranges.h"

#include "format/derive_row.h"
#include "format/error.h"
#include "format/predictor.h"
#include "format/rows_block.h"

#define IS_SET 1u /* bit of a field's number on disk */

/* Flipped, it makes unsigned numbers two's complement ones of the same order. */
#define SIGN (UINT64_C(1) << 63)

static const uint8_t mark[] = {0xf4, 'T', 'L', 'R'};

/*
 * X(ID, number, made): what is not stored, its number on disk, and how it is made of a session of
 * which `present` is what is stored: 1 and *ret, or 0 when there is none.
 */
#define DERIVED(X)                                                                                 \
    X(MS, 1024, row_lifespan(present, session, ret))                                               \
    X(TX_PAYLOAD_BYTES, 1025, row_rest(present, session, TLZ_SENT_BYTES, TLZ_RETRANS_BYTES, ret))  \
    X(RX_PAYLOAD_BYTES, 1026, row_rest(present, session, TLZ_RX_BYTES, TLZ_FIN_RECEIVED, ret))

static const struct {
    enum tlz_field field;
    uint16_t number;
} derived[] = {
#define X(id, number, made) {TLZ_##id, number},
    DERIVED(X)
#undef X
};

#define DERIVED_COUNT (sizeof derived / sizeof *derived)

/* What measures something: numbers that name something lie all over, in every block. */
static inline bool is_measure(enum tlz_type type)
{
    return type == TLZ_TYPE_BYTES || type == TLZ_TYPE_COUNT || type == TLZ_TYPE_DURATION ||
           type == TLZ_TYPE_BOOL;
}

/* The number on disk; 0 = a field of which no range is kept. */
static uint32_t number_of(enum tlz_field f)
{
    for (size_t i = 0; i < DERIVED_COUNT; i++)
        if (derived[i].field == f)
            return derived[i].number;
    return is_measure(tlz_fields[f].type) || tlz_fields[f].type == TLZ_TYPE_ENUM
               ? tlz_fields[f].number
               : 0;
}

static enum tlz_field field_of(enum tlz_kind kind, uint64_t number)
{
    enum tlz_field f = tlz_field_by_number(number);

    for (size_t i = 0; i < DERIVED_COUNT; i++)
        if (derived[i].number == number)
            f = derived[i].field;
    if (f == TLZ_FIELD_COUNT || !number_of(f) || !tlz_fieldset_has(&tlz_kinds[kind].fields, f))
        return TLZ_FIELD_COUNT;
    return f;
}

static bool is_enumeration(enum tlz_field f)
{
    return tlz_fields[f].type == TLZ_TYPE_ENUM;
}

bool tlz_ranges_measure(enum tlz_field field)
{
    return number_of(field) != 0 && !is_enumeration(field);
}

static const struct tlz_range nothing = {.least = UINT64_MAX};

void ranges_clear(struct tlz_ranges *ranges)
{
    TLZ_FOREACH_FIELD(f)
        ranges->field[f] = nothing;
}

/* Without a branch, since whether a row has a value is as good as random. */
static inline void widen(struct tlz_range *range, bool has, uint64_t value)
{
    uint64_t low = has ? value : UINT64_MAX, high = has ? value : 0;

    range->least = low < range->least ? low : range->least;
    range->greatest = high > range->greatest ? high : range->greatest;
}

static void widen_set(struct tlz_range *range, uint64_t value)
{
    range->set |= UINT64_C(1) << (value < 63 ? value : 63);
}

static void widen_any(struct tlz_ranges *ranges, enum tlz_field f, uint64_t value)
{
    if (is_enumeration(f))
        widen_set(&ranges->field[f], value);
    else
        widen(&ranges->field[f], true, value);
}

static inline __attribute__((always_inline)) void add_field(struct tlz_ranges *ranges,
                                                            const struct tlz_fieldset *present,
                                                            const struct tlz_row *row,
                                                            enum tlz_field f, bool is_kept)
{
    if (is_kept)
        widen(&ranges->field[f], tlz_fieldset_has(present, f), row->value[f].u);
}

static inline void add_derived(struct tlz_ranges *ranges, const struct tlz_fieldset *present,
                               const struct tlz_row *session)
{
    uint64_t value, has, *ret = &value;

#define X(id, number, made)                                                                        \
    has = made;                                                                                    \
    widen(&ranges->field[TLZ_##id], has, value);
    DERIVED(X)
#undef X
}

/* Of TLZ_TABLE_ROWS, what is stored as the difference to what is expected; add_columns() and
 * add_table() take the others from where they are stored. */
void ranges_add_session(struct tlz_ranges *ranges, const struct tlz_fieldset *present,
                        const struct tlz_row *session)
{
#define X(id, name, number, type, enumeration, max, table, predictor, help)                        \
    add_field(ranges, present, session, TLZ_##id,                                                  \
              (number) != 0 && TLZ_TABLE_##table == TLZ_TABLE_ROWS &&                              \
                  is_measure(TLZ_TYPE_##type) && PREDICT_##predictor != PREDICT_NONE);
    TLZ_FIELDS(X)
#undef X
    add_derived(ranges, present, session);
}

/* Of the columns that hold values as they are, and not what is left of them. */
static void add_columns(struct tlz_ranges *ranges, const struct rows_builder *b)
{
    TLZ_FOREACH_FIELD(f) {
        int64_t least, greatest;

        if (!kind_has_row_integer(b->kind, f) || !is_measure(tlz_fields[f].type) ||
            field_predictors[f] != PREDICT_NONE)
            continue;
        column_range(b->column[f].values, row_column_count(&b->column[f]), SIGN, &least, &greatest);
        ranges->field[f] = (struct tlz_range){(uint64_t)least ^ SIGN, (uint64_t)greatest ^ SIGN, 0};
    }
}

static void add_table(struct tlz_ranges *ranges, const struct tuple_table *t)
{
    for (uint32_t m = 0; m < t->members; m++) {
        const struct tuple_member *member = &t->member[m];

        for (uint32_t entry = 0; number_of(member->field) && entry < t->count; entry++)
            if (tuple_has(t, entry, member->field))
                widen_any(ranges, member->field, tuple_integer(t, entry, member));
    }
}

static bool is_known(const struct tlz_range *range)
{
    return range->set || range->least <= range->greatest;
}

static void put_field(enum tlz_field f, const struct tlz_range *range, struct wire_buffer *body)
{
    wire_put_varint(body, 2 * number_of(f) + (range->set ? IS_SET : 0));
    wire_put_varint(body, range->set ? range->set : range->least);
    if (!range->set)
        wire_put_varint(body, range->greatest - range->least);
}

void ranges_put(const struct rows_builder *b, struct wire_buffer *body)
{
    struct tlz_ranges all = b->ranges;
    uint32_t count = 0;

    if (b->rows < TLZ_RANGES_ROWS)
        return;
    add_columns(&all, b);
    for (enum tlz_table table = TLZ_TABLE_ROWS + 1; table < tlz_kinds[b->kind].tables; table++)
        add_table(&all, &b->tuples[table]);
    TLZ_FOREACH_FIELD(f)
        count += is_known(&all.field[f]);
    wire_put(body, mark, sizeof mark);
    wire_put_varint(body, count);
    TLZ_FOREACH_FIELD(f)
        if (is_known(&all.field[f]))
            put_field(f, &all.field[f], body);
}

/* One field, of which *ret is told if it is one that is known here. False when it is none. */
static bool read_field(enum tlz_kind kind, struct wire_cursor *c, struct tlz_ranges *ret)
{
    uint64_t key = wire_take_varint(c), a = wire_take_varint(c);
    uint64_t b = key & IS_SET ? 0 : wire_take_varint(c);
    enum tlz_field f = field_of(kind, key / 2);

    if (c->bad || a + b < a)
        return false;
    if (f == TLZ_FIELD_COUNT || is_enumeration(f) != (key & IS_SET))
        return true;
    if (is_known(&ret->field[f]))
        return false;
    ret->field[f] = key & IS_SET ? (struct tlz_range){.least = UINT64_MAX, .set = a}
                                 : (struct tlz_range){a, a + b, 0};
    return true;
}

bool tlz_ranges_read(enum tlz_kind kind, const uint8_t *body, size_t size, struct tlz_ranges *ret)
{
    struct wire_cursor c = {body, body + size, false};
    const uint8_t *found;
    uint64_t count;

    ranges_clear(ret);
    (void)wire_take(&c, ROWS_HEAD_SIZE - sizeof(uint32_t));
    (void)wire_take(&c, wire_take32(&c));
    found = wire_take(&c, sizeof mark);
    if (c.bad || memcmp(found, mark, sizeof mark) != 0)
        return false;
    count = wire_take_varint(&c);
    for (uint64_t i = 0; i < count; i++)
        if (!read_field(kind, &c, ret))
            return false;
    return true;
}

int ranges_check(const struct tlz_ranges *ranges, const struct tlz_batch *batch)
{
    TLZ_FOREACH_FIELD(f) {
        const struct tlz_range *told = &ranges->field[f];
        struct tlz_ranges found;

        if (!is_known(told))
            continue;
        found.field[f] = nothing;
        for (uint32_t row = 0; batch->column[f].u && row < batch->rows; row++)
            if (tlz_batch_has(batch, f, row))
                widen_any(&found, f, batch->column[f].u[row]);
        if (found.field[f].set != told->set || found.field[f].least != told->least ||
            found.field[f].greatest != told->greatest)
            return -TLZ_E_RANGES;
    }
    return 0;
}

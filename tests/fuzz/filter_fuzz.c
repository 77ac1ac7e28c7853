/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Expressions of --filter: a byte for the kind of rows and whether there are others, the text, NUL,
 * and what rows are made of. What is wrong has a place in the text. What is taken lets through the
 * same rows with the fields alone that it names, none outside of the times that it tells, and, with
 * a `not` before it, the others. The text as a time (--since), too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "format/block.h"
#include "fuzz.h"
#include "fuzz_bytes.h"
#include "report/capture/captures.h"
#include "report/filter/expression.h"
#include "util/time_text.h"

#define ROWS  150
#define WORDS ((ROWS + 63) / 64)

struct values {
    uint64_t u[TLZ_FIELD_COUNT][ROWS];
    struct tlz_bytes bytes[TLZ_FIELD_COUNT][ROWS];
    uint64_t present[TLZ_FIELD_COUNT][WORDS];
};

static uint64_t random_number(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    return z ^ z >> 31;
}

/* Small ones and great ones. */
static uint64_t random_integer(uint64_t *seed, enum tlz_field field)
{
    uint64_t number = random_number(seed);

    return number >> (number % 64) & tlz_fields[field].max;
}

static struct tlz_bytes random_bytes(uint64_t *seed, enum tlz_field field)
{
    static const uint8_t v4[4] = {10, 0, 0, 1};
    uint64_t number = random_number(seed);
    struct tlz_bytes bytes = {{0}};

    if (tlz_fields[field].type == TLZ_TYPE_NAME)
        memcpy(bytes.b, "nginx: a*\\b\xff", number % 13);
    else if (number % 2)
        tlz_address_from_v4(&bytes, v4);
    bytes.b[number % 16] ^= (uint8_t)(number >> 8 & 3);
    return bytes;
}

static void fill_column(struct values *values, struct tlz_batch *batch, enum tlz_field field,
                        uint64_t *seed)
{
    bool is_bytes = tlz_type_is_bytes(tlz_fields[field].type);
    uint64_t way = random_number(seed) % 4;

    for (size_t i = 0; i < ROWS; i++) {
        if (is_bytes)
            values->bytes[field][i] = random_bytes(seed, field);
        else
            values->u[field][i] = random_integer(seed, field);
    }
    for (size_t w = 0; w < WORDS; w++)
        values->present[field][w] = random_number(seed);
    if (way == 0 && field != tlz_kinds[batch->kind].time)
        return;
    batch->column[field] = (struct tlz_column){
        .u = is_bytes ? NULL : values->u[field],
        .bytes = is_bytes ? values->bytes[field] : NULL,
        .present = way == 1 || field == tlz_kinds[batch->kind].time ? NULL : values->present[field],
    };
}

static void fill(struct values *values, struct tlz_batch *batch, uint64_t seed)
{
    batch->rows = 1 + (uint32_t)(random_number(&seed) % ROWS);
    for (size_t i = 0; i < tlz_kinds[batch->kind].count; i++)
        fill_column(values, batch, tlz_kinds[batch->kind].order[i], &seed);
}

static bool bit(const uint64_t *bits, uint32_t row)
{
    return bits[row / 64] >> (row % 64) & 1;
}

static void check_rows(struct expression *e, const struct tlz_batch *batch, uint64_t *ret)
{
    const uint64_t *bits = expression_rows(e, batch);
    const uint64_t *times = batch->column[tlz_kinds[batch->kind].time].u;
    uint64_t from_us = 0, to_us = UINT64_MAX;

    memcpy(ret, bits, (batch->rows + 63) / 64 * sizeof *ret);
    expression_window(e, &from_us, &to_us);
    for (uint32_t row = 0; row < batch->rows; row++)
        assert(!bit(ret, row) || (times[row] >= from_us && times[row] <= to_us));
    assert(batch->rows % 64 == 0 || !(ret[batch->rows / 64] >> (batch->rows % 64)));
}

static void check_selected(struct expression *e, const struct tlz_batch *batch,
                           const uint64_t *wanted)
{
    struct tlz_batch selected = *batch;
    struct tlz_fieldset fields = {0};

    expression_add_fields(e, &fields);
    TLZ_FOREACH_FIELD(f) {
        if (!tlz_fieldset_has(&fields, f))
            selected.column[f] = (struct tlz_column){0};
        assert(!tlz_fieldset_has(&fields, f) ||
               tlz_fieldset_has(&tlz_kinds[batch->kind].fields, f));
    }
    assert(!memcmp(expression_rows(e, &selected), wanted, (batch->rows + 63) / 64 * 8));
}

/* A limit may be reached by what stands around the text. */
static void check_not(const char *text, const struct tlz_batch *batch, unsigned int kinds,
                      const uint64_t *wanted)
{
    struct expression_error error;
    struct expression *e;
    char *other = malloc(strlen(text) + 8);
    const uint64_t *bits;
    int r;

    assert(other);
    sprintf(other, "not (%s)", text);
    r = expression_compile(&e, batch->kind, kinds, other, &error);
    free(other);
    if (r == -EINVAL) {
        assert(strstr(error.text, "too deep") || strstr(error.text, "longer than"));
        return;
    }
    assert(r == 0);
    bits = expression_rows(e, batch);
    for (uint32_t row = 0; row < batch->rows; row++)
        assert(bit(bits, row) != bit(wanted, row));
    expression_free(e);
}

static void check_expression(const char *text, enum tlz_kind kind, unsigned int kinds,
                             uint64_t seed)
{
    static struct values values;
    struct tlz_batch batch = {.kind = kind};
    struct expression_error error;
    struct expression *e = NULL;
    uint64_t wanted[WORDS] = {0};
    int r = expression_compile(&e, kind, kinds, text, &error);

    if (r < 0) {
        assert(r == -EINVAL && !e && error.text[0]);
        assert(error.at <= strlen(text) && error.size <= strlen(text) - error.at);
        return;
    }
    fill(&values, &batch, seed);
    check_rows(e, &batch, wanted);
    check_selected(e, &batch, wanted);
    check_not(text, &batch, kinds, wanted);
    expression_free(e);
}

static void check_time(const char *text)
{
    struct typed_time t;
    uint64_t us = 7;
    int r = parse_time(text, &t);

    assert(r == 0 || r == -EINVAL || r == -ERANGE || r == -EDOM);
    assert((parse_instant(text, &us) == 0) == (r == 0 && t.kind == TYPED_INSTANT));
    if (r == 0 && t.kind == TYPED_INSTANT)
        assert(us == t.unix_us && us <= UINT64_C(253402387200000000));
    if (r == 0 && t.kind != TYPED_AGO)
        assert(t.of_day_us < UINT64_C(86400000000));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes rows;
    enum tlz_kind kind;
    char *text;

    if (size == 0)
        return 0;
    text = malloc(size);
    assert(text);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    rows = (struct fuzz_bytes){data + 1 + strlen(text), data + size};
    kind = data[0] & 1 ? TLZ_STATES : TLZ_SESSIONS;
    check_expression(text, kind, data[0] & 2 ? ~0u : KIND_BIT(kind), fuzz_take64(&rows));
    check_time(text);
    free(text);
    return 0;
}

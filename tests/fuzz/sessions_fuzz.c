/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The body of a block of sessions, past its checksum: two bytes are the number of sessions, the
 * rest is the body. What it decodes to can be written again, and comes back the same.
 */
#include "format/error.h"
#include "format/rows_block.h"
#include "fuzz.h"
#include "fuzz_row.h"

#define LEVEL 1 /* of zstd: this is not about how small it gets */

static struct rows_builder *builder[TLZ_KINDS];
static struct rows_encoder *encoder;
static struct rows_decoder *decoder, *second;

static void open_once(void)
{
    if (encoder)
        return;
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        builder[kind] = rows_builder_new(kind);
        assert(builder[kind]);
    }
    assert(rows_encoder_open(&encoder, LEVEL) == 0);
    assert(rows_decoder_open(&decoder) == 0 && rows_decoder_open(&second) == 0);
}

static int decode(struct rows_decoder *d, enum tlz_kind kind, const uint8_t *body, size_t size,
                  uint32_t rows, struct tlz_batch *ret)
{
    struct tlz_fieldset all;

    memset(&all, 0xff, sizeof all);
    return rows_decode(d, kind, body, size, rows, &all, ret);
}

static void check_values(enum tlz_kind kind, const struct tlz_row *s)
{
    TLZ_FOREACH_FIELD(f) {
        if (tlz_row_has(s, f))
            assert(tlz_fieldset_has(&tlz_kinds[kind].fields, f));
        if (tlz_row_has(s, f) && tlz_fields[f].number && tlz_fields[f].type != TLZ_TYPE_TIME &&
            !tlz_type_is_bytes(tlz_fields[f].type))
            assert(s->value[f].u <= tlz_fields[f].max);
    }
    assert(tlz_row_has(s, tlz_kinds[kind].time) && tlz_row_has(s, TLZ_LADDR));
    assert(tlz_row_has(s, TLZ_RADDR) && tlz_row_has(s, TLZ_LPORT));
    assert(tlz_row_has(s, TLZ_RPORT));
}

static void check_written(const struct tlz_batch *batch)
{
    struct rows_builder *b = builder[batch->kind];
    struct wire_buffer body = {0};
    struct tlz_row before, after;
    struct tlz_ranges ranges;
    struct tlz_batch again;

    rows_builder_clear(b);
    b->clock = batch->clock;
    for (uint32_t row = 0; row < batch->rows; row++) {
        tlz_batch_row(batch, row, &before);
        check_values(batch->kind, &before);
        assert(rows_builder_add(b, &before) == 0);
    }
    assert(rows_encode(encoder, b, &body) == 0);
    assert(decode(second, batch->kind, body.data, body.size, batch->rows, &again) == 0);
    if (tlz_ranges_read(batch->kind, body.data, body.size, &ranges))
        assert(ranges_check(&ranges, &again) == 0);
    for (uint32_t row = 0; row < batch->rows; row++) {
        tlz_batch_row(batch, row, &before);
        row_as_stored(batch->kind, &before);
        tlz_batch_row(&again, row, &after);
        check_same_row(batch->kind, &before, &after);
    }
    wire_free(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tlz_batch batch;
    enum tlz_kind kind;
    uint32_t rows;
    uint64_t unknown;
    int r;

    if (size < 2)
        return 0;
    open_once();
    /* The lower 15 bits are the number of rows, the one above it the kind. */
    rows = (wire_load16(data) & 0x7fff) % (TLZ_ROWS_MAX + 1);
    kind = wire_load16(data) >> 15 ? TLZ_STATES : TLZ_SESSIONS;
    r = decode(decoder, kind, data + 2, size - 2, rows, &batch);
    assert(r == 0 || r == -TLZ_E_SYNTAX || r == -TLZ_E_LIMIT || r == -TLZ_E_ZSTD ||
           r == -TLZ_E_NEWER);
    for (int i = 0; rows_decoder_unknown(decoder, &unknown); i++)
        assert(i < (int)TLZ_COLUMNS_MAX);
    if (r == 0)
        check_written(&batch);
    return 0;
}

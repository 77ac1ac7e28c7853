/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/decoder.h"

#include "format/block_header.h"
#include "format/error.h"
#include "format/rows_block.h"

struct tlz_decoder {
    struct rows_decoder *rows;
    struct tlz_item item; /* the block */
    struct tlz_batch batch;
    uint8_t *body;
    size_t size, capacity;
};

int tlz_decoder_open(struct tlz_decoder **ret)
{
    struct tlz_decoder *d = calloc(1, sizeof *d);
    int error;

    if (!d)
        return -ENOMEM;
    error = rows_decoder_open(&d->rows);
    if (error < 0) {
        free(d);
        return error;
    }
    *ret = d;
    return 0;
}

struct tlz_decoder *tlz_decoder_free(struct tlz_decoder *d)
{
    if (d) {
        rows_decoder_free(d->rows);
        free(d->body);
        free(d);
    }
    return NULL;
}

int tlz_decoder_take(struct tlz_decoder *d, const struct tlz_item *item)
{
    size_t size = item->stored - BLOCK_HEADER_SIZE;

    if (size > d->capacity) {
        free(d->body);
        d->capacity = 0;
        d->body = malloc(size);
        if (!d->body)
            return -ENOMEM;
        d->capacity = size;
    }
    memcpy(d->body, item->deferred, size);
    d->size = size;
    d->item = *item;
    d->item.deferred = NULL;
    d->batch = *item->batch;
    return 0;
}

int tlz_decoder_run(struct tlz_decoder *d, const struct tlz_fieldset fields[TLZ_KINDS],
                    struct tlz_item *ret)
{
    enum tlz_kind kind = d->batch.kind;
    int error =
        rows_decode(d->rows, kind, d->body, d->size, d->batch.rows, &fields[kind], &d->batch);

    if (error < 0 && !tlz_error_is_damage(error))
        return error;
    d->batch.source = d->item.source;
    d->item.batch = &d->batch;
    *ret = d->item;
    if (error < 0) {
        ret->kind = TLZ_ITEM_DAMAGE;
        ret->damage = (struct tlz_damage){.error = error, .size = d->item.stored};
    }
    return 1;
}

bool tlz_decoder_unknown(struct tlz_decoder *d, struct tlz_reader *reader, struct tlz_item *ret)
{
    uint64_t number;

    while (rows_decoder_unknown(d->rows, &number)) {
        if (!tlz_reader_tells_column(reader, number))
            continue;
        *ret = (struct tlz_item){.kind = TLZ_ITEM_UNKNOWN,
                                 .offset = d->item.offset,
                                 .source = d->item.source,
                                 .unknown = {.column = true, .number = number}};
        return true;
    }
    return false;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "report/anonymize/anonymizer.h"
#include "report/anonymize/anonymizer_keys.h"
#include "report/anonymize/anonymizer_state.h"

void anonymous_rows_close(struct anonymous_rows *rows)
{
    TLZ_FOREACH_FIELD(f)
        free(rows->columns[f]);
    *rows = (struct anonymous_rows){0};
}

/* The column's own place for as many rows; made when it is needed. NULL when memory is out. */
static void *make_column(struct anonymous_rows *rows, enum tlz_field f)
{
    if (!rows->columns[f])
        rows->columns[f] =
            calloc(rows->rows, tlz_type_is_bytes(tlz_fields[f].type) ? sizeof(struct tlz_bytes)
                                                                     : sizeof(uint64_t));
    return rows->columns[f];
}

/* More rows than ever before have columns made anew. */
static void make_room(struct anonymous_rows *rows, uint32_t count)
{
    if (count <= rows->rows)
        return;
    anonymous_rows_close(rows);
    rows->rows = count;
}

static int replace_column(struct anonymous_rows *rows, struct anonymizer_keys *keys,
                          const struct tlz_batch *batch, enum tlz_field f, const uint32_t *row,
                          uint32_t count)
{
    const struct tlz_column *from = &batch->column[f];
    struct tlz_column *to = &rows->batch.column[f];
    struct tlz_bytes *bytes = make_column(rows, f);
    uint64_t *numbers = (uint64_t *)bytes;

    if (!bytes)
        return -ENOMEM;
    for (uint32_t i = 0; i < count; i++) {
        union tlz_value value = {.bytes = {{0}}};

        if (!tlz_batch_has(batch, f, row[i]))
            continue;
        if (from->bytes)
            value.bytes = from->bytes[row[i]];
        else
            value.u = from->u[row[i]];
        value = anonymous_value(keys, &anonymous_fields[f], value);
        if (from->bytes)
            bytes[row[i]] = value.bytes;
        else
            numbers[row[i]] = value.u;
    }
    to->bytes = from->bytes ? bytes : NULL;
    to->u = from->bytes ? NULL : numbers;
    return 0;
}

int anonymous_rows_make(struct anonymous_rows *ret, struct anonymizer *a,
                        const struct tlz_batch *batch, const uint32_t *row, uint32_t count)
{
    int r = 0;

    make_room(ret, batch->rows);
    ret->batch = *batch;
    ret->batch.clock.boot_us = 0;
    ret->batch.clock.real_us = 0;
    TLZ_FOREACH_FIELD(f)
        if (r == 0 && anonymous_fields[f].how != ANONYMOUS_KEPT &&
            (batch->column[f].u || batch->column[f].bytes))
            r = replace_column(ret, &a->keys, batch, f, row, count);
    return r;
}

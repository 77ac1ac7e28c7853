/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/row.h"

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

void tlz_address_from_v4(struct tlz_bytes *ret, const uint8_t v4[4])
{
    memcpy(ret->b, mapped_prefix, sizeof mapped_prefix);
    memcpy(ret->b + sizeof mapped_prefix, v4, 4);
}

int tlz_address_family(const struct tlz_bytes *address)
{
    return memcmp(address->b, mapped_prefix, sizeof mapped_prefix) ? 6 : 4;
}

bool tlz_clock_equal(const struct tlz_clock *a, const struct tlz_clock *b)
{
    return a->boot_us == b->boot_us && a->real_us == b->real_us &&
           a->uncertainty_us == b->uncertainty_us && a->status == b->status;
}

void tlz_batch_row(const struct tlz_batch *batch, uint32_t row, struct tlz_row *ret)
{
    tlz_row_clear(ret);
    TLZ_FOREACH_FIELD(f) {
        const struct tlz_column *c = &batch->column[f];

        if (!tlz_batch_has(batch, f, row))
            continue;
        if (c->bytes)
            tlz_row_set_address(ret, f, c->bytes[row].b);
        else if (tlz_fields[f].type == TLZ_TYPE_TIME)
            tlz_row_set(ret, f, c->u[row] - batch->clock.real_us + batch->clock.boot_us);
        else
            tlz_row_set(ret, f, c->u[row]);
    }
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/file_check.h"

#include "format/error.h"

void file_check_close(struct file_check *c)
{
    index_check_close(&c->index);
}

static int check_totals(struct file_check *c, const struct checked_block *b)
{
    if (b->header->type == TLZ_BLOCK_END)
        return totals_check_end(&c->totals, b->meta);
    totals_check_block(&c->totals, b->header, &b->item->loss);
    return 0;
}

static int check_ranges(const struct checked_block *b)
{
    struct tlz_ranges ranges;

    if (b->item->kind != TLZ_ITEM_ROWS || b->has_unknown ||
        !tlz_ranges_read(b->batch->kind, b->body, b->header->stored, &ranges))
        return 0;
    return ranges_check(&ranges, b->batch);
}

int file_check_block(struct file_check *c, const struct checked_block *b)
{
    int index = index_check_block(&c->index, b->header, b->offset, b->body, b->batch, b->meta);
    int totals = check_totals(c, b), ranges = check_ranges(b);

    c->disagreement = index ? index : totals ? totals : ranges;
    c->at = b->offset;
    return c->disagreement == -ENOMEM ? -ENOMEM : 0;
}

bool file_check_take(struct file_check *c, struct tlz_item *ret)
{
    if (!c->disagreement)
        return false;
    *ret = (struct tlz_item){
        .kind = TLZ_ITEM_DAMAGE, .offset = c->at, .damage = {.error = c->disagreement}};
    c->disagreement = 0;
    return true;
}

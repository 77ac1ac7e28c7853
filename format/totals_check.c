/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/totals_check.h"

#include "format/error.h"

void totals_check_block(struct totals_check *c, const struct block_header *block,
                        const struct tlz_loss *loss)
{
    c->blocks++;
    if (block->type == TLZ_BLOCK_SESSIONS || block->type == TLZ_BLOCK_STATES)
        c->rows[block->type == TLZ_BLOCK_STATES ? TLZ_STATES : TLZ_SESSIONS] += block->rows;
    if (block->type == TLZ_BLOCK_LOSS || block->type == TLZ_BLOCK_STATES_LOSS)
        c->lost[loss->kind] += loss->count;
}

int totals_check_end(const struct totals_check *c, const struct tlz_metadata *end)
{
    const struct {
        enum tlz_meta_tag tag;
        uint64_t found;
    } totals[] = {
        {TLZ_META_SESSIONS, c->rows[TLZ_SESSIONS]},
        {TLZ_META_LOST, c->lost[TLZ_SESSIONS]},
        {TLZ_META_STATES, c->rows[TLZ_STATES]},
        {TLZ_META_STATES_LOST, c->lost[TLZ_STATES]},
        {TLZ_META_BLOCKS, c->blocks},
    };

    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) {
        uint64_t told;

        if (tlz_metadata_number(end, totals[i].tag, &told) && told != totals[i].found)
            return -TLZ_E_TOTALS;
    }
    return 0;
}

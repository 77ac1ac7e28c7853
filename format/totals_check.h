/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the end block of a file says how much there is in it, while its blocks are read. */
#ifndef TLZ_TOTALS_CHECK_H
#define TLZ_TOTALS_CHECK_H

#include "format/block.h"
#include "format/block_header.h"
#include "format/metadata.h"
#include "format/row.h"

/* Modulo 2^64, as writers count. Zeroed = nothing yet. */
struct totals_check {
    uint64_t rows[TLZ_KINDS];
    uint64_t lost[TLZ_KINDS];
    uint64_t blocks;
};

/* Counts a good block that is no end block; the loss is of a block of that type. */
void totals_check_block(struct totals_check *c, const struct block_header *block,
                        const struct tlz_loss *loss);

/* 0, or -TLZ_E_TOTALS when a total that the end block tells is another. */
int totals_check_end(const struct totals_check *c, const struct tlz_metadata *end);

#endif

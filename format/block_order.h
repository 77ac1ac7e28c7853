/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the blocks of a file are all there, and in order: docs/FORMAT.md, sections 2 and 4. */
#ifndef TLZ_BLOCK_ORDER_H
#define TLZ_BLOCK_ORDER_H

#include "format/block_header.h"
#include "format/index_block.h"
#include "format/reader.h"

#define FILE_SOURCE 0 /* of blocks that speak of the file itself */

/* What is remembered of a source. */
struct block_source {
    bool described;    /* its metadata was seen */
    bool missed;       /* ... or missed, and said to be */
    uint64_t sequence; /* of its next block */
};

struct block_order {
    struct block_source *sources;
    uint32_t source_count;
    uint64_t blocks;  /* those found, and those known to be missing */
    bool late;        /* the block at hand stands behind where it belongs */
    bool ended;       /* the end block was seen */
    bool told_behind; /* ... and that something stands behind it was told */
    uint64_t missing; /* blocks that only the end block tells to be missing, not yet told */
};

void block_order_close(struct block_order *o);

/*
 * Looks at the next block. 1 and *ret when there is damage to tell before it (call again then): a
 * gap, a block out of order, a source without metadata; 0 when there is none (any more); or
 * -TLZ_E_ANOTHER when it begins another file; or -ENOMEM.
 */
int block_order_check(struct block_order *o, const struct block_header *b, struct tlz_damage *ret);

/* Counts the block that was looked at. */
void block_order_count(struct block_order *o, const struct block_header *b);

/* Counts the blocks of an entry of the index, which are stepped over. 0 or -ENOMEM. */
int block_order_skip(struct block_order *o, const struct index_entry *entry);

/* Notes the end block at hand, and what it says of the blocks before it. 0, or -TLZ_E_SYNTAX. */
int block_order_end(struct block_order *o, const struct block_header *b,
                    const struct tlz_metadata *end);

#endif

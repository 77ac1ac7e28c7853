/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the blocks of a file are, as blocks: docs/FORMAT.md, section 9. An index block lists the
 * blocks since the one before it; a greater one lists index blocks. Nothing needs it: it only saves
 * reading.
 */
#ifndef TLZ_INDEX_BLOCK_H
#define TLZ_INDEX_BLOCK_H

#include "format/block.h"
#include "format/wire.h"

#define INDEX_MIXED_SOURCE 0 /* of an entry for an index: its blocks are of several sources */

/* A block of the file, or, for an index block, all blocks that it lists, and those that they list.
 */
struct index_entry {
    uint64_t start;    /* where what it stands for begins: the block, or the first block beneath */
    uint64_t offset;   /* of the block in the file */
    uint64_t size;     /* of the block, header included */
    uint8_t type;      /* of the block */
    uint32_t source;   /* of the block; of an index: of all of its blocks, or INDEX_MIXED_SOURCE */
    uint64_t rows;     /* sessions */
    uint64_t first_us; /* least and greatest close_us, Unix times; 0 without rows */
    uint64_t last_us;
    uint64_t blocks;  /* of an index: those of other types beneath it; else 1 */
    uint64_t indexes; /* of an index: index blocks beneath it, and itself; else 0 */
    uint64_t types; /* of an index: bit t is set when there is a block of type t beneath it, 63 for
                       those of a greater type, too */
};

/* Appends the body of an index block with those entries, in the order of their offsets. */
void index_encode(const struct index_entry *entries, uint32_t count, struct wire_buffer *body);

/*
 * The entries of the index block at `offset`: 0, *ret_count and ret, which has room for
 * TLZ_INDEX_MAX, each behind the one before and all before `offset`; or -TLZ_E_SYNTAX,
 * -TLZ_E_LIMIT.
 */
int index_decode(const uint8_t *body, size_t size, uint64_t offset, struct index_entry *ret,
                 uint32_t *ret_count);

/* Adds what an entry has to the entry that stands for a whole index. */
void index_entry_add(struct index_entry *whole, const struct index_entry *entry);

#endif

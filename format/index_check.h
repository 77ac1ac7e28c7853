/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the index of a file says what its blocks are, while they are read one by one. */
#ifndef TLZ_INDEX_CHECK_H
#define TLZ_INDEX_CHECK_H

#include "format/block_header.h"
#include "format/index_writer.h"
#include "format/metadata.h"
#include "format/row.h"

struct index_check {
    bool over; /* more blocks than an index block can list, and none did */
    struct index_writer unlisted;
    struct index_entry *page; /* TLZ_INDEX_MAX of them: what an index block says */
};

void index_check_close(struct index_check *c);

/*
 * Takes the good block that begins at `offset`; the batch is of a block of sessions, the metadata
 * of an end block. 0, -TLZ_E_INDEX when it belongs to the index and says what is not so, or
 * -ENOMEM.
 */
int index_check_block(struct index_check *c, const struct block_header *block, uint64_t offset,
                      const uint8_t *body, const struct tlz_batch *batch,
                      const struct tlz_metadata *end);

#endif

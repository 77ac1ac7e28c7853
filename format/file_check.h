/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a file says the same twice, while its blocks are read: index, totals of the end and
 * ranges of blocks only repeat what is in the blocks. */
#ifndef TLZ_FILE_CHECK_H
#define TLZ_FILE_CHECK_H

#include "format/index_check.h"
#include "format/reader.h"
#include "format/totals_check.h"

struct file_check {
    bool on;
    struct index_check index;
    struct totals_check totals;
    int disagreement; /* not told yet, at that offset in the file; 0 = none */
    uint64_t at;
};

/* A good block that was read, and what was made of it. */
struct checked_block {
    const struct block_header *header;
    uint64_t offset;
    const uint8_t *body;
    const struct tlz_item *item;
    const struct tlz_batch *batch; /* of rows, all fields of them */
    bool has_unknown;              /* the last block of rows has columns that are not known */
    const struct tlz_metadata *meta;
};

void file_check_close(struct file_check *c);

/* Notes what it says otherwise. 0 or -ENOMEM. */
int file_check_block(struct file_check *c, const struct checked_block *block);

/* That something is said otherwise: true and its item, once. */
bool file_check_take(struct file_check *c, struct tlz_item *ret);

#endif

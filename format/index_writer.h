/* SPDX-License-Identifier: BSD-2-Clause */
/* What a writer remembers of the blocks that it wrote, until it stands in an index block. */
#ifndef TLZ_INDEX_WRITER_H
#define TLZ_INDEX_WRITER_H

#include "format/index_block.h"

/* More than a file of 2^64 bytes has. */
#define INDEX_LEVELS 7

/* Level 0 lists blocks, level n + 1 index blocks of level n. */
struct index_level {
    struct index_entry *entry; /* TLZ_INDEX_MAX of them; NULL before the first */
    uint32_t count;
};

struct index_writer {
    struct index_level level[INDEX_LEVELS];
};

void index_writer_close(struct index_writer *w);

/* Makes room for the first entry of a level. 0 or -ENOMEM. */
int index_writer_reserve(struct index_writer *w, uint32_t level);

/* Adds an entry, for which there is room. */
void index_writer_add(struct index_writer *w, uint32_t level, const struct index_entry *entry);

/*
 * Makes of a level's entries the body of an index block that will stand at `offset`, and *ret_entry
 * the one that stands for it in the level above. They stay until index_writer_clear().
 */
void index_writer_encode(const struct index_writer *w, uint32_t level, uint64_t offset,
                         struct wire_buffer *body, struct index_entry *ret_entry);

/* Forgets a level's entries. */
void index_writer_clear(struct index_writer *w, uint32_t level);

/* Whether a level above that one has entries. */
bool index_writer_has_above(const struct index_writer *x, uint32_t level);

#endif

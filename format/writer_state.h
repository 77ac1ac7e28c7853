/* SPDX-License-Identifier: BSD-2-Clause */
/* For the writer's own files: what it holds, and how a block is made. */
#ifndef TLZ_WRITER_STATE_H
#define TLZ_WRITER_STATE_H

#include "format/block_header.h"
#include "format/index_writer.h"
#include "format/rows_block.h"
#include "format/writer.h"

#define FILE_SOURCE 0 /* blocks that speak of the file itself */

struct tlz_writer {
    struct tlz_output output;
    struct rows_builder *builder[TLZ_KINDS]; /* NULL = no row of that kind came yet */
    uint32_t row_source[TLZ_KINDS];          /* of the rows in the builder */
    struct rows_encoder *encoder;
    struct wire_buffer block; /* header and body, so that one write carries both */
    uint32_t salt;            /* of all blocks */
    uint64_t *sequence;       /* next one of each source */
    uint32_t sources;         /* the file itself included */
    uint32_t sequence_capacity;
    struct index_writer index;
    struct tlz_writer_stats stats;
};

/* Leaves room for the header in front of the body, which is to be appended. */
struct wire_buffer *writer_begin_block(struct tlz_writer *w);

/* Writes the block whose body stands behind the room for its header. 0 or a negative error. */
int writer_put_block(struct tlz_writer *w, enum tlz_block_type type, uint32_t source,
                     uint32_t rows);

/* Writes a level of the index, which becomes an entry in the level above, where there is room. 0 or
 * a negative error. */
int writer_put_index(struct tlz_writer *w, uint32_t level);

/* Before a block is begun that the index will list: writes what is full of it. 0 or a negative
 * error. */
int writer_make_index_room(struct tlz_writer *w);

/*
 * As writer_put_block(), and notes the block in the index, where there is room. *entry tells its
 * source, and its rows and times where it has any.
 */
int writer_end_block(struct tlz_writer *w, enum tlz_block_type type, struct index_entry *entry);

/* For a block of that source that comes after the rows that were added before it: writes those, and
 * makes room in the index. 0, -EINVAL without such a source, or a negative error. */
int writer_prepare(struct tlz_writer *w, uint32_t source);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of the encoder, shared by its two parts: the columns of a block, and the block. */
#ifndef TLZ_ROWS_ENCODER_H
#define TLZ_ROWS_ENCODER_H

#include <zstd.h>

#include "format/block_logarithm.h"
#include "format/rows_block.h"

/* A bitmap that is already in the block. */
struct stored_bitmap {
    enum tlz_table table;
    uint64_t words[BITMAP_WORDS(TLZ_ROWS_MAX)];
};

struct rows_encoder {
    ZSTD_CCtx *zstd;
    int level;
    bool joint;
    struct wire_buffer directory; /* headers of the columns */
    struct wire_buffer data;
    uint32_t columns;
    int place[TLZ_FIELD_COUNT]; /* of a field's column, or NO_PLACE */
    uint32_t bitmaps;
    struct stored_bitmap bitmap[TLZ_FIELD_COUNT];
    uint64_t values[TLZ_ROWS_MAX];
    uint8_t lane[TLZ_ROWS_MAX];
    uint8_t lane_of[UINT16_MAX + 1]; /* by the low bits of a value: the lane that may have it */
    struct tlz_bytes bytes[TLZ_ROWS_MAX];
    uint8_t packed[TLZ_ROWS_MAX * sizeof(struct tlz_bytes)];
    uint8_t bits[LOGARITHM_BITS_MAX(TLZ_ROWS_MAX)];
};

/* Appends src to out, compressed where that makes it smaller; else false, and nothing is appended.
 */
bool put_compressed(struct rows_encoder *e, const void *src, size_t size, struct wire_buffer *out);

/* Writes every column to e->data and its header to e->directory. */
void rows_encode_columns(struct rows_encoder *e, const struct rows_builder *b, bool joint);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of a decoder of blocks of rows, shared by the parts that parse, decode and assemble.
 */
#ifndef TLZ_ROWS_DECODER_H
#define TLZ_ROWS_DECODER_H

#include <zstd.h>

#include "format/arena.h"
#include "format/rows_block.h"

#define NO_COLUMN (-1)

/* A column of the block at hand: what its header says, and its values once they are decoded. */
struct block_column {
    struct column header;
    const uint8_t *stored; /* header.stored bytes */
    int presence;          /* the bitmap's column, or NO_COLUMN */
    int via;         /* the index that leads to the bitmap's table; NO_COLUMN = its own table */
    bool complement; /* the bitmap's complement is meant */
    bool needed;
    uint64_t *u;             /* integers, one a row of its table; for a bitmap, its words */
    struct tlz_bytes *bytes; /* bytes, one a row of its table */
    const uint64_t *present; /* NULL = all */
    uint64_t *spread; /* a bitmap, for the table that leads to its own; NULL = not made yet */
};

struct rows_decoder {
    enum tlz_kind kind; /* of the block at hand */
    ZSTD_DCtx *zstd;
    struct arena arena;
    uint8_t *joint;                   /* TLZ_JOINT_MAX bytes, made when first needed */
    uint8_t *planes;                  /* bytes of one column */
    uint64_t dense[TLZ_ROWS_MAX + 1]; /* its integers, where not every row has one */
    uint32_t tables;
    uint32_t entries[TLZ_TABLES_MAX]; /* rows of a table */
    int index[TLZ_TABLES_MAX];        /* the column that leads to it, or NO_COLUMN */
    const uint64_t
        *row_index[TLZ_TABLES_MAX]; /* for each row its row in the table; NULL = not made yet */
    uint32_t columns;
    struct block_column column[TLZ_COLUMNS_MAX];
    int field[TLZ_FIELD_COUNT]; /* a field's column, or NO_COLUMN */
    uint64_t unknown[TLZ_COLUMNS_MAX];
    uint32_t unknowns;
};

/* Reads head and directory of a body of d->kind and checks all that can be checked without values.
 * Sets ret_batch's clock and times. */
int rows_parse(struct rows_decoder *d, const uint8_t *body, size_t size, uint32_t rows,
               struct tlz_batch *ret_batch);

/* Decompresses one zstd frame that must be all of src and fill dst. 0 or -TLZ_E_ZSTD. */
int rows_decompress(struct rows_decoder *d, void *dst, size_t dst_size, const void *src,
                    size_t src_size);

/* Decodes the columns that are marked as needed, in their order. */
int rows_decode_columns(struct rows_decoder *d);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What each column of a capture takes. Knows the inside of session blocks. */
#ifndef BENCH_COLUMN_SIZES_H
#define BENCH_COLUMN_SIZES_H

#include "format/field.h"
#include "format/reader.h"

/* Stored bytes, by what they hold. */
struct column_sizes {
    uint64_t field[TLZ_FIELD_COUNT];
    uint64_t index[TLZ_TABLE_COUNT];
    uint64_t bitmaps;
    uint64_t joint;     /* blocks that are compressed as a whole */
    uint64_t directory; /* headers of columns, and all else in a body */
    uint64_t headers;   /* of blocks */
    uint64_t other;     /* blocks that are not of sessions */
    uint64_t sessions;
    uint64_t blocks;
};

/* 0 and *ret, or an error of the library. */
int column_sizes_read(const struct tlz_input *input, struct column_sizes *ret);

#endif

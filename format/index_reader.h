/* SPDX-License-Identifier: BSD-2-Clause */
/* The index of a file that can be read at any place: which blocks need not be read. */
#ifndef TLZ_INDEX_READER_H
#define TLZ_INDEX_READER_H

#include "format/index_block.h"
#include "format/reader.h"

/* Indexes of indexes; more than any writer needs. */
#define INDEX_DEPTH_MAX 8

/* An index block that was read. */
struct index_page {
    uint64_t offset; /* 0 = none, where no block stands */
    uint32_t count;  /* 0 = there is no good one: it is not read again for each block beneath it */
    struct index_entry entry[TLZ_INDEX_MAX];
};

struct index_reader {
    struct tlz_input input;
    uint32_t salt; /* of the file */
    uint64_t root;
    uint64_t budget;                          /* bytes that may still be read for it */
    bool bad;                                 /* a part of it was: it is not asked any more */
    struct index_page *page[INDEX_DEPTH_MAX]; /* from the root down; NULL = none read yet */
    struct wire_buffer block;
};

/*
 * Finds the index of a file whose blocks have that salt: 1 and *ret, or 0 when the input cannot be
 * read at any place, has no end, or no (good) index; or -ENOMEM. index_reader_close() follows in
 * each case.
 */
int index_reader_open(struct index_reader *ret, const struct tlz_input *input, uint32_t salt);
void index_reader_close(struct index_reader *x);

/* Of an entry of index_reader_skip(), which is of one kind. */
enum tlz_kind index_reader_kind(const struct index_entry *e);

/*
 * Whether from `offset`, where a block begins, there stand blocks of sessions of one source all of
 * which ended before from_us or after to_us: 1 and *ret, from .start to .offset + .size; or 0; or
 * -ENOMEM.
 */
int index_reader_skip(struct index_reader *x, uint64_t offset, uint64_t from_us, uint64_t to_us,
                      struct index_entry *ret);

#endif

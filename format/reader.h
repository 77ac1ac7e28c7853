/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a capture as a stream of items. Trusts nothing in it: damage is an item with its place, and
 * reading goes on at the next good block. Needs no seeking; where the input can be read at any
 * place and the capture has an index, blocks that are not wanted are not read.
 */
#ifndef TLZ_READER_H
#define TLZ_READER_H

#include <sys/types.h>

#include "format/block.h"
#include "format/metadata.h"
#include "format/ranges.h"

struct tlz_reader;

/* Where bytes come from. `read` returns up to `size` bytes, 0 at the end, or a negative errno. It
 * may block. */
struct tlz_input {
    ssize_t (*read)(void *context, void *data, size_t size);
    void *context;
    /* As `read`, but from that offset, as pread(2); then `read` is not called. NULL when the input
     * cannot do so. Behind -EAGAIN a block that was not all there is read again from its begin. */
    ssize_t (*read_at)(void *context, uint64_t offset, void *data, size_t size);
    uint64_t size; /* with read_at: bytes in the input now; it may grow */
};

enum tlz_item_kind {
    TLZ_ITEM_FILE,    /* meta: the file's own metadata */
    TLZ_ITEM_SOURCE,  /* meta: of item.source, whose blocks follow */
    TLZ_ITEM_ROWS,    /* batch: sessions, or changes of state */
    TLZ_ITEM_SKIPPED, /* skipped: rows outside of the window, or passed over */
    TLZ_ITEM_LOSS,    /* loss */
    TLZ_ITEM_NAME,    /* name */
    TLZ_ITEM_END,     /* meta: totals; the capture ended cleanly */
    TLZ_ITEM_UNKNOWN, /* unknown: skipped, said once for each block type and each column number */
    TLZ_ITEM_DAMAGE,  /* damage */
};

struct tlz_damage {
    int error;       /* negative TLZ_E code */
    uint64_t size;   /* bytes that were skipped */
    uint64_t blocks; /* blocks known to be missing before this place, 0 = none known */
};

/* Blocks of rows of one kind and source that were passed over: tlz_reader_window(),
 * tlz_reader_pass(). */
struct tlz_skipped {
    enum tlz_kind kind;
    uint64_t blocks;
    uint64_t rows;
    uint64_t first_us; /* least and greatest time of the kind, Unix times */
    uint64_t last_us;
    bool unread; /* their bytes were not read: what is told of them is what the index says */
};

struct tlz_unknown {
    bool column;     /* a column of a block of rows; else a block */
    uint64_t number; /* its number or type */
};

/* All pointers belong to the reader and are valid until its next call. */
struct tlz_item {
    enum tlz_item_kind kind;
    uint64_t offset; /* of the block, or of the damage, in bytes from the start of the file */
    uint32_t source; /* 0 = the file itself */
    uint32_t stored; /* bytes of the block, header included; 0 when it was not read */
    const uint8_t *deferred; /* rows: the body, whose columns are still to be decoded; else NULL */
    union {
        const struct tlz_metadata *meta;
        const struct tlz_batch *batch;
        struct tlz_skipped skipped;
        struct tlz_loss loss;
        struct tlz_name name;
        struct tlz_unknown unknown;
        struct tlz_damage damage;
    };
};

/* True for a block of rows of that kind. */
static inline bool tlz_item_has(const struct tlz_item *item, enum tlz_kind kind)
{
    return item->kind == TLZ_ITEM_ROWS && item->batch->kind == kind;
}

/*
 * Reads the preamble; a damaged one with a good block behind it becomes an item of damage. 0 and
 * *ret, or -TLZ_E_NOT_A_CAPTURE, -TLZ_E_TEXT_DAMAGE, -TLZ_E_CUT, -TLZ_E_CHECKSUM, -TLZ_E_NEWER,
 * -TLZ_E_DRAFT, -ENOMEM, or the input's error. The input stays the caller's.
 */
int tlz_reader_open(struct tlz_reader **ret, const struct tlz_input *input);

/* How far the input was read, but for what will be read again behind -EAGAIN: the offset of the
 * next block, or of where one is searched for. */
uint64_t tlz_reader_offset(const struct tlz_reader *r);

/* Frees it (NULL is fine) and returns NULL. */
struct tlz_reader *tlz_reader_free(struct tlz_reader *r);

/* Chooses the fields of a kind to decode from now on, derived ones included; all of them before the
 * first call. Few fields are much faster; of a kind that is of no interest, none. */
void tlz_reader_select(struct tlz_reader *r, enum tlz_kind kind, const struct tlz_fieldset *fields);

/*
 * Passes over blocks of rows the times of which are all before from_us or after to_us (Unix times,
 * in microseconds), so from_us > to_us passes over all. Blocks that have some in the window are
 * delivered whole.
 */
void tlz_reader_window(struct tlz_reader *r, uint64_t from_us, uint64_t to_us);

/*
 * Asks this of each block of rows that tells between which values its rows are; true = it is passed
 * over. The user data stay the caller's.
 */
typedef bool tlz_pass(const void *userdata, enum tlz_kind kind, const struct tlz_ranges *ranges);
void tlz_reader_pass(struct tlz_reader *r, tlz_pass *pass, const void *userdata);

/* Compares the index, the totals of the end block, and what blocks tell of the values in them,
 * with the blocks from now on, of which none was read yet; a difference is an item of damage. In a
 * file that is damaged elsewhere the comparison ends there. */
void tlz_reader_verify(struct tlz_reader *r);

/*
 * From now on blocks of rows are delivered with what their heads tell (kind, rows, source, clock,
 * times), for a tlz_decoder to decode: item.deferred. Not to be had with tlz_reader_check_index().
 */
void tlz_reader_defer(struct tlz_reader *r);

/* True once for each unknown column of deferred blocks, which is then to be told of. */
bool tlz_reader_tells_column(struct tlz_reader *r, uint64_t number);

/*
 * The next item: 1 and *ret, or 0 at the end of the input, or an error after which only
 * tlz_reader_free() may follow: -TLZ_E_NEWER at an unknown critical block, which stands at
 * ret->offset, -ENOMEM, or the input's error. But after the input's -EAGAIN, which says that no
 * more is there yet, reading may go on. Damage is an item, not an error; a file cut short ends in
 * an item of damage with -TLZ_E_CUT.
 */
int tlz_reader_next(struct tlz_reader *r, struct tlz_item *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last blocks that a writer has made, in memory, and nothing of them anywhere else: for
 * --snapshot. They lie behind each other in a ring of a fixed size, the oldest of which give way to
 * new ones. The names of users, control groups and network namespaces do not: they are kept apart.
 */
#ifndef RECORD_HISTORY_H
#define RECORD_HISTORY_H

#include <stdbool.h>

#include "format/writer.h"

#define HISTORY_BYTES_MIN ((size_t)4 << 20) /* a few of the largest blocks */

/* Names as they stand in blocks, each behind its size. */
struct history_names {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

struct history {
    uint8_t *ring; /* NULL = there is none */
    size_t bytes;  /* its size, a multiple of 8 */
    uint64_t span_us;
    uint64_t tail;                 /* where the oldest begins, less what is a multiple of `bytes` */
    uint64_t head;                 /* where the next will begin */
    uint64_t pinned;               /* what lies there and behind it is kept; UINT64_MAX = nothing */
    struct history_names names[2]; /* [0] gets those that come */
};

/* span_us: blocks that were added longer ago than that are forgotten; 0 = there is room for all
 * that fits. 0 or -ENOMEM. */
int history_open(struct history *ret, size_t bytes, uint64_t span_us);

/*
 * Takes one write of a writer: of blocks of rows, losses and names; others are none of its
 * business. now_us: of any clock that does not step. 0, or a negative errno: -EFBIG for a block
 * that is larger than the ring, -ENOSPC when it would take the place of one that is pinned.
 */
int history_write(struct history *h, uint64_t now_us, const void *data, size_t size);

/* Forgets what was added before now_us - span_us. */
void history_forget(struct history *h, uint64_t now_us);

/* The names so far will be kept as long as those that come now are fewer: until the next call. */
void history_age_names(struct history *h);

/*
 * The block at *position, or the one behind it: true, *ret and the position of the next. Begins
 * with the position ->tail, and ends at `end`, which is a ->head of before. What is returned is
 * valid as long as it is pinned, or nothing is written.
 */
bool history_next(const struct history *h, uint64_t *position, uint64_t end,
                  struct tlz_copied_block *ret);

/* The same for names; *position begins with 0. */
bool history_next_name(const struct history *h, size_t *position, struct tlz_copied_block *ret);

void history_close(struct history *h);

#endif

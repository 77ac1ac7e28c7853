/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for one block at a time: taken piece by piece, given back all at once, kept for the next
 * block. */
#ifndef TLZ_ARENA_H
#define TLZ_ARENA_H

#include <stddef.h>

#define ARENA_CHUNK_SIZE (1024 * 1024)

struct arena {
    void **chunks;
    size_t chunk_count;
    size_t chunk;  /* the one in use */
    size_t offset; /* in it */
};

/* `size` bytes, at most ARENA_CHUNK_SIZE, aligned to 16, not cleared; NULL when memory is out. */
void *arena_take(struct arena *a, size_t size);

/* Gives all of it back, for use again. */
static inline void arena_reset(struct arena *a)
{
    a->chunk = a->offset = 0;
}

void arena_close(struct arena *a);

#endif

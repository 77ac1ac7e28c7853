/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/arena.h"

#include <stdlib.h>

static int arena_grow(struct arena *a)
{
    void **chunks = realloc(a->chunks, (a->chunk_count + 1) * sizeof *chunks);
    void *chunk;

    if (!chunks)
        return -1;
    a->chunks = chunks;
    chunk = malloc(ARENA_CHUNK_SIZE);
    if (!chunk)
        return -1;
    a->chunks[a->chunk_count++] = chunk;
    return 0;
}

void *arena_take(struct arena *a, size_t size)
{
    void *p;

    size = (size + 15) & ~(size_t)15;
    if (a->offset + size > ARENA_CHUNK_SIZE) {
        a->chunk++;
        a->offset = 0;
    }
    if (a->chunk == a->chunk_count && arena_grow(a) < 0)
        return NULL;
    p = (char *)a->chunks[a->chunk] + a->offset;
    a->offset += size;
    return p;
}

void arena_close(struct arena *a)
{
    for (size_t i = 0; i < a->chunk_count; i++)
        free(a->chunks[i]);
    free(a->chunks);
    *a = (struct arena){0};
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/index_writer.h"

#include "format/block_header.h"

void index_writer_close(struct index_writer *w)
{
    for (uint32_t level = 0; level < INDEX_LEVELS; level++)
        free(w->level[level].entry);
    *w = (struct index_writer){0};
}

int index_writer_reserve(struct index_writer *w, uint32_t level)
{
    struct index_level *l = &w->level[level];

    if (!l->entry)
        l->entry = calloc(TLZ_INDEX_MAX, sizeof *l->entry);
    return l->entry ? 0 : -ENOMEM;
}

void index_writer_add(struct index_writer *w, uint32_t level, const struct index_entry *entry)
{
    struct index_level *l = &w->level[level];

    l->entry[l->count++] = *entry;
}

void index_writer_encode(const struct index_writer *w, uint32_t level, uint64_t offset,
                         struct wire_buffer *body, struct index_entry *ret_entry)
{
    const struct index_level *l = &w->level[level];
    size_t before = body->size;

    index_encode(l->entry, l->count, body);
    *ret_entry = (struct index_entry){.type = TLZ_BLOCK_INDEX};
    for (uint32_t i = 0; i < l->count; i++)
        index_entry_add(ret_entry, &l->entry[i]);
    ret_entry->offset = offset;
    ret_entry->size = BLOCK_HEADER_SIZE + (body->size - before);
    ret_entry->indexes++;
}

void index_writer_clear(struct index_writer *w, uint32_t level)
{
    w->level[level].count = 0;
}

bool index_writer_has_above(const struct index_writer *x, uint32_t level)
{
    while (++level < INDEX_LEVELS)
        if (x->level[level].count)
            return true;
    return false;
}

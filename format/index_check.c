/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/index_check.h"

#include "format/error.h"

void index_check_close(struct index_check *c)
{
    index_writer_close(&c->unlisted);
    free(c->page);
    *c = (struct index_check){0};
}

/* Notes a block that an index block of that level has to list. */
static int note(struct index_check *c, uint32_t level, const struct index_entry *entry)
{
    if (level == INDEX_LEVELS || c->unlisted.level[level].count == TLZ_INDEX_MAX) {
        c->over = true;
        return 0;
    }
    if (index_writer_reserve(&c->unlisted, level) < 0)
        return -ENOMEM;
    index_writer_add(&c->unlisted, level, entry);
    return 0;
}

/* The times of blocks of later versions are not known here. */
static bool has_known_times(const struct index_entry *e)
{
    return e->type == TLZ_BLOCK_SESSIONS || e->type == TLZ_BLOCK_STATES ||
           e->type == TLZ_BLOCK_INDEX;
}

static bool is_equal(const struct index_entry *a, const struct index_entry *b)
{
    return a->start == b->start && a->offset == b->offset && a->size == b->size &&
           a->type == b->type && a->source == b->source && a->rows == b->rows &&
           a->first_us == b->first_us && a->last_us == b->last_us && a->blocks == b->blocks &&
           a->indexes == b->indexes && a->types == b->types;
}

/* Compares what the index block says with the blocks of a level, and makes *ret the sum of them. */
static bool is_level_listed(const struct index_check *c, const struct index_level *level,
                            uint32_t count, struct index_entry *ret)
{
    if (!count || level->count != count || level->entry->offset != c->page->offset)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct index_entry *found = &level->entry[i];

        if (!has_known_times(found)) {
            found->first_us = c->page[i].first_us;
            found->last_us = c->page[i].last_us;
        }
        if (!is_equal(found, &c->page[i]))
            return false;
        index_entry_add(ret, found);
    }
    return true;
}

/* An index block lists all blocks of one level since the one before it: docs/FORMAT.md, section 9.
 */
static int check_index(struct index_check *c, const struct index_entry *block, const uint8_t *body,
                       size_t size)
{
    uint32_t count = 0;

    if (!c->page)
        c->page = calloc(TLZ_INDEX_MAX, sizeof *c->page);
    if (!c->page)
        return -ENOMEM;
    if (c->over || index_decode(body, size, block->offset, c->page, &count) < 0)
        return -TLZ_E_INDEX;
    for (uint32_t level = 0; level < INDEX_LEVELS; level++) {
        struct index_entry whole = {.type = TLZ_BLOCK_INDEX};

        if (!is_level_listed(c, &c->unlisted.level[level], count, &whole))
            continue;
        whole.offset = block->offset;
        whole.size = block->size;
        whole.indexes++;
        index_writer_clear(&c->unlisted, level);
        return note(c, level + 1, &whole);
    }
    return -TLZ_E_INDEX;
}

/* The root that an end block gives stands above all others: nothing but it is not listed. */
static int check_root(const struct index_check *c, const struct tlz_metadata *end)
{
    const struct index_entry *root = NULL;
    uint32_t unlisted = 0;
    uint64_t offset;

    if (!tlz_metadata_number(end, TLZ_META_INDEX, &offset))
        return 0;
    for (uint32_t level = 0; level < INDEX_LEVELS; level++) {
        if (c->unlisted.level[level].count)
            root = c->unlisted.level[level].entry;
        unlisted += c->unlisted.level[level].count;
    }
    return !c->over && unlisted == 1 && root->type == TLZ_BLOCK_INDEX && root->offset == offset
               ? 0
               : -TLZ_E_INDEX;
}

int index_check_block(struct index_check *c, const struct block_header *block, uint64_t offset,
                      const uint8_t *body, const struct tlz_batch *batch,
                      const struct tlz_metadata *end)
{
    struct index_entry entry = {.start = offset,
                                .offset = offset,
                                .size = BLOCK_HEADER_SIZE + (uint64_t)block->stored,
                                .type = block->type,
                                .source = block->source,
                                .rows = block->rows,
                                .blocks = 1};

    if (block->type == TLZ_BLOCK_INDEX)
        return check_index(c, &entry, body, block->stored);
    if (block->type == TLZ_BLOCK_END)
        return check_root(c, end);
    if (block->type == TLZ_BLOCK_SESSIONS || block->type == TLZ_BLOCK_STATES) {
        entry.first_us = batch->time_min_us;
        entry.last_us = batch->time_max_us;
    }
    return note(c, 0, &entry);
}

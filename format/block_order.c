/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/block_order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/error.h"

void block_order_close(struct block_order *o)
{
    free(o->sources);
    *o = (struct block_order){0};
}

static struct block_source *find_source(struct block_order *o, uint32_t number)
{
    if (number >= o->source_count) {
        uint32_t count = number + 1 > 2 * o->source_count ? number + 1 : 2 * o->source_count;
        struct block_source *sources = realloc(o->sources, count * sizeof *sources);

        if (!sources)
            return NULL;
        memset(sources + o->source_count, 0, (count - o->source_count) * sizeof *sources);
        o->sources = sources;
        o->source_count = count;
    }
    return &o->sources[number];
}

/* Numbers that anybody chose end at the greatest. */
static void count_blocks(struct block_order *o, uint64_t blocks)
{
    if (__builtin_add_overflow(o->blocks, blocks, &o->blocks))
        o->blocks = UINT64_MAX;
}

/* Files that were joined: a number would mean another source from here on. */
static bool begins_file(const struct block_header *b)
{
    return b->source == FILE_SOURCE && b->type == TLZ_BLOCK_METADATA && !b->sequence;
}

int block_order_check(struct block_order *o, const struct block_header *b, struct tlz_damage *ret)
{
    struct block_source *s = find_source(o, b->source);
    uint64_t expected;

    if (!s)
        return -ENOMEM;
    expected = s->sequence;
    if (expected && begins_file(b))
        return -TLZ_E_ANOTHER;
    if (b->type == TLZ_BLOCK_METADATA)
        s->described = true;
    if (b->sequence > expected) {
        *ret = (struct tlz_damage){.error = -TLZ_E_MISSING, .blocks = b->sequence - expected};
        count_blocks(o, ret->blocks);
        s->sequence = b->sequence;
        return 1;
    }
    if ((b->sequence < expected && !o->late) || (o->ended && !o->told_behind)) {
        o->late = b->sequence < expected;
        o->told_behind = o->ended;
        *ret = (struct tlz_damage){.error = -TLZ_E_ORDER};
        return 1;
    }
    if (!s->described && !s->missed) {
        s->missed = true;
        *ret = (struct tlz_damage){.error = -TLZ_E_SOURCE};
        return 1;
    }
    return 0;
}

void block_order_count(struct block_order *o, const struct block_header *b)
{
    if (!o->late) {
        o->sources[b->source].sequence++;
        count_blocks(o, 1);
    }
    o->late = false;
}

int block_order_skip(struct block_order *o, const struct index_entry *entry)
{
    struct block_source *s = find_source(o, entry->source);

    if (!s)
        return -ENOMEM;
    s->sequence += entry->blocks;
    find_source(o, FILE_SOURCE)->sequence += entry->indexes;
    count_blocks(o, entry->blocks);
    count_blocks(o, entry->indexes);
    return 0;
}

int block_order_end(struct block_order *o, const struct block_header *b,
                    const struct tlz_metadata *end)
{
    uint64_t blocks;

    if (b->source != FILE_SOURCE)
        return -TLZ_E_SYNTAX;
    o->ended = true;
    if (tlz_metadata_number(end, TLZ_META_BLOCKS, &blocks) && blocks > o->blocks)
        o->missing = blocks - o->blocks;
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/index_block.h"

#include "format/block_header.h"
#include "format/error.h"

/* Signed differences as unsigned numbers, small ones small: 0, -1, 1, -2, ... */
static uint64_t zigzag(uint64_t difference)
{
    return difference << 1 ^ (difference >> 63 ? UINT64_MAX : 0);
}

static uint64_t unzigzag(uint64_t v)
{
    return v >> 1 ^ (v & 1 ? UINT64_MAX : 0);
}

void index_encode(const struct index_entry *entries, uint32_t count, struct wire_buffer *body)
{
    uint64_t end = entries->start, first_us = 0;

    wire_put_varint(body, count);
    wire_put_varint(body, end);
    for (uint32_t i = 0; i < count; i++) {
        const struct index_entry *e = &entries[i];

        wire_put_varint(body, e->offset - end);
        wire_put_varint(body, e->size);
        wire_put8(body, e->type);
        wire_put_varint(body, e->source);
        wire_put_varint(body, e->rows);
        end = e->offset + e->size;
        if (e->rows) {
            wire_put_varint(body, zigzag(e->first_us - first_us));
            wire_put_varint(body, e->last_us - e->first_us);
            first_us = e->first_us;
        }
        if (e->type == TLZ_BLOCK_INDEX) {
            wire_put_varint(body, e->blocks);
            wire_put_varint(body, e->indexes);
            wire_put_varint(body, e->types);
        }
    }
}

/* first_us is that of the last entry with rows. */
static void decode_entry(struct wire_cursor *c, uint64_t start, uint64_t *first_us,
                         struct index_entry *ret)
{
    uint64_t source;

    *ret = (struct index_entry){.start = start, .blocks = 1};
    ret->offset = start + wire_take_varint(c);
    ret->size = wire_take_varint(c);
    ret->type = wire_take8(c);
    source = wire_take_varint(c);
    ret->source = source < TLZ_SOURCES_MAX ? (uint32_t)source : TLZ_SOURCES_MAX;
    ret->rows = wire_take_varint(c);
    if (ret->rows) {
        ret->first_us = *first_us += unzigzag(wire_take_varint(c));
        ret->last_us = ret->first_us + wire_take_varint(c);
    }
    if (ret->type == TLZ_BLOCK_INDEX) {
        ret->blocks = wire_take_varint(c);
        ret->indexes = wire_take_varint(c);
        ret->types = wire_take_varint(c);
    }
}

/* Whether the bytes that an entry stands for can hold so many sessions and blocks; so the sums over
 * entries do not overflow. */
static bool is_entry_possible(const struct index_entry *e)
{
    uint64_t bytes = e->offset + e->size - e->start, blocks = bytes / BLOCK_HEADER_SIZE;

    return e->rows / TLZ_ROWS_A_BYTE <= bytes && e->blocks <= blocks &&
           e->indexes <= blocks - e->blocks;
}

static bool is_entry_valid(const struct index_entry *e, uint64_t limit)
{
    return (e->type == TLZ_BLOCK_INDEX ? e->start <= e->offset : e->start == e->offset) &&
           e->offset < limit && e->size >= BLOCK_HEADER_SIZE && e->size <= limit - e->offset &&
           e->first_us <= e->last_us && e->last_us <= INT64_MAX && e->source < TLZ_SOURCES_MAX &&
           is_entry_possible(e);
}

int index_decode(const uint8_t *body, size_t size, uint64_t offset, struct index_entry *ret,
                 uint32_t *ret_count)
{
    struct wire_cursor c = {body, body + size, false};
    uint64_t count = wire_take_varint(&c), end = wire_take_varint(&c), first_us = 0;

    if (count > TLZ_INDEX_MAX)
        return -TLZ_E_LIMIT;
    for (uint32_t i = 0; i < count; i++) {
        decode_entry(&c, end, &first_us, &ret[i]);
        if (c.bad || !is_entry_valid(&ret[i], offset))
            return -TLZ_E_SYNTAX;
        end = ret[i].offset + ret[i].size;
    }
    *ret_count = (uint32_t)count;
    return c.bad || !count ? -TLZ_E_SYNTAX : 0;
}

void index_entry_add(struct index_entry *whole, const struct index_entry *entry)
{
    bool is_first = !whole->blocks;

    whole->start = is_first ? entry->start : whole->start;
    if (entry->rows) {
        bool none = !whole->rows;

        whole->first_us =
            none || entry->first_us < whole->first_us ? entry->first_us : whole->first_us;
        whole->last_us = none || entry->last_us > whole->last_us ? entry->last_us : whole->last_us;
    }
    whole->rows += entry->rows;
    whole->source = is_first || entry->source == whole->source ? entry->source : INDEX_MIXED_SOURCE;
    whole->blocks += entry->blocks;
    whole->indexes += entry->indexes;
    whole->types |= entry->type == TLZ_BLOCK_INDEX
                        ? entry->types
                        : UINT64_C(1) << (entry->type < 63 ? entry->type : 63);
}

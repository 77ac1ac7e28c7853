/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/index_reader.h"

#include "format/block_header.h"
#include "format/error.h"
#include "format/metadata_block.h"

/* An end block that is greater is not looked for. */
#define END_MAX (64u * 1024)

void index_reader_close(struct index_reader *x)
{
    for (int depth = 0; depth < INDEX_DEPTH_MAX; depth++)
        free(x->page[depth]);
    wire_free(&x->block);
    *x = (struct index_reader){0};
}

/*
 * Reads into x->block: 1; 0 when the input does not give it, since nothing needs an index, or it
 * would cost more than reading the file; or -ENOMEM.
 */
static int read_at(struct index_reader *x, uint64_t offset, size_t size)
{
    x->block.size = 0;
    if (size > x->budget)
        return 0;
    x->budget -= size;
    if (!wire_reserve(&x->block, size))
        return -ENOMEM;
    while (x->block.size < size) {
        ssize_t n = x->input.read_at(x->input.context, offset + x->block.size,
                                     x->block.data + x->block.size, size - x->block.size);

        if (n == -EINTR)
            continue;
        if (n <= 0)
            return 0;
        x->block.size += (size_t)n;
    }
    return 1;
}

/* True when the bytes at `data` are a good block of this file and that type, as long as they are.
 */
static bool is_block(const struct index_reader *x, const uint8_t *data, size_t size,
                     enum tlz_block_type type)
{
    struct block_header header;

    return size >= BLOCK_HEADER_SIZE && block_header_decode(data, &header) == 0 &&
           header.type == type && header.source == 0 && block_salt_fits(x->salt, header.salt) &&
           size == BLOCK_HEADER_SIZE + (size_t)header.stored &&
           block_hash(data + BLOCK_HEADER_SIZE, header.stored) == header.body_hash;
}

/* The offset of the root that an end block tells: 1, 0 when it tells none, or -ENOMEM. */
static int read_root(const uint8_t *body, size_t size, uint64_t *ret)
{
    struct tlz_metadata *end = tlz_metadata_new();
    int r;

    if (!end)
        return -ENOMEM;
    r = metadata_decode(end, body, size);
    if (r == 0)
        r = tlz_metadata_number(end, TLZ_META_INDEX, ret);
    tlz_metadata_free(end);
    return r == -ENOMEM ? r : r == 1;
}

/* Finds the end block from behind. As read_root(). */
static int find_root(struct index_reader *x, uint64_t *ret)
{
    size_t size = x->input.size < END_MAX ? (size_t)x->input.size : END_MAX;
    int r = read_at(x, x->input.size - size, size);

    if (r <= 0 || size < BLOCK_HEADER_SIZE)
        return r < 0 ? r : 0;
    for (size_t at = size - BLOCK_HEADER_SIZE;; at--) {
        const uint8_t *data = x->block.data + at;

        if (data[0] == block_sync[0] && is_block(x, data, size - at, TLZ_BLOCK_END))
            return read_root(data + BLOCK_HEADER_SIZE, size - at - BLOCK_HEADER_SIZE, ret);
        if (!at)
            return 0;
    }
}

/* The index block at `offset` into the page of that depth: 1, 0 when there is no good one, or
 * -ENOMEM. */
static int read_page(struct index_reader *x, int depth, uint64_t offset, uint64_t size)
{
    struct index_page *page = x->page[depth] ? x->page[depth] : calloc(1, sizeof *page);
    int r;

    if (!page)
        return -ENOMEM;
    x->page[depth] = page;
    if (page->offset == offset)
        return page->count > 0;
    page->count = 0;
    page->offset = offset;
    if (size > BLOCK_HEADER_SIZE + TLZ_BODY_MAX)
        return 0;
    r = read_at(x, offset, (size_t)size);
    if (r <= 0 || !is_block(x, x->block.data, (size_t)size, TLZ_BLOCK_INDEX))
        return r < 0 ? r : 0;
    if (index_decode(x->block.data + BLOCK_HEADER_SIZE, (size_t)size - BLOCK_HEADER_SIZE, offset,
                     page->entry, &page->count) < 0)
        page->count = 0;
    return page->count > 0;
}

int index_reader_open(struct index_reader *ret, const struct tlz_input *input, uint32_t salt)
{
    struct block_header header;
    int r;

    *ret = (struct index_reader){
        .input = *input, .salt = salt, .budget = 2 * input->size + BLOCK_HEADER_SIZE};
    if (!input->read_at)
        return 0;
    r = find_root(ret, &ret->root);
    if (r == 1 && ret->root >= input->size)
        r = 0; /* nothing to ask an input for: pread(2) fails past the greatest offset */
    if (r == 1)
        r = read_at(ret, ret->root, BLOCK_HEADER_SIZE);
    if (r == 1)
        r = block_header_decode(ret->block.data, &header) == 0 && header.type == TLZ_BLOCK_INDEX
                ? read_page(ret, 0, ret->root, BLOCK_HEADER_SIZE + (uint64_t)header.stored)
                : 0;
    return r;
}

/* The entry that `offset` lies in, or NULL. */
static const struct index_entry *find_entry(const struct index_page *page, uint64_t offset)
{
    uint32_t low = 0, high = page->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct index_entry *e = &page->entry[middle];

        if (offset < e->start)
            high = middle;
        else if (offset >= e->offset + e->size)
            low = middle + 1;
        else
            return e;
    }
    return NULL;
}

/* The types of what it stands for: bit t for blocks of type t. */
static uint64_t types_of(const struct index_entry *e)
{
    return e->type == TLZ_BLOCK_INDEX ? e->types : UINT64_C(1) << (e->type < 63 ? e->type : 63);
}

enum tlz_kind index_reader_kind(const struct index_entry *e)
{
    return types_of(e) == UINT64_C(1) << TLZ_BLOCK_STATES ? TLZ_STATES : TLZ_SESSIONS;
}

/* Nothing but rows of one kind and source, all of which lie outside of the window. */
static bool may_be_skipped(const struct index_entry *e, uint64_t from_us, uint64_t to_us)
{
    const uint64_t types = types_of(e);

    return e->rows &&
           (types == UINT64_C(1) << TLZ_BLOCK_SESSIONS || types == UINT64_C(1)
                                                                       << TLZ_BLOCK_STATES) &&
           e->source != INDEX_MIXED_SOURCE && (e->last_us < from_us || e->first_us > to_us);
}

int index_reader_skip(struct index_reader *x, uint64_t offset, uint64_t from_us, uint64_t to_us,
                      struct index_entry *ret)
{
    for (int depth = 0; !x->bad; depth++) {
        const struct index_entry *e = find_entry(x->page[depth], offset);
        int r;

        if (!e)
            return 0;
        if (e->start == offset && may_be_skipped(e, from_us, to_us)) {
            *ret = *e;
            return 1;
        }
        if (e->type != TLZ_BLOCK_INDEX || offset >= e->offset || depth + 1 == INDEX_DEPTH_MAX)
            return 0;
        r = read_page(x, depth + 1, e->offset, e->size);
        if (r < 0)
            return r;
        x->bad = !r;
    }
    return 0;
}

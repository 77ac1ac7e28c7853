/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The body of an index block, at an offset that the first eight bytes tell: entries that are taken
 * stand one behind the other before it, and are encoded to the same.
 */
#include "format/error.h"
#include "format/index_block.h"
#include "fuzz.h"
#include "fuzz_bytes.h"

static void check_entries(const struct index_entry *entries, uint32_t count, uint64_t offset)
{
    uint64_t end = entries->start;

    for (uint32_t i = 0; i < count; i++) {
        const struct index_entry *e = &entries[i];

        assert(e->start == end && e->offset >= e->start && e->offset < offset);
        assert(e->size && e->size <= offset - e->offset);
        assert(e->first_us <= e->last_us && e->last_us <= INT64_MAX && e->source < TLZ_SOURCES_MAX);
        end = e->offset + e->size;
    }
}

static void check_same(const struct index_entry *a, const struct index_entry *b)
{
    assert(a->start == b->start && a->offset == b->offset && a->size == b->size);
    assert(a->type == b->type && a->source == b->source && a->rows == b->rows);
    assert(a->first_us == b->first_us && a->last_us == b->last_us);
    assert(a->blocks == b->blocks && a->indexes == b->indexes && a->types == b->types);
}

static void check_encoded(const struct index_entry *entries, uint32_t count, uint64_t offset)
{
    static struct index_entry again[TLZ_INDEX_MAX];
    struct wire_buffer body = {0};
    uint32_t count_again;

    index_encode(entries, count, &body);
    assert(!body.failed && index_decode(body.data, body.size, offset, again, &count_again) == 0);
    assert(count == count_again);
    for (uint32_t i = 0; i < count; i++)
        check_same(&entries[i], &again[i]);
    wire_free(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct index_entry entries[TLZ_INDEX_MAX];
    struct fuzz_bytes b = {data, data + size};
    uint64_t offset;
    uint32_t count;
    int r;

    if (size < sizeof offset)
        return 0;
    offset = fuzz_take64(&b);
    r = index_decode(b.p, fuzz_left(&b), offset, entries, &count);
    assert(r == 0 || r == -TLZ_E_SYNTAX || r == -TLZ_E_LIMIT);
    if (r < 0)
        return 0;
    assert(count && count <= TLZ_INDEX_MAX);
    check_entries(entries, count, offset);
    check_encoded(entries, count, offset);
    return 0;
}

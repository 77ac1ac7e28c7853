/* SPDX-License-Identifier: BSD-2-Clause */
/* The body of a metadata block: what is decoded is encoded to the same values. */
#include "format/error.h"
#include "format/metadata_block.h"
#include "fuzz.h"

static void check_same_value(const struct tlz_metadata *a, const struct tlz_metadata *b,
                             enum tlz_meta_tag tag)
{
    size_t a_size = 0, b_size = 0;
    const char *a_text = tlz_metadata_text(a, tag, &a_size);
    const char *b_text = tlz_metadata_text(b, tag, &b_size);
    uint64_t a_number = 0, b_number = 0;

    assert(!a_text == !b_text && a_size == b_size);
    assert(!a_text || (!memcmp(a_text, b_text, a_size) && a_text[a_size] == '\0'));
    assert(tlz_metadata_number(a, tag, &a_number) == tlz_metadata_number(b, tag, &b_number));
    assert(a_number == b_number);
}

static void check_same(const struct tlz_metadata *a, const struct tlz_metadata *b)
{
    const uint8_t *a_id = tlz_metadata_id(a), *b_id = tlz_metadata_id(b);

    assert(!a_id == !b_id && (!a_id || !memcmp(a_id, b_id, 16)));
    for (enum tlz_meta_tag tag = 0; tag < TLZ_META_TAG_COUNT; tag++)
        check_same_value(a, b, tag);
}

/* No bytes may be at no address. */
static int decode(struct tlz_metadata *meta, const uint8_t *body, size_t size)
{
    return metadata_decode(meta, size ? body : (const uint8_t *)"", size);
}

static bool is_known(uint16_t number)
{
    for (int tag = 0; tag < TLZ_META_TAG_COUNT; tag++)
        if (tlz_meta_tags[tag].number == number)
            return true;
    return false;
}

/* How many bytes of a body are of tags that this version knows. */
static size_t known_bytes(const uint8_t *body, size_t size)
{
    struct wire_cursor c = {body, size ? body + size : body, false};
    size_t known = 0;

    while (c.p < c.end) {
        const uint8_t *from = c.p;
        uint16_t number = wire_take16(&c);

        wire_take(&c, wire_take32(&c));
        known += is_known(number) ? (size_t)(c.p - from) : 0;
    }
    return known;
}

static void check_encoded(const struct tlz_metadata *meta, size_t size)
{
    struct tlz_metadata *copy = tlz_metadata_copy(meta), *again = tlz_metadata_new();
    struct wire_buffer first = {0}, second = {0};

    assert(copy && again);
    metadata_encode(meta, &first);
    assert(!first.failed && first.size == size);
    assert(decode(again, first.data, first.size) == 0);
    check_same(meta, again);
    check_same(meta, copy);
    metadata_encode(again, &second);
    assert(first.size == second.size &&
           (!first.size || !memcmp(first.data, second.data, first.size)));
    wire_free(&first);
    wire_free(&second);
    tlz_metadata_free(again);
    tlz_metadata_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tlz_metadata *meta = tlz_metadata_new();
    int r;

    assert(meta);
    r = decode(meta, data, size);
    assert(r == 0 || r == -TLZ_E_SYNTAX || r == -TLZ_E_LIMIT);
    if (r == 0)
        check_encoded(meta, known_bytes(data, size));
    tlz_metadata_free(meta);
    return 0;
}

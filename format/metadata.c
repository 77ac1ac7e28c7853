/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/metadata_block.h"

#include "format/error.h"

struct value {
    bool set;
    uint64_t number;
    char *text; /* NUL behind its `size` bytes */
    size_t size;
    uint8_t id[16];
};

struct tlz_metadata {
    struct value values[TLZ_META_TAG_COUNT];
};

const struct tlz_meta_info tlz_meta_tags[TLZ_META_TAG_COUNT] = {
#define X(id, name_, number_, type_, help_)                                                        \
    [TLZ_META_##                                                                                   \
        id] = {.name = name_, .help = help_, .number = number_, .type = TLZ_METATYPE_##type_},
    TLZ_META_TAGS(X)
#undef X
};

struct tlz_metadata *tlz_metadata_new(void)
{
    return calloc(1, sizeof(struct tlz_metadata));
}

struct tlz_metadata *tlz_metadata_free(struct tlz_metadata *meta)
{
    if (meta) {
        for (int tag = 0; tag < TLZ_META_TAG_COUNT; tag++)
            free(meta->values[tag].text);
        free(meta);
    }
    return NULL;
}

static int set_text(struct value *v, const char *text, size_t size)
{
    char *copy = malloc(size + 1);

    if (!copy)
        return -ENOMEM;
    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    free(v->text);
    v->text = copy;
    v->size = size;
    v->set = true;
    return 0;
}

struct tlz_metadata *tlz_metadata_copy(const struct tlz_metadata *meta)
{
    struct tlz_metadata *copy = tlz_metadata_new();

    for (int tag = 0; copy && tag < TLZ_META_TAG_COUNT; tag++) {
        const struct value *from = &meta->values[tag];
        struct value *to = &copy->values[tag];

        *to = *from;
        to->text = NULL;
        if (from->text && set_text(to, from->text, from->size) < 0)
            return tlz_metadata_free(copy);
    }
    return copy;
}

int tlz_metadata_set_text(struct tlz_metadata *meta, enum tlz_meta_tag tag, const char *text)
{
    if (tlz_meta_tags[tag].type != TLZ_METATYPE_TEXT)
        return -EINVAL;
    return set_text(&meta->values[tag], text, strnlen(text, TLZ_META_TEXT_MAX));
}

int tlz_metadata_set_bytes(struct tlz_metadata *meta, enum tlz_meta_tag tag, const void *data,
                           size_t size)
{
    if (tlz_meta_tags[tag].type != TLZ_METATYPE_TEXT)
        return -EINVAL;
    return set_text(&meta->values[tag], data, size < TLZ_META_TEXT_MAX ? size : TLZ_META_TEXT_MAX);
}

static bool is_number(enum tlz_meta_tag tag)
{
    return tlz_meta_tags[tag].type != TLZ_METATYPE_TEXT &&
           tlz_meta_tags[tag].type != TLZ_METATYPE_ID;
}

int tlz_metadata_set_number(struct tlz_metadata *meta, enum tlz_meta_tag tag, uint64_t number)
{
    if (!is_number(tag))
        return -EINVAL;
    meta->values[tag].number = number;
    meta->values[tag].set = true;
    return 0;
}

int tlz_metadata_set_id(struct tlz_metadata *meta, const uint8_t id[16])
{
    memcpy(meta->values[TLZ_META_CAPTURE_ID].id, id, 16);
    meta->values[TLZ_META_CAPTURE_ID].set = true;
    return 0;
}

const char *tlz_metadata_text(const struct tlz_metadata *meta, enum tlz_meta_tag tag,
                              size_t *ret_size)
{
    const struct value *v = &meta->values[tag];

    if (v->text && ret_size)
        *ret_size = v->size;
    return v->text;
}

int tlz_metadata_number(const struct tlz_metadata *meta, enum tlz_meta_tag tag, uint64_t *ret)
{
    if (!is_number(tag) || !meta->values[tag].set)
        return 0;
    *ret = meta->values[tag].number;
    return 1;
}

const uint8_t *tlz_metadata_id(const struct tlz_metadata *meta)
{
    const struct value *v = &meta->values[TLZ_META_CAPTURE_ID];

    return v->set ? v->id : NULL;
}

void metadata_encode(const struct tlz_metadata *meta, struct wire_buffer *body)
{
    for (int tag = 0; tag < TLZ_META_TAG_COUNT; tag++) {
        const struct value *v = &meta->values[tag];

        if (!v->set)
            continue;
        wire_put16(body, tlz_meta_tags[tag].number);
        if (tlz_meta_tags[tag].type == TLZ_METATYPE_TEXT) {
            wire_put32(body, (uint32_t)v->size);
            wire_put(body, v->text, v->size);
        } else if (tlz_meta_tags[tag].type == TLZ_METATYPE_ID) {
            wire_put32(body, sizeof v->id);
            wire_put(body, v->id, sizeof v->id);
        } else {
            wire_put32(body, 8);
            wire_put64(body, v->number);
        }
    }
}

static enum tlz_meta_tag tag_by_number(uint16_t number)
{
    int tag = 0;

    while (tag < TLZ_META_TAG_COUNT && tlz_meta_tags[tag].number != number)
        tag++;
    return (enum tlz_meta_tag)tag;
}

static int decode_value(struct tlz_metadata *meta, enum tlz_meta_tag tag, const uint8_t *data,
                        uint32_t size)
{
    struct value *v = &meta->values[tag];

    if (v->set)
        return -TLZ_E_SYNTAX;
    switch (tlz_meta_tags[tag].type) {
    case TLZ_METATYPE_TEXT:
        return size > TLZ_META_TEXT_MAX ? -TLZ_E_LIMIT : set_text(v, (const char *)data, size);
    case TLZ_METATYPE_ID:
        return size != 16 ? -TLZ_E_SYNTAX : tlz_metadata_set_id(meta, data);
    case TLZ_METATYPE_NUMBER:
    case TLZ_METATYPE_BYTES:
    case TLZ_METATYPE_TIME:
    case TLZ_METATYPE_DURATION:
        break;
    }
    return size != 8 ? -TLZ_E_SYNTAX : tlz_metadata_set_number(meta, tag, wire_load64(data));
}

int metadata_decode(struct tlz_metadata *meta, const uint8_t *body, size_t size)
{
    struct wire_cursor c = {body, body + size, false};

    while (c.p < c.end) {
        uint16_t number = wire_take16(&c);
        uint32_t length = wire_take32(&c);
        const uint8_t *data = wire_take(&c, length);
        enum tlz_meta_tag tag = tag_by_number(number);
        int r;

        if (c.bad)
            return -TLZ_E_SYNTAX;
        if (tag == TLZ_META_TAG_COUNT)
            continue; /* of a newer version */
        r = decode_value(meta, tag, data, length);
        if (r < 0)
            return r;
    }
    return 0;
}

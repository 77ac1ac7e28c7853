/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/anonymizer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/anonymize/anonymizer_state.h"
#include "report/anonymize/key_file.h"
#include "report/anonymize/known_text.h"
#include "report/capture/recording.h"
#include "util/cleanup.h"
#include "util/message.h"
#include "util/missing.h"

#define HIDDEN "(left out)"

static_assert(KEY_FILE_SIZE == CRYPTO_PAN_KEY_SIZE && KEY_FILE_SIZE == PSEUDONYM_KEY_SIZE,
              "one key for all");

static const char key_label[] = "name";

int anonymizer_open(struct anonymizer **ret, const char *key_file, const char *output)
{
    struct anonymizer *a = calloc(1, sizeof *a);
    uint8_t key[KEY_FILE_SIZE];
    int status;

    if (!a) {
        message_error("%s", strerror(ENOMEM));
        return EXIT_FAILED;
    }
    status = key_file ? key_file_read(key_file, output, key) : key_make(key);
    if (status != EXIT_OK) {
        free(a);
        return status;
    }
    anonymizer_keys_init(&a->keys, key);
    explicit_bzero(key, sizeof key);
    pseudonym_name(&a->keys.pseudonyms, PSEUDONYM_KEY, key_label, strlen(key_label), a->key_name);
    if (!key_file)
        message_notice("--anonymize: the key %s is of this run alone; with --anonymize=KEYFILE "
                       "other captures get the same names",
                       a->key_name);
    *ret = a;
    return EXIT_OK;
}

struct anonymizer *anonymizer_free(struct anonymizer *a)
{
    if (a) {
        tlz_metadata_free(a->meta);
        explicit_bzero(a, sizeof *a);
        free(a);
    }
    return NULL;
}

const char *anonymizer_key_name(const struct anonymizer *a)
{
    return a->key_name;
}

/* Each of these sets one tag of the new metadata where the old ones have it. 0 or -ENOMEM. */

static int set_number(struct anonymizer *a, enum tlz_meta_tag tag, const struct tlz_metadata *from)
{
    uint64_t number;

    if (!tlz_metadata_number(from, tag, &number))
        return 0;
    return tlz_metadata_set_number(
        a->meta, tag, pseudonym_number(&a->keys.pseudonyms, anonymous_tags[tag].class, number));
}

static int set_name(struct anonymizer *a, enum tlz_meta_tag tag, const struct tlz_metadata *from)
{
    char name[PSEUDONYM_LETTERS];
    size_t size;
    const char *text = tlz_metadata_text(from, tag, &size);

    if (!text)
        return 0;
    pseudonym_name(&a->keys.pseudonyms, anonymous_tags[tag].class, text, size, name);
    return tlz_metadata_set_bytes(a->meta, tag, name, sizeof name);
}

/* That the capture's id is not known stays known. */
static int set_id(struct anonymizer *a, const struct tlz_metadata *from)
{
    static const uint8_t unknown[16];
    const uint8_t *id = tlz_metadata_id(from);
    uint8_t other[16] = {0};

    if (!id)
        return 0;
    if (memcmp(id, unknown, sizeof unknown) != 0)
        pseudonym_id(&a->keys.pseudonyms, PSEUDONYM_CAPTURE, id, other);
    return tlz_metadata_set_id(a->meta, other);
}

static int set_known(struct anonymizer *a, enum tlz_meta_tag tag, const struct tlz_metadata *from)
{
    size_t size;
    const char *text = tlz_metadata_text(from, tag, &size);

    return text && known_text(tag, text, size) ? metadata_copy_tag(a->meta, from, tag) : 0;
}

/* "6.1.0" of "6.1.0-18-acme", whose rest may be anybody's. */
static int set_version(struct anonymizer *a, enum tlz_meta_tag tag, const struct tlz_metadata *from)
{
    const char *text = tlz_metadata_text(from, tag, NULL);
    size_t size = text ? known_version(text) : 0;

    return size > 0 ? tlz_metadata_set_bytes(a->meta, tag, text, size) : 0;
}

/* A capture that was anonymized before has the other key's name before this one's. */
static int set_mark(struct anonymizer *a, enum tlz_meta_tag tag, const struct tlz_metadata *from)
{
    size_t size;
    const char *before = tlz_metadata_text(from, tag, &size);
    _cleanup_(joined_text_free) struct joined_text text = {0};

    if (before && known_text(tag, before, size))
        joined_text_format(&text, "%.*s, ", TLZ_META_TEXT_MAX / 2, before);
    joined_text_add(&text, a->key_name);
    return metadata_set_joined(a->meta, tag, &text);
}

static int set_tag(struct anonymizer *a, enum tlz_meta_tag tag, const struct tlz_metadata *from)
{
    switch (anonymous_tags[tag].how) {
    case ANONYMOUS_KEPT:
        return metadata_copy_tag(a->meta, from, tag);
    case ANONYMOUS_NUMBER:
        return set_number(a, tag, from);
    case ANONYMOUS_NAME:
        return set_name(a, tag, from);
    case ANONYMOUS_ID:
        return set_id(a, from);
    case ANONYMOUS_KNOWN:
        return set_known(a, tag, from);
    case ANONYMOUS_VERSION:
        return set_version(a, tag, from);
    case ANONYMOUS_HIDDEN:
        return tlz_metadata_text(from, tag, NULL) ? tlz_metadata_set_text(a->meta, tag, HIDDEN) : 0;
    case ANONYMOUS_MARK:
        return set_mark(a, tag, from);
    case ANONYMOUS_DROPPED:
    case ANONYMOUS_ADDRESS: /* no tag is one */
        break;
    }
    return 0;
}

/* The mark stands where a capture and its sources are described, and not at its end. */
static int make_metadata(struct anonymizer *a, const struct tlz_metadata *from, bool is_end)
{
    int r = 0;

    tlz_metadata_free(a->meta);
    a->meta = tlz_metadata_new();
    if (!a->meta)
        return -ENOMEM;
    for (enum tlz_meta_tag tag = 0; r == 0 && tag < TLZ_META_TAG_COUNT; tag++)
        if (!is_end || anonymous_tags[tag].how != ANONYMOUS_MARK)
            r = set_tag(a, tag, from);
    return r;
}

/*
 * Of a path, part by part: so groups within a group still are. One whose parts are so short that
 * the new ones find no room becomes one name.
 */
static void make_name(struct anonymizer *a, const struct tlz_name *from, struct tlz_name *ret)
{
    const enum pseudonym_class class = anonymous_name_class(from->kind);
    const bool is_path = class == PSEUDONYM_CGROUP;
    size_t used = 0;

    for (size_t i = 0; i < from->size;) {
        const char *part = from->text + i;
        const char *slash = is_path ? memchr(part, '/', from->size - i) : NULL;
        size_t size = slash ? (size_t)(slash - part) : from->size - i;

        if (used + PSEUDONYM_LETTERS + 1 > TLZ_NAME_MAX) {
            pseudonym_name(&a->keys.pseudonyms, class, from->text, from->size, a->name);
            used = PSEUDONYM_LETTERS;
            break;
        }
        if (size > 0) {
            pseudonym_name(&a->keys.pseudonyms, class, part, size, a->name + used);
            used += PSEUDONYM_LETTERS;
        }
        if (slash)
            a->name[used++] = '/';
        i += size + (slash != NULL);
    }
    a->name[used] = '\0';
    ret->id = pseudonym_number(&a->keys.pseudonyms, class, from->id);
    ret->text = a->name;
    ret->size = used;
}

int anonymizer_item(struct anonymizer *a, const struct tlz_item *item, struct tlz_item *ret)
{
    int r = 0;

    *ret = *item;
    switch (item->kind) {
    case TLZ_ITEM_FILE:
    case TLZ_ITEM_SOURCE:
    case TLZ_ITEM_END:
        r = make_metadata(a, item->meta, item->kind == TLZ_ITEM_END);
        ret->meta = a->meta;
        break;
    case TLZ_ITEM_NAME:
        make_name(a, &item->name, &ret->name);
        break;
    case TLZ_ITEM_ROWS:
    case TLZ_ITEM_SKIPPED:
    case TLZ_ITEM_LOSS:
    case TLZ_ITEM_UNKNOWN:
    case TLZ_ITEM_DAMAGE:
        break;
    }
    return r;
}

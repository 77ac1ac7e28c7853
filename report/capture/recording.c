/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/capture/recording.h"

#include <errno.h>
#include <stdlib.h>

#include "util/missing.h"

void recording_free(struct recording *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->name_count; i++)
        free(r->names[i].text);
    free(r->names);
    free(r->losses);
    tlz_metadata_free(r->meta);
    free(r);
}

int recording_grow(void *array, size_t count, size_t element_size)
{
    void **pointer = array;
    void *grown;

    /* Powers of two from 8 on: room is made when the count is one of them. */
    if (count != 0 && (count < 8 || (count & (count - 1)) != 0))
        return 0;
    grown = reallocarray(*pointer, count < 8 ? 8 : 2 * count, element_size);
    if (!grown)
        return -ENOMEM;
    *pointer = grown;
    return 0;
}

int metadata_copy_tag(struct tlz_metadata *to, const struct tlz_metadata *from,
                      enum tlz_meta_tag tag)
{
    const char *text;
    uint64_t number;
    size_t size;

    if (tlz_meta_tags[tag].type == TLZ_METATYPE_ID)
        return tlz_metadata_id(from) ? tlz_metadata_set_id(to, tlz_metadata_id(from)) : 0;
    if (tlz_meta_tags[tag].type != TLZ_METATYPE_TEXT)
        return tlz_metadata_number(from, tag, &number) ? tlz_metadata_set_number(to, tag, number)
                                                       : 0;
    text = tlz_metadata_text(from, tag, &size);
    return text ? tlz_metadata_set_bytes(to, tag, text, size) : 0;
}

int metadata_merge(struct tlz_metadata *to, const struct tlz_metadata *from)
{
    for (enum tlz_meta_tag tag = 0; tag < TLZ_META_TAG_COUNT; tag++) {
        int r = metadata_copy_tag(to, from, tag);

        if (r < 0)
            return r;
    }
    return 0;
}

int metadata_merge_end(struct tlz_metadata *to, const struct tlz_metadata *from)
{
    int r = 0;

    for (enum tlz_meta_tag tag = 0; r == 0 && tag < TLZ_META_TAG_COUNT; tag++)
        if (tag != TLZ_META_SESSIONS && tag != TLZ_META_LOST && tag != TLZ_META_STATES &&
            tag != TLZ_META_STATES_LOST && tag != TLZ_META_BLOCKS && tag != TLZ_META_INDEX)
            r = metadata_copy_tag(to, from, tag);
    return r;
}

int metadata_replace(struct tlz_metadata **meta, const struct tlz_metadata *from)
{
    struct tlz_metadata *copy = tlz_metadata_copy(from);

    if (!copy)
        return -ENOMEM;
    tlz_metadata_free(*meta);
    *meta = copy;
    return 0;
}

int metadata_set_joined(struct tlz_metadata *meta, enum tlz_meta_tag tag,
                        const struct joined_text *text)
{
    const char *whole = joined_text_whole(text);

    return whole ? tlz_metadata_set_text(meta, tag, whole) : -ENOMEM;
}

void recording_learn_skipped(struct recording *r, const struct tlz_skipped *skipped)
{
    bool first = r->rows[TLZ_SESSIONS] == 0;

    r->rows[skipped->kind] = add_saturated(r->rows[skipped->kind], skipped->rows);
    if (skipped->kind != TLZ_SESSIONS)
        return;
    if (first || skipped->first_us < r->first_us)
        r->first_us = skipped->first_us;
    if (first || skipped->last_us > r->last_us)
        r->last_us = skipped->last_us;
}

void recording_learn_rows(struct recording *r, const struct tlz_batch *batch)
{
    recording_learn_skipped(r, &(struct tlz_skipped){.kind = batch->kind,
                                                     .blocks = 1,
                                                     .rows = batch->rows,
                                                     .first_us = batch->time_min_us,
                                                     .last_us = batch->time_max_us});
}

static void widen(struct tlz_loss *kept, const struct tlz_loss *loss)
{
    kept->cause =
        kept->cause == loss->cause && kept->kind == loss->kind ? kept->cause : TLZ_LOSS_UNKNOWN;
    kept->count = add_saturated(kept->count, loss->count);
    kept->from_us = loss->from_us < kept->from_us ? loss->from_us : kept->from_us;
    kept->to_us = loss->to_us > kept->to_us ? loss->to_us : kept->to_us;
}

int recording_learn_loss(struct recording *r, const struct tlz_loss *loss)
{
    unsigned int cause = (unsigned int)loss->cause;
    uint64_t *by_cause =
        &r->lost_by_cause[loss->kind][cause < CAPTURES_CAUSES ? cause : TLZ_LOSS_UNKNOWN];

    if (r->loss_count == 0 || loss->from_us < r->lost_from_us)
        r->lost_from_us = loss->from_us;
    if (r->loss_count == 0 || loss->to_us > r->lost_to_us)
        r->lost_to_us = loss->to_us;
    r->lost[loss->kind] = add_saturated(r->lost[loss->kind], loss->count);
    *by_cause = add_saturated(*by_cause, loss->count);
    if (r->loss_count == CAPTURES_LOSSES_MAX) {
        widen(&r->losses[r->loss_count - 1], loss);
        return 0;
    }
    if (recording_grow(&r->losses, r->loss_count, sizeof *r->losses) < 0)
        return -ENOMEM;
    r->losses[r->loss_count++] = *loss;
    return 0;
}

int recording_learn_name(struct recording *r, const struct tlz_name *name)
{
    char *text;

    if (r->name_count == CAPTURES_NAMES_MAX)
        return 0;
    if (recording_grow(&r->names, r->name_count, sizeof *r->names) < 0)
        return -ENOMEM;
    text = malloc(name->size + 1);
    if (!text)
        return -ENOMEM;
    memcpy(text, name->text, name->size);
    text[name->size] = '\0';
    r->names[r->name_count++] = (struct kept_name){name->kind, name->id, text, name->size};
    return 0;
}

const char *recording_text(const struct capture *capture, const struct recording *r,
                           enum tlz_meta_tag tag, size_t *ret_size)
{
    const char *text = r && r->meta ? tlz_metadata_text(r->meta, tag, ret_size) : NULL;

    if (!text && capture->file)
        text = tlz_metadata_text(capture->file, tag, ret_size);
    return text;
}

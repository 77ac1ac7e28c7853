/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/capture/captures.h"

#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"
#include "util/missing.h"

int captures_open(struct captures *c, size_t count)
{
    c->capture = calloc(count ? count : 1, sizeof *c->capture);
    c->count = c->room = c->capture ? count : 0;
    return c->capture ? 0 : -ENOMEM;
}

int captures_open_empty(struct captures *c, size_t room)
{
    int r = captures_open(c, room);

    c->count = 0;
    return r;
}

static void capture_close(struct capture *capture)
{
    free(capture->own_name);
    tlz_metadata_free(capture->file);
    tlz_metadata_free(capture->end);
    for (size_t i = 0; i < capture->recording_count; i++)
        recording_free(capture->recordings[i]);
    free(capture->recordings);
    free(capture->by_source);
    free(capture->damage);
    free(capture->unknown);
}

void captures_close(struct captures *c)
{
    for (size_t i = 0; i < c->count; i++)
        capture_close(&c->capture[i]);
    free(c->capture);
    *c = (struct captures){0};
}

static bool knows_source(const struct capture *capture, uint32_t source)
{
    return source < capture->by_source_count && capture->by_source[source] != 0;
}

/* Adds a recording of that source number, or takes the one that stood for the file alone. */
static int add_recording(struct captures *c, struct capture *capture, uint32_t source,
                         struct recording **ret)
{
    size_t n = capture->recording_count;
    struct recording *r;

    if (n == 1 && capture->recordings[0]->source == 0 && !knows_source(capture, 0)) {
        *ret = capture->recordings[0];
        (*ret)->source = source;
        return 0;
    }
    if (recording_grow(&capture->recordings, n, sizeof *capture->recordings) < 0)
        return -ENOMEM;
    r = calloc(1, sizeof *r);
    if (!r)
        return -ENOMEM;
    r->number = ++c->recordings;
    r->source = source;
    capture->recordings[capture->recording_count++] = r;
    *ret = r;
    return 0;
}

/* Makes room for that source number in by_source. */
static int index_source(struct capture *capture, uint32_t source)
{
    size_t count = source + 64;
    uint32_t *grown;

    if (source < capture->by_source_count)
        return 0;
    grown = reallocarray(capture->by_source, count, sizeof *grown);
    if (!grown)
        return -ENOMEM;
    memset(grown + capture->by_source_count, 0, (count - capture->by_source_count) * sizeof *grown);
    capture->by_source = grown;
    capture->by_source_count = count;
    return 0;
}

/* The recording of the file's source number; made when it is new, even if nothing describes it. */
static int find_recording(struct captures *c, struct capture *capture, uint32_t source,
                          struct recording **ret)
{
    int r;

    r = index_source(capture, source);
    if (r < 0)
        return r;
    if (knows_source(capture, source)) {
        *ret = capture->recordings[capture->by_source[source] - 1];
        return 0;
    }
    r = add_recording(c, capture, source, ret);
    if (r < 0)
        return r;
    capture->by_source[source] = (uint32_t)capture->recording_count;
    return 0;
}

static int learn_file(struct captures *c, struct capture *capture, const struct tlz_item *item)
{
    struct recording *unused;
    int r = metadata_replace(&capture->file, item->meta);

    if (r < 0 || capture->recording_count > 0)
        return r;
    return add_recording(c, capture, 0, &unused);
}

static int learn_damage(struct capture *capture, const struct tlz_item *item)
{
    capture->damage_count++;
    capture->damaged_bytes = add_saturated(capture->damaged_bytes, item->damage.size);
    capture->missing_blocks = add_saturated(capture->missing_blocks, item->damage.blocks);
    if (capture->damage_kept == CAPTURES_DAMAGE_MAX)
        return 0;
    if (recording_grow(&capture->damage, capture->damage_kept, sizeof *capture->damage) < 0)
        return -ENOMEM;
    capture->damage[capture->damage_kept++] =
        (struct kept_damage){.offset = item->offset, .damage = item->damage};
    return 0;
}

static int learn_unknown(struct capture *capture, const struct tlz_item *item)
{
    capture->unknown_count++;
    if (capture->unknown_kept == CAPTURES_UNKNOWN_MAX)
        return 0;
    if (recording_grow(&capture->unknown, capture->unknown_kept, sizeof *capture->unknown) < 0)
        return -ENOMEM;
    capture->unknown[capture->unknown_kept++] = item->unknown;
    return 0;
}

/* Items about the file and not about one of its sources. 1 when it was none of these. */
static int learn_of_file(struct captures *c, struct capture *capture, const struct tlz_item *item)
{
    switch (item->kind) {
    case TLZ_ITEM_FILE:
        return learn_file(c, capture, item);
    case TLZ_ITEM_END:
        return metadata_replace(&capture->end, item->meta);
    case TLZ_ITEM_DAMAGE:
        return learn_damage(capture, item);
    case TLZ_ITEM_UNKNOWN:
        return learn_unknown(capture, item);
    default:
        return 1;
    }
}

static int learn_of_source(struct recording *recording, const struct tlz_item *item)
{
    switch (item->kind) {
    case TLZ_ITEM_SOURCE:
        return metadata_replace(&recording->meta, item->meta);
    case TLZ_ITEM_ROWS:
        recording_learn_rows(recording, item->batch);
        return 0;
    case TLZ_ITEM_SKIPPED:
        recording_learn_skipped(recording, &item->skipped);
        return 0;
    case TLZ_ITEM_LOSS:
        return recording_learn_loss(recording, &item->loss);
    case TLZ_ITEM_NAME:
        return recording_learn_name(recording, &item->name);
    default:
        return 0;
    }
}

static void count_item(struct capture *capture, const struct tlz_item *item)
{
    if (tlz_item_has(item, TLZ_SESSIONS))
        capture->sessions = add_saturated(capture->sessions, item->batch->rows);
    if (item->kind == TLZ_ITEM_SKIPPED) {
        if (item->skipped.kind == TLZ_SESSIONS)
            capture->sessions = add_saturated(capture->sessions, item->skipped.rows);
        capture->blocks = add_saturated(capture->blocks, item->skipped.blocks);
        capture->unread |= item->skipped.unread;
    } else if (item->kind != TLZ_ITEM_DAMAGE) {
        capture->blocks += item->kind != TLZ_ITEM_UNKNOWN || !item->unknown.column;
    }
}

int captures_learn(struct captures *c, struct capture *capture, const struct tlz_item *item,
                   struct fact *ret)
{
    struct recording *recording = NULL;
    int r;

    count_item(capture, item);
    r = learn_of_file(c, capture, item);
    if (r > 0) {
        r = find_recording(c, capture, item->source, &recording);
        if (r == 0)
            r = learn_of_source(recording, item);
    }
    *ret = (struct fact){.capture = capture, .recording = recording, .item = item};
    return r;
}

uint64_t capture_lost(const struct capture *capture, enum tlz_kind kind)
{
    uint64_t lost = 0;

    for (size_t i = 0; i < capture->recording_count; i++)
        lost = add_saturated(lost, capture->recordings[i]->lost[kind]);
    return lost;
}

uint64_t capture_rows(const struct capture *capture, enum tlz_kind kind)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < capture->recording_count; i++)
        rows = add_saturated(rows, capture->recordings[i]->rows[kind]);
    return rows;
}

uint64_t captures_rows(const struct captures *c, enum tlz_kind kind)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < c->count; i++)
        rows = add_saturated(rows, capture_rows(&c->capture[i], kind));
    return rows;
}

bool captures_differ(const struct captures *c, enum tlz_meta_tag tag)
{
    const char *first = captures_first_text(c, tag);

    for (size_t i = 0; i < c->count; i++) {
        for (size_t j = 0; j < c->capture[i].recording_count; j++) {
            const char *text =
                recording_text(&c->capture[i], c->capture[i].recordings[j], tag, NULL);

            if (text && strcmp(text, first) != 0)
                return true;
        }
    }
    return false;
}

const char *captures_first_text(const struct captures *c, enum tlz_meta_tag tag)
{
    for (size_t i = 0; i < c->count; i++) {
        for (size_t j = 0; j < c->capture[i].recording_count; j++) {
            const char *text =
                recording_text(&c->capture[i], c->capture[i].recordings[j], tag, NULL);

            if (text)
                return text;
        }
    }
    return NULL;
}

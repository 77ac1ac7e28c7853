/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/capture/recording.h"

#include <assert.h>
#include <string.h>

#define TYPE_TEXT     COLUMN_TEXT
#define TYPE_NUMBER   TLZ_TYPE_COUNT
#define TYPE_BYTES    TLZ_TYPE_BYTES
#define TYPE_TIME     TLZ_TYPE_TIME
#define TYPE_DURATION TLZ_TYPE_DURATION
#define TYPE_ID       COLUMN_HEX

/* What the end block counted stands apart from what was read. */
#define TAG_NAME(tag, name)                                                                        \
    ((tag) == TLZ_META_SESSIONS      ? "end_sessions"                                              \
     : (tag) == TLZ_META_LOST        ? "end_lost"                                                  \
     : (tag) == TLZ_META_STATES      ? "end_states"                                                \
     : (tag) == TLZ_META_STATES_LOST ? "end_states_lost"                                           \
                                     : (name))
#define TAG_HEADING(tag)                                                                           \
    ((tag) == TLZ_META_SESSIONS      ? "sessions written"                                          \
     : (tag) == TLZ_META_LOST        ? "lost by then"                                              \
     : (tag) == TLZ_META_STATES      ? "states written"                                            \
     : (tag) == TLZ_META_STATES_LOST ? "states lost then"                                          \
                                     : NULL)

/* The tags before this one describe a recording; it and those behind it are known at its end. */
#define FIRST_END_TAG TLZ_META_ENDED_US

enum {
    INDEX_FILE,
    INDEX_SOURCE,
    INDEX_TAGS,
    INDEX_CLEAN_END = INDEX_TAGS + TLZ_META_TAG_COUNT,
    INDEX_FIRST_US,
    INDEX_LAST_US,
    INDEX_SPAN_US,
    INDEX_SESSIONS,
    INDEX_STATES,
    INDEX_BLOCKS,
    INDEX_BYTES,
    INDEX_BYTES_PER_SESSION,
    INDEX_LOST,
    INDEX_LOST_UNKNOWN,
    INDEX_LOST_RING_FULL,
    INDEX_LOST_NO_STORAGE,
    INDEX_LOST_WRITE_ERROR,
    INDEX_LOST_UNSEEN,
    INDEX_LOST_FROM_US,
    INDEX_LOST_TO_US,
    INDEX_STATES_LOST,
    INDEX_NAME_COUNT,
    INDEX_DAMAGE_COUNT,
    INDEX_DAMAGED_BYTES,
    INDEX_MISSING_BLOCKS,
    INDEX_UNKNOWN_COUNT,
    INDEX_CHECKED,
    INDEX_COUNT
};

static_assert(INDEX_COUNT <= RECORDING_COLUMNS_MAX, "callers keep the cells on the stack");
static_assert(INDEX_LOST_UNKNOWN + CAPTURES_CAUSES == INDEX_LOST_FROM_US,
              "a column for each cause");

const struct column recording_columns[INDEX_COUNT] = {
    [INDEX_FILE] = {"file", NULL, "the file, as it was named", COLUMN_TEXT},
    [INDEX_SOURCE] = {"source", NULL, "number of the recording, over all files", TLZ_TYPE_ID},
#define X(id, name_, number, type_, help_)                                                         \
    [INDEX_TAGS + TLZ_META_##                                                                      \
        id] = {TAG_NAME(TLZ_META_##id, name_), TAG_HEADING(TLZ_META_##id), help_, TYPE_##type_},
    TLZ_META_TAGS(X)
#undef X
        [INDEX_CLEAN_END] = {"clean_end", NULL, "it has an end: it was finished and not cut short",
                             TLZ_TYPE_BOOL},
    [INDEX_FIRST_US] = {"first_us", "first end", "the first end of a session", TLZ_TYPE_TIME},
    [INDEX_LAST_US] = {"last_us", "last end", "the last end of a session", TLZ_TYPE_TIME},
    [INDEX_SPAN_US] = {"span_us", NULL, "the time between them", TLZ_TYPE_DURATION},
    [INDEX_SESSIONS] = {"sessions", NULL, "sessions read", TLZ_TYPE_COUNT},
    [INDEX_STATES] = {"states", "states", "changes of state read", TLZ_TYPE_COUNT},
    [INDEX_BLOCKS] = {"blocks", NULL, "good blocks in the file, the index left out",
                      TLZ_TYPE_COUNT},
    [INDEX_BYTES] = {"bytes", "file size", "size of the file", TLZ_TYPE_BYTES},
    [INDEX_BYTES_PER_SESSION] = {"bytes_per_session", "bytes a session",
                                 "size of the file by its sessions", COLUMN_DECIMAL},
    [INDEX_LOST] = {"lost", "sessions lost",
                    "sessions that the recorder counted and could not record", TLZ_TYPE_COUNT},
    [INDEX_LOST_UNKNOWN] = {"lost_unknown", NULL, "... for a reason not known", TLZ_TYPE_COUNT},
    [INDEX_LOST_RING_FULL] = {"lost_ring_full", NULL, "... because the ring buffer was full",
                              TLZ_TYPE_COUNT},
    [INDEX_LOST_NO_STORAGE] = {"lost_no_storage", NULL, "... because the kernel had no memory",
                               TLZ_TYPE_COUNT},
    [INDEX_LOST_WRITE_ERROR] = {"lost_write_error", NULL,
                                "... because the capture could not be written", TLZ_TYPE_COUNT},
    [INDEX_LOST_UNSEEN] = {"lost_unseen", NULL,
                           "... at most: changes of state that the kernel did not show",
                           TLZ_TYPE_COUNT},
    [INDEX_LOST_FROM_US] = {"lost_from_us", NULL, "they were lost from this time on",
                            TLZ_TYPE_TIME},
    [INDEX_LOST_TO_US] = {"lost_to_us", NULL, "... to this one", TLZ_TYPE_TIME},
    [INDEX_STATES_LOST] = {"states_lost", "states lost",
                           "changes of state that the recorder counted and could not record",
                           TLZ_TYPE_COUNT},
    [INDEX_NAME_COUNT] = {"name_count", "names", "names kept for cgroups, namespaces and users",
                          TLZ_TYPE_COUNT},
    [INDEX_DAMAGE_COUNT] = {"damage_count", "damaged places", "damaged places in the file",
                            TLZ_TYPE_COUNT},
    [INDEX_DAMAGED_BYTES] = {"damaged_bytes", "damaged bytes", "bytes skipped there",
                             TLZ_TYPE_BYTES},
    [INDEX_MISSING_BLOCKS] = {"missing_blocks", NULL, "blocks known to be missing", TLZ_TYPE_COUNT},
    [INDEX_UNKNOWN_COUNT] = {"unknown_count", "unknown parts",
                             "kinds of block and column of a newer version", TLZ_TYPE_COUNT},
    [INDEX_CHECKED] = {"checked", NULL,
                       "the whole file was read; if not, the index tells of the sessions",
                       TLZ_TYPE_BOOL},
};

const size_t recording_column_count = INDEX_COUNT;
const size_t recording_described = INDEX_TAGS + FIRST_END_TAG;

static struct cell id_cell(const uint8_t *id)
{
    struct cell cell = {.present = id != NULL};

    if (id)
        memcpy(cell.value.bytes.b, id, sizeof cell.value.bytes.b);
    return cell;
}

static struct cell tag_cell(const struct tlz_metadata *meta, enum tlz_meta_tag tag)
{
    struct cell absent = {.present = false};
    const char *text;
    uint64_t number;
    size_t size;

    if (!meta)
        return absent;
    if (tlz_meta_tags[tag].type == TLZ_METATYPE_ID)
        return id_cell(tlz_metadata_id(meta));
    if (tlz_meta_tags[tag].type != TLZ_METATYPE_TEXT)
        return tlz_metadata_number(meta, tag, &number) ? cell_number(number) : absent;
    text = tlz_metadata_text(meta, tag, &size);
    return text ? cell_text(text, size) : absent;
}

/*
 * Each tag from where it is said: the end block, the recording, or the file. What the file or its
 * end says in a text stands in the first recording alone: of thousands, each would say it again,
 * and a report would be as long as the square of the file.
 */
static void fill_tags(const struct capture *capture, const struct recording *r, struct cell *ret)
{
    const bool is_first = r == capture->recordings[0];

    for (enum tlz_meta_tag tag = 0; tag < TLZ_META_TAG_COUNT; tag++) {
        const bool is_shared = is_first || tlz_meta_tags[tag].type != TLZ_METATYPE_TEXT;

        if (tag < FIRST_END_TAG)
            ret[tag] = tag_cell(r->meta, tag);
        else if (is_shared)
            ret[tag] = tag_cell(capture->end, tag);
        if (!ret[tag].present && is_shared)
            ret[tag] = tag_cell(capture->file, tag);
    }
}

/* A number of changes of state; absent = none. */
static struct cell states_cell(const uint64_t numbers[TLZ_KINDS])
{
    return (struct cell){.present = numbers[TLZ_STATES] > 0, .value.u = numbers[TLZ_STATES]};
}

static void fill_losses(const struct recording *r, struct cell *ret)
{
    ret[INDEX_LOST] = cell_number(r->lost[TLZ_SESSIONS]);
    for (int cause = 0; cause < CAPTURES_CAUSES; cause++) {
        struct cell *cell = &ret[INDEX_LOST_UNKNOWN + cause];

        *cell = cell_number(r->lost_by_cause[TLZ_SESSIONS][cause]);
        cell->present = r->lost_by_cause[TLZ_SESSIONS][cause] > 0;
    }
    ret[INDEX_STATES_LOST] = states_cell(r->lost);
    if (r->loss_count == 0)
        return;
    ret[INDEX_LOST_FROM_US] = cell_number(r->lost_from_us);
    ret[INDEX_LOST_TO_US] = cell_number(r->lost_to_us);
}

/* Bytes a session in thousandths, of all the recordings of the file. */
static struct cell bytes_per_session(const struct capture *capture)
{
    const uint64_t sessions = capture->sessions;

    if (sessions == 0)
        return (struct cell){.present = false};
    return cell_number(capture->bytes / sessions * 1000 +
                       capture->bytes % sessions * 1000 / sessions);
}

void recording_cells(const struct capture *capture, const struct recording *r, struct cell *ret)
{
    for (size_t i = 0; i < INDEX_COUNT; i++)
        ret[i] = (struct cell){.present = false};
    ret[INDEX_FILE] = cell_text(capture->name, strlen(capture->name));
    ret[INDEX_SOURCE] = cell_number(r->number);
    fill_tags(capture, r, ret + INDEX_TAGS);
    fill_losses(r, ret);
    ret[INDEX_CLEAN_END] = cell_number(capture->end != NULL);
    ret[INDEX_SESSIONS] = cell_number(r->rows[TLZ_SESSIONS]);
    ret[INDEX_STATES] = states_cell(r->rows);
    ret[INDEX_BLOCKS] = cell_number(capture->blocks);
    ret[INDEX_BYTES] = cell_number(capture->bytes);
    ret[INDEX_BYTES_PER_SESSION] = bytes_per_session(capture);
    ret[INDEX_NAME_COUNT] = cell_number(r->name_count);
    ret[INDEX_DAMAGE_COUNT] = cell_number(capture->damage_count);
    ret[INDEX_DAMAGED_BYTES] = cell_number(capture->damaged_bytes);
    ret[INDEX_MISSING_BLOCKS] = cell_number(capture->missing_blocks);
    ret[INDEX_UNKNOWN_COUNT] = cell_number(capture->unknown_count);
    ret[INDEX_CHECKED] = cell_number(!capture->unread);
    if (r->rows[TLZ_SESSIONS] == 0)
        return;
    ret[INDEX_FIRST_US] = cell_number(r->first_us);
    ret[INDEX_LAST_US] = cell_number(r->last_us);
    ret[INDEX_SPAN_US] = cell_number(r->last_us - r->first_us);
}

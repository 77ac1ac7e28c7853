/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture: what was selected of others, with all that they say of themselves. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "report/capture/recording.h"
#include "report/sink/row_queue.h"
#include "report/sink/sink.h"
#include "report/sink/written_end.h"
#include "report/sink/written_file.h"
#include "util/cleanup.h"
#include "util/joined_text.h"
#include "util/message.h"

#define FLUSH_SECONDS 1 /* a reader of the growing file waits no longer */

struct writing {
    struct sink sink;
    const struct sink_setup *setup;
    struct written_file file;
    struct tlz_writer *writer;
    const struct table *tables[TLZ_KINDS];
    enum tlz_field fields[TLZ_KINDS][TLZ_FIELD_COUNT]; /* of the cells */
    uint32_t *sources; /* the writer's number of each recording, 0 = not yet added */
    size_t source_count;
    struct row_queue queue;
    time_t flushed;
    bool done;
};

static void free_metadata(struct tlz_metadata **meta)
{
    tlz_metadata_free(*meta);
}

static int write_all(void *context, const void *data, size_t size)
{
    const struct written_file *file = context;
    const char *p = data;

    while (size > 0) {
        ssize_t n = write(file->fd, p, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        p += n;
        size -= (size_t)n;
    }
    return 0;
}

/* The file is made before the program is confined and so can make none. */
static int writing_open(struct sink **ret, const struct sink_setup *setup)
{
    static const struct written_kind kind = {"--write", "a capture is no text"};
    struct writing *w = calloc(1, sizeof *w);

    if (!w)
        return -ENOMEM;
    w->sink.type = &sink_capture;
    w->setup = setup;
    if (written_file_open(&w->file, &kind, setup->path, setup->force, setup->inputs) < 0) {
        free(w);
        return -ECANCELED;
    }
    if (written_file_place(&w->file))
        confine_allow_replace(setup->confinement, written_file_place(&w->file));
    *ret = &w->sink;
    return 0;
}

static int writing_begin(struct sink *sink, const struct table *table)
{
    struct writing *w = (struct writing *)sink;

    w->tables[table->kind] = table;
    for (size_t i = 0; i < table->count; i++) {
        const char *name = table->columns[i]->name;

        w->fields[table->kind][i] = tlz_field_by_name(table->kind, name, strlen(name));
    }
    return w->queue.rows ? 0 : row_queue_open(&w->queue);
}

/* Adds how the new capture was made to what the old one says of that. */
static int set_provenance(struct tlz_metadata *meta, const char *made_by)
{
    const char *before = tlz_metadata_text(meta, TLZ_META_PROVENANCE, NULL);
    _cleanup_(joined_text_free) struct joined_text text = {0};
    size_t size = made_by ? strlen(made_by) + sizeof "...; " : 0;

    if (!made_by)
        return 0;
    if (size > TLZ_META_TEXT_MAX)
        size = TLZ_META_TEXT_MAX;
    /* Where there is no room for both, the new one is whole. */
    if (before && strlen(before) + size > TLZ_META_TEXT_MAX)
        joined_text_format(&text, "%.*s...; ", (int)(TLZ_META_TEXT_MAX - size), before);
    else if (before)
        joined_text_format(&text, "%s; ", before);
    joined_text_add(&text, made_by);
    return metadata_set_joined(meta, TLZ_META_PROVENANCE, &text);
}

/* A file that does not describe itself is marked, too. */
static int set_mark(struct tlz_metadata *meta, const char *anonymized)
{
    if (!anonymized || tlz_metadata_text(meta, TLZ_META_ANONYMIZED, NULL))
        return 0;
    return tlz_metadata_set_text(meta, TLZ_META_ANONYMIZED, anonymized);
}

/* A capture made of several is a new one, with its own name; its sources keep the old ones. */
static int describe_merged(struct tlz_metadata *meta)
{
    uint8_t id[16];
    int r;

    if (getrandom(id, sizeof id, 0) != sizeof id)
        return -errno;
    r = tlz_metadata_set_id(meta, id);
    if (r == 0)
        r = tlz_metadata_set_text(meta, TLZ_META_PROGRAM, "tcplife-report");
    return r < 0 ? r : tlz_metadata_set_text(meta, TLZ_META_VERSION, PROGRAM_VERSION);
}

/* A part of a capture is still that capture: it keeps what the file says. */
static int describe_same(struct tlz_metadata *meta, const struct capture *capture)
{
    static const uint8_t unknown_id[16];
    int r = capture->file ? metadata_merge(meta, capture->file) : 0;

    if (r < 0 || tlz_metadata_id(meta))
        return r;
    return tlz_metadata_set_id(meta, unknown_id);
}

/* Opens the writer, once something is known of the inputs. */
static int open_writer(struct writing *w)
{
    _cleanup_(free_metadata) struct tlz_metadata *meta = NULL;
    const struct captures *captures = w->setup->captures;
    struct tlz_writer_options options = {.level = w->setup->level};
    struct tlz_output output = {.write = write_all, .context = &w->file};
    int r;

    if (w->writer)
        return 0;
    meta = tlz_metadata_new();
    if (!meta)
        return -ENOMEM;
    r = captures->count == 1 ? describe_same(meta, &captures->capture[0]) : describe_merged(meta);
    if (r == 0)
        r = set_provenance(meta, w->setup->made_by);
    if (r == 0)
        r = set_mark(meta, w->setup->anonymized);
    return r < 0 ? r : tlz_writer_open(&w->writer, &output, &options, meta);
}

/* What the recording says of itself; of several captures, what their files say too. */
static int describe_source(const struct writing *w, const struct capture *capture,
                           const struct recording *recording, struct tlz_metadata **ret)
{
    struct tlz_metadata *meta = tlz_metadata_new();
    int r = 0;

    if (!meta)
        return -ENOMEM;
    *ret = meta;
    if (w->setup->captures->count > 1 && capture->file)
        r = metadata_merge(meta, capture->file);
    if (r == 0 && recording->meta)
        r = metadata_merge(meta, recording->meta);
    return r;
}

/* The writer's number of a recording; adds it when it is new. */
static int find_source(struct writing *w, const struct capture *capture,
                       const struct recording *recording, uint32_t *ret)
{
    _cleanup_(free_metadata) struct tlz_metadata *meta = NULL;
    size_t index = recording->number - 1u;
    int r = open_writer(w);

    while (r == 0 && w->source_count <= index) {
        r = recording_grow(&w->sources, w->source_count, sizeof *w->sources);
        if (r == 0)
            w->sources[w->source_count++] = 0;
    }
    if (r == 0 && w->sources[index] == 0)
        r = describe_source(w, capture, recording, &meta);
    if (r == 0 && meta)
        r = tlz_writer_add_source(w->writer, meta, &w->sources[index]);
    if (r == 0)
        *ret = w->sources[index];
    return r;
}

static int drain(struct writing *w)
{
    return row_queue_drain(&w->queue, w->writer);
}

/* The cells as a row of a capture, in the clock of its block. */
static void make_row(const struct writing *w, const struct row *row, const struct tlz_clock *clock,
                     struct tlz_row *ret)
{
    tlz_row_clear(ret);
    for (size_t i = 0; i < w->tables[row->kind]->count; i++) {
        enum tlz_field f = w->fields[row->kind][i];

        if (!row->cells[i].present)
            continue;
        tlz_fieldset_add(&ret->present, f);
        if (tlz_type_is_bytes(tlz_fields[f].type))
            ret->value[f].bytes = row->cells[i].value.bytes;
        else if (tlz_fields[f].type == TLZ_TYPE_TIME)
            ret->value[f].u = row->cells[i].value.u - clock->real_us + clock->boot_us;
        else
            ret->value[f].u = row->cells[i].value.u;
    }
}

/*
 * Rows of one recording in its order go straight on, each block with its own clock pair. Otherwise
 * rows wait, as many in all as a block holds, and are written recording by recording. Where their
 * order was changed their times are written as Unix times, since a pair for each row would make a
 * block of each.
 */
static int writing_row(struct sink *sink, const struct row *row)
{
    struct writing *w = (struct writing *)sink;
    struct tlz_clock clock = *row->clock;
    uint32_t source = w->sources[row->source - 1];
    struct tlz_row stored;

    if (w->setup->sorted)
        clock = (struct tlz_clock){0};
    make_row(w, row, &clock, &stored);
    if (w->setup->captures->recordings == 1)
        return tlz_writer_add_row(w->writer, row->kind, source, &clock, &stored);
    return row_queue_add(&w->queue, w->writer, row->kind, source, &clock, &stored);
}

static int writing_learn(struct sink *sink, const struct fact *fact)
{
    struct writing *w = (struct writing *)sink;
    uint32_t source;
    int r;

    if (!fact->item || !fact->recording)
        return 0;
    r = find_source(w, fact->capture, fact->recording, &source);
    if (r == 0 && fact->item->kind == TLZ_ITEM_LOSS)
        r = tlz_writer_add_loss(w->writer, source, &fact->item->loss);
    else if (r == 0 && fact->item->kind == TLZ_ITEM_NAME)
        r = tlz_writer_add_name(w->writer, source, &fact->item->name);
    return r;
}

/* At most once a second, so that a slow pipe does not make small blocks. */
static int writing_flush(struct sink *sink)
{
    struct writing *w = (struct writing *)sink;
    struct timespec now;
    int r;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (w->flushed == 0)
        w->flushed = now.tv_sec;
    if (!w->writer || now.tv_sec < w->flushed + FLUSH_SECONDS)
        return 0;
    w->flushed = now.tv_sec;
    r = drain(w);
    return r < 0 ? r : tlz_writer_flush(w->writer);
}

/* "x.tlz: 12 sessions, 60 changes of state, 3456 bytes" */
static void say_written(const struct writing *w)
{
    struct tlz_writer_stats stats;
    uint64_t sessions, states;
    char text[128] = "no sessions";
    size_t used = 0;

    tlz_writer_stats(w->writer, &stats);
    sessions = stats.of[TLZ_SESSIONS].written;
    states = stats.of[TLZ_STATES].written;
    if (sessions > 0)
        used = (size_t)sprintf(text, "%" PRIu64 " session%s", sessions, sessions == 1 ? "" : "s");
    if (states > 0)
        sprintf(text + used, "%s%" PRIu64 " change%s of state", used ? ", " : "", states,
                states == 1 ? "" : "s");
    if (sessions == 0 || states > 0)
        message_notice("%s: %s, %" PRIu64 " bytes", w->file.path, text, stats.bytes);
    else
        message_notice("%s: %s, %" PRIu64 " bytes, %.1f bytes a session", w->file.path, text,
                       stats.bytes, (double)stats.bytes / (double)sessions);
}

static int writing_end(struct sink *sink)
{
    struct writing *w = (struct writing *)sink;
    _cleanup_(free_metadata) struct tlz_metadata *end = tlz_metadata_new();
    int r = end ? open_writer(w) : -ENOMEM;

    if (r == 0)
        r = drain(w);
    if (r == 0)
        r = written_end_describe(w->setup->captures, end);
    if (r == 0)
        r = tlz_writer_finish(w->writer, end);
    if (r < 0)
        return r;
    w->done = true;
    r = written_file_close(&w->file);
    if (r == 0)
        say_written(w);
    return r;
}

static void writing_free(struct sink *sink)
{
    struct writing *w = (struct writing *)sink;

    if (!w->done)
        written_file_abandon(&w->file);
    tlz_writer_free(w->writer);
    row_queue_close(&w->queue);
    free(w->sources);
    free(w);
}

const struct sink_type sink_capture = {
    .option = "--write",
    .columns = SINK_COLUMNS_STORED,
    .takes_both = true,
    .open = writing_open,
    .begin = writing_begin,
    .row = writing_row,
    .learn = writing_learn,
    .flush = writing_flush,
    .end = writing_end,
    .free = writing_free,
};

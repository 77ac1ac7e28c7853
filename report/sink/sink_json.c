/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One JSON document, written as rows come: the rows, then what is known of the captures, which is
 * complete only at their end.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "format/block.h"
#include "report/capture/recording.h"
#include "report/sink/json_captures.h"
#include "report/sink/json_members.h"
#include "report/sink/sink.h"

struct document {
    struct sink sink;
    struct output output;
    const struct captures *captures;
    struct json_members members;
    bool any_row;
    const struct document *whole; /* of a part: what it is of, whose members are meant; else NULL */
};

static int document_open(struct sink **ret, const struct sink_setup *setup)
{
    struct document *d = calloc(1, sizeof *d);

    if (!d)
        return -ENOMEM;
    d->sink.type = &sink_json;
    d->captures = setup->captures;
    output_init(&d->output, STDOUT_FILENO);
    *ret = &d->sink;
    return 0;
}

static int document_begin(struct sink *sink, const struct table *table)
{
    struct document *d = (struct document *)sink;

    output_string(&d->output, "{\"");
    output_string(&d->output, table->name);
    output_string(&d->output, "\":[");
    return d->output.error ? d->output.error : json_members_open(&d->members, table);
}

static int document_row(struct sink *sink, const struct row *row)
{
    struct document *d = (struct document *)sink;

    output_string(&d->output, d->any_row ? ",\n" : "\n");
    d->any_row = true;
    json_members_write(d->whole ? &d->whole->members : &d->members, &d->output, row->cells);
    return output_row_done(&d->output);
}

static int document_flush(struct sink *sink)
{
    return output_flush(&((struct document *)sink)->output);
}

static void write_captures(struct document *d)
{
    const char *between = "\n";

    for (size_t i = 0; i < d->captures->count; i++) {
        const struct capture *capture = &d->captures->capture[i];

        for (size_t j = 0; j < capture->recording_count; j++) {
            output_string(&d->output, between);
            json_captures_recording(&d->output, capture, capture->recordings[j],
                                    &json_captures_all);
            output_row_done(&d->output);
            between = ",\n";
        }
    }
}

static int document_end(struct sink *sink)
{
    struct document *d = (struct document *)sink;
    const char *between = "\n";

    output_string(&d->output, d->any_row ? "\n],\n\"captures\":[" : "],\n\"captures\":[");
    write_captures(d);
    output_string(&d->output, "\n],\n\"losses\":[");
    for (size_t i = 0; i < d->captures->count; i++)
        for (size_t j = 0; j < d->captures->capture[i].recording_count; j++)
            json_captures_losses(&d->output, d->captures->capture[i].recordings[j], &between);
    output_string(&d->output, "]}\n");
    return output_flush(&d->output);
}

static int document_part(struct sink *sink, struct sink **ret)
{
    struct document *part = calloc(1, sizeof *part);

    if (!part)
        return -ENOMEM;
    part->sink.type = &sink_json;
    part->whole = (struct document *)sink;
    part->any_row = true;
    *ret = &part->sink;
    return output_init_part(&part->output, TLZ_ROWS_MAX);
}

static void document_clear(struct sink *part)
{
    output_clear(&((struct document *)part)->output);
}

/* The first row of all has no comma before it. */
static int document_take(struct sink *sink, const struct sink *part, uint32_t first, uint32_t count,
                         uint32_t source)
{
    struct document *d = (struct document *)sink;
    const struct output *rows = &((const struct document *)part)->output;
    size_t skip = d->any_row ? 0 : 1;

    (void)source;
    d->any_row = true;
    return output_take(&d->output, rows, first, count, skip);
}

static void document_free(struct sink *sink)
{
    struct document *d = (struct document *)sink;

    json_members_close(&d->members);
    output_release(&d->output);
    free(d);
}

const struct sink_type sink_json = {
    .option = "--json",
    .columns = SINK_COLUMNS_ALL,
    .open = document_open,
    .begin = document_begin,
    .row = document_row,
    .flush = document_flush,
    .end = document_end,
    .free = document_free,
    .part = document_part,
    .clear = document_clear,
    .take = document_take,
};

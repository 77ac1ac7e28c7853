/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A page for a browser: report/html/ with the rows of a view and what is known of the captures as
 * one JSON document in it. All of it is kept until the end, since it has a bound.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/page_template.h"
#include "report/sink/json_captures.h"
#include "report/sink/json_members.h"
#include "report/sink/sink.h"
#include "report/sink/written_file.h"
#include "util/message.h"

/* What there is room for of recordings and of losses, each by itself. */
#define CAPTURES_BYTES_MAX (160 * 1024)
#define LOSSES_BYTES_MAX   (48 * 1024)

struct html {
    struct sink sink;
    const struct sink_setup *setup;
    struct written_file file;
    struct output json; /* of the document, which is written only when it is whole */
    struct json_members members;
    bool any_table, any_row;
    bool done;
};

static int html_open(struct sink **ret, const struct sink_setup *setup)
{
    static const struct written_kind kind = {"--html", "a page is for a browser"};
    struct html *h = calloc(1, sizeof *h);

    if (!h)
        return -ENOMEM;
    h->sink.type = &sink_html;
    h->setup = setup;
    output_init(&h->json, -1);
    if (written_file_open(&h->file, &kind, setup->path, setup->force, setup->inputs) < 0) {
        free(h);
        return -ECANCELED;
    }
    if (written_file_place(&h->file))
        confine_allow_replace(setup->confinement, written_file_place(&h->file));
    *ret = &h->sink;
    return 0;
}

/* Tables come one after another. */
static int html_begin(struct sink *sink, const struct table *table)
{
    struct html *h = (struct html *)sink;

    output_string(&h->json, h->any_table ? "\n],\n\"" : "{\"");
    output_string(&h->json, table->name);
    output_string(&h->json, "\":[");
    h->any_table = true;
    h->any_row = false;
    json_members_close(&h->members);
    return h->json.error ? h->json.error : json_members_open(&h->members, table);
}

static int html_row(struct sink *sink, const struct row *row)
{
    struct html *h = (struct html *)sink;

    output_string(&h->json, h->any_row ? ",\n" : "\n");
    h->any_row = true;
    json_members_write(&h->members, &h->json, row->cells);
    return h->json.error;
}

static int html_flush(struct sink *sink)
{
    (void)sink;
    return 0;
}

/* Takes back what is behind `from`, where it is more than there is room for. */
static bool fits(struct output *json, size_t begin, size_t from, size_t most)
{
    if (json->used - begin <= most)
        return true;
    json->used = from;
    return false;
}

static uint64_t write_captures(struct html *h)
{
    static const struct json_limits few = {.names = 0, .damage = 20, .unknown = 20};
    const struct captures *captures = h->setup->captures;
    size_t begin = h->json.used;
    const char *between = "\n";
    uint64_t left_out = 0;

    for (size_t i = 0; i < captures->count; i++) {
        const struct capture *capture = &captures->capture[i];

        for (size_t j = 0; j < capture->recording_count; j++) {
            size_t from = h->json.used;

            output_string(&h->json, between);
            json_captures_recording(&h->json, capture, capture->recordings[j], &few);
            if (fits(&h->json, begin, from, CAPTURES_BYTES_MAX))
                between = ",\n";
            else
                left_out++;
        }
    }
    return left_out;
}

/* Those of a recording together, or none of them. */
static uint64_t write_losses(struct html *h)
{
    const struct captures *captures = h->setup->captures;
    size_t begin = h->json.used;
    const char *between = "\n";
    uint64_t left_out = 0;

    for (size_t i = 0; i < captures->count; i++) {
        for (size_t j = 0; j < captures->capture[i].recording_count; j++) {
            const struct recording *recording = captures->capture[i].recordings[j];
            const char *before = between;
            size_t from = h->json.used;

            json_captures_losses(&h->json, recording, &between);
            if (fits(&h->json, begin, from, LOSSES_BYTES_MAX))
                continue;
            between = before;
            left_out += recording->loss_count;
        }
    }
    return left_out;
}

static void end_document(struct html *h)
{
    struct json_object object = {.output = &h->json, .any = true};
    uint64_t captures, losses;

    output_string(&h->json, "\n]");
    json_key(&object, "captures");
    output_string(&h->json, "[");
    captures = write_captures(h);
    output_string(&h->json, "\n]");
    json_key(&object, "losses");
    output_string(&h->json, "[");
    losses = write_losses(h);
    output_string(&h->json, "\n]");
    json_number(&object, "captures_left_out", captures);
    json_number(&object, "losses_left_out", losses);
    json_close(&object);
}

/* How JSON writes what means something to a page: outside of strings none of it is there. */
static const char *escape_of(const char *p, size_t size, size_t *ret_taken)
{
    *ret_taken = 1;
    switch (*p) {
    case '<':
        return "\\u003c";
    case '>':
        return "\\u003e";
    case '&':
        return "\\u0026";
    }
    if (size < 3 || memcmp(p, "\xe2\x80", 2) != 0 || (p[2] != '\xa8' && p[2] != '\xa9'))
        return NULL;
    *ret_taken = 3;
    return p[2] == '\xa8' ? "\\u2028" : "\\u2029";
}

static void put_document(const struct html *h, struct output *page)
{
    const char *bytes = h->json.buffer;
    size_t begin = 0;

    for (size_t i = 0; i < h->json.used; i++) {
        size_t taken;
        const char *escape = escape_of(&bytes[i], h->json.used - i, &taken);

        if (!escape)
            continue;
        output_bytes(page, &bytes[begin], i - begin);
        output_string(page, escape);
        begin = i + taken;
        i = begin - 1;
    }
    output_bytes(page, &bytes[begin], h->json.used - begin);
}

static int put_page(const struct html *h, uint64_t *ret_size)
{
    struct output page;
    int r;

    output_init(&page, h->file.fd);
    output_bytes(&page, page_template_head, page_template_head_size);
    put_document(h, &page);
    output_bytes(&page, page_template_tail, page_template_tail_size);
    *ret_size = page.used;
    r = output_flush(&page);
    output_release(&page);
    return r;
}

static int html_end(struct sink *sink)
{
    struct html *h = (struct html *)sink;
    uint64_t size = 0;
    int r;

    end_document(h);
    r = h->json.error ? h->json.error : put_page(h, &size);
    if (r < 0)
        return r;
    h->done = true;
    r = written_file_close(&h->file);
    if (r == 0)
        message_notice("%s: %" PRIu64 " bytes", h->setup->path, size);
    return r;
}

static void html_free(struct sink *sink)
{
    struct html *h = (struct html *)sink;

    if (!h->done)
        written_file_abandon(&h->file);
    json_members_close(&h->members);
    output_release(&h->json);
    free(h);
}

const struct sink_type sink_html = {
    .option = "--html",
    .columns = SINK_COLUMNS_ALL,
    .open = html_open,
    .begin = html_begin,
    .row = html_row,
    .flush = html_flush,
    .end = html_end,
    .free = html_free,
};

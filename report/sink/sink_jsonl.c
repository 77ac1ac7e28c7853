/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON lines: a row a line, and on request lines with a "type" for what else is known, as it comes.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "format/block.h"
#include "report/capture/recording.h"
#include "report/sink/json_facts.h"
#include "report/sink/json_members.h"
#include "report/sink/sink.h"

struct lines {
    struct sink sink;
    struct output output;
    struct json_members members[TLZ_KINDS]; /* of rows of each kind; others are of the first */
    const struct lines *whole; /* of a part: what it is of, whose members are meant; else NULL */
    bool with_meta;
    uint32_t source; /* whose rows the reader of the lines expects */
    bool *told;      /* by recordings' numbers: its capture line was written */
    size_t told_count;
};

static int lines_open(struct sink **ret, const struct sink_setup *setup)
{
    struct lines *lines = calloc(1, sizeof *lines);

    if (!lines)
        return -ENOMEM;
    lines->sink.type = &sink_jsonl;
    lines->with_meta = setup->with_meta;
    output_init(&lines->output, STDOUT_FILENO);
    *ret = &lines->sink;
    return 0;
}

static int lines_begin(struct sink *sink, const struct table *table)
{
    return json_members_open(&((struct lines *)sink)->members[table->kind], table);
}

static void open_line(struct lines *lines, struct json_object *object, const char *type)
{
    json_open(object, &lines->output);
    json_text(object, "type", type, strlen(type));
}

static void close_line(struct lines *lines, struct json_object *object)
{
    json_close(object);
    output_string(&lines->output, "\n");
}

/* A row belongs to the recording last named: names another one. */
static void turn_to(struct lines *lines, uint32_t source)
{
    struct json_object object;

    if (!lines->with_meta || source == 0 || source == lines->source)
        return;
    open_line(lines, &object, "source");
    json_number(&object, "source", source);
    close_line(lines, &object);
    lines->source = source;
}

static int lines_row(struct sink *sink, const struct row *row)
{
    struct lines *lines = (struct lines *)sink;
    const struct lines *whole = lines->whole ? lines->whole : lines;

    turn_to(lines, row->source);
    json_members_write(&whole->members[row->kind], &lines->output, row->cells);
    output_bytes(&lines->output, "\n", 1);
    return output_row_done(&lines->output);
}

/* Room to note of that recording that it was told. 0 or -ENOMEM. */
static int make_room(struct lines *lines, uint32_t number)
{
    while (lines->told_count <= number) {
        if (recording_grow(&lines->told, lines->told_count, sizeof *lines->told) < 0)
            return -ENOMEM;
        lines->told[lines->told_count++] = false;
    }
    return 0;
}

static bool is_told(const struct lines *lines, const struct recording *recording)
{
    return recording->number < lines->told_count && lines->told[recording->number];
}

static int write_capture(struct lines *lines, const struct fact *fact)
{
    struct json_object object;

    if (make_room(lines, fact->recording->number) < 0)
        return -ENOMEM;
    lines->told[fact->recording->number] = true;
    open_line(lines, &object, "capture");
    json_recording(&object, fact->capture, fact->recording, recording_described);
    close_line(lines, &object);
    lines->source = fact->recording->number;
    return 0;
}

static int write_end(struct lines *lines, const struct capture *capture)
{
    struct json_object object;
    int r = 0;

    /* A file that names no recording was not yet said to be there. */
    if (capture->recording_count == 1 && !is_told(lines, capture->recordings[0]))
        r = write_capture(lines,
                          &(struct fact){.capture = capture, .recording = capture->recordings[0]});
    if (r < 0)
        return r;
    open_line(lines, &object, "end");
    json_end(&object, capture);
    close_line(lines, &object);
    return 0;
}

static void write_loss(struct lines *lines, const struct fact *fact)
{
    struct json_object object;

    open_line(lines, &object, "loss");
    json_loss(&object, fact->recording, &fact->item->loss);
    close_line(lines, &object);
}

static void write_name(struct lines *lines, const struct fact *fact)
{
    const struct tlz_name *name = &fact->item->name;
    struct json_object object;

    open_line(lines, &object, "name");
    json_number(&object, "source", fact->recording->number);
    json_name(&object, name->kind, name->id, name->text, name->size);
    close_line(lines, &object);
}

static void write_damage(struct lines *lines, const struct fact *fact)
{
    struct json_object object;

    open_line(lines, &object, "damage");
    json_text(&object, "file", fact->capture->name, strlen(fact->capture->name));
    json_damage(&object, fact->item->offset, &fact->item->damage);
    close_line(lines, &object);
}

/* A recording is told of once it is described, or when something of it is known without that. */
static int tell_of_recording(struct lines *lines, const struct fact *fact)
{
    if (!fact->recording)
        return 0;
    if (fact->item->kind != TLZ_ITEM_SOURCE && is_told(lines, fact->recording))
        return 0;
    return write_capture(lines, fact);
}

static int lines_learn(struct sink *sink, const struct fact *fact)
{
    struct lines *lines = (struct lines *)sink;
    int r;

    if (!lines->with_meta)
        return 0;
    r = fact->item ? tell_of_recording(lines, fact) : write_end(lines, fact->capture);
    if (r < 0 || !fact->item)
        return r < 0 ? r : output_row_done(&lines->output);
    if (fact->item->kind == TLZ_ITEM_LOSS)
        write_loss(lines, fact);
    else if (fact->item->kind == TLZ_ITEM_NAME)
        write_name(lines, fact);
    else if (fact->item->kind == TLZ_ITEM_DAMAGE)
        write_damage(lines, fact);
    return output_row_done(&lines->output);
}

static int lines_flush(struct sink *sink)
{
    return output_flush(&((struct lines *)sink)->output);
}

static int lines_part(struct sink *sink, struct sink **ret)
{
    struct lines *lines = (struct lines *)sink, *part = calloc(1, sizeof *part);

    if (!part)
        return -ENOMEM;
    part->sink.type = &sink_jsonl;
    part->whole = lines;
    *ret = &part->sink;
    return output_init_part(&part->output, TLZ_ROWS_MAX);
}

static void lines_clear(struct sink *part)
{
    output_clear(&((struct lines *)part)->output);
}

static int lines_take(struct sink *sink, const struct sink *part, uint32_t first, uint32_t count,
                      uint32_t source)
{
    struct lines *lines = (struct lines *)sink;

    turn_to(lines, source);
    return output_take(&lines->output, &((const struct lines *)part)->output, first, count, 0);
}

static void lines_free(struct sink *sink)
{
    struct lines *lines = (struct lines *)sink;

    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        json_members_close(&lines->members[kind]);
    output_release(&lines->output);
    free(lines->told);
    free(lines);
}

const struct sink_type sink_jsonl = {
    .option = "--jsonl",
    .takes_meta = true,
    .takes_both = true,
    .columns = SINK_COLUMNS_ALL,
    .open = lines_open,
    .begin = lines_begin,
    .row = lines_row,
    .learn = lines_learn,
    .flush = lines_flush,
    .end = lines_flush,
    .free = lines_free,
    .part = lines_part,
    .clear = lines_clear,
    .take = lines_take,
};

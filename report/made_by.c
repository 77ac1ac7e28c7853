/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/made_by.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Bytes of all their names, as they were typed. */
#define COMMAND_FILES_MAX 1000

static bool is_selection(const struct report_options *o)
{
    return filter_is_active(&o->filter) || time_range_is_active(&o->times) || o->top > 0 ||
           (o->has_view && !o->other_view);
}

/* Names of files may tell who somebody is: an anonymized capture has none. */
static void add_names(struct joined_text *ret, const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        const char *slash = strrchr(inputs->input[i].name, '/');

        joined_text_add(ret, i ? ", " : "");
        joined_text_add(ret, slash ? slash + 1 : inputs->input[i].name);
    }
}

/* " (a selection: --states --top 3)" */
static void add_selection(struct joined_text *ret, const struct report_options *o)
{
    joined_text_add(ret, " (a selection:");
    if (o->has_view && !o->other_view)
        joined_text_format(ret, " %s", o->view->option);
    if (o->selection.size > 0)
        joined_text_format(ret, " %s", o->selection.bytes);
    if (o->top > 0 && o->sort)
        joined_text_format(ret, " --sort %s", o->sort);
    if (o->top > 0)
        joined_text_format(ret, " --top %" PRIu64, o->top);
    joined_text_add(ret, ")");
}

/* As a shell reads it back. */
static void add_word(struct joined_text *ret, const char *word)
{
    const char *unquoted =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=-";

    joined_text_add(ret, " ");
    if (*word && !word[strspn(word, unquoted)]) {
        joined_text_add(ret, word);
        return;
    }
    joined_text_add(ret, "'");
    for (; *word; word++) {
        if (*word == '\'')
            joined_text_add(ret, "'\\''");
        else
            joined_text_format(ret, "%c", *word);
    }
    joined_text_add(ret, "'");
}

/* Names of too many files, or too long ones, do not help. */
static void add_files(struct joined_text *ret, const struct report_options *o)
{
    size_t size = 0;

    for (size_t i = 0; i < o->file_count; i++)
        size += strlen(o->files[i]) + 1;
    if (size > COMMAND_FILES_MAX) {
        joined_text_add(ret, " FILE...");
        return;
    }
    for (size_t i = 0; i < o->file_count; i++)
        add_word(ret, o->files[i]);
}

static int describe_command(struct joined_text *ret, const struct report_options *o)
{
    if (o->anonymize)
        return 0;
    joined_text_add(ret, "tcplife-report");
    add_files(ret, o);
    if (o->input != &source_tlz)
        joined_text_add(ret, " --input jsonl");
    if (o->selection.size > 0)
        joined_text_format(ret, " %s", o->selection.bytes);
    if (o->zone) {
        joined_text_add(ret, " --tz");
        add_word(ret, o->zone);
    }
    return joined_text_whole(ret) ? 0 : -ENOMEM;
}

int describe_making(struct joined_text *ret, struct joined_text *ret_command,
                    const struct report_options *o, const struct inputs *inputs)
{
    if (o->html)
        return describe_command(ret_command, o);
    /* JSON lines are a capture in another form: nothing was done to it. */
    if (!o->write || o->input != &source_tlz)
        return 0;
    joined_text_add(ret, "tcplife-report " PROGRAM_VERSION " from ");
    if (o->anonymize)
        joined_text_format(ret, "%zu capture%s", inputs->count, inputs->count == 1 ? "" : "s");
    else
        add_names(ret, inputs);
    if (is_selection(o) && o->anonymize)
        joined_text_add(ret, " (a selection, anonymized)");
    else if (is_selection(o))
        add_selection(ret, o);
    else if (o->anonymize)
        joined_text_add(ret, " (anonymized)");
    return joined_text_whole(ret) ? 0 : -ENOMEM;
}

const char *describe_selection(const struct report_options *o)
{
    if (o->selection.size == 0)
        return NULL;
    return o->anonymize ? "not told, since it may name what is anonymized" : o->selection.bytes;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/option_checks.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "report/sink/journal_entries.h"
#include "util/message.h"

static int check_schema(const struct report_options *o)
{
    if (!o->schema)
        return -1;
    if (o->beside_schema)
        return message_usage("--%s does not go with --schema, which is that of every view",
                             o->beside_schema);
    if (o->file_count > 0)
        return message_usage("--schema takes no FILE; it is that of every view");
    return -1;
}

static int check_files(const struct report_options *o)
{
    size_t standard = 0;

    if (o->list_columns || o->schema)
        return -1;
    if (o->file_count == 0)
        return message_usage("no FILE is named; - is standard input");
    for (size_t i = 0; i < o->file_count; i++)
        standard += !strcmp(o->files[i], "-");
    if (standard > 1)
        return message_usage("- is named twice, and standard input can be read once");
    return -1;
}

static int check_write(const struct report_options *o)
{
    if (!report_options_output(o) && o->force)
        return message_usage("--force goes with --write and --html");
    if (!o->write && o->level)
        return message_usage("--level goes with --write");
    if (!o->write)
        return -1;
    if (!o->view->is_rows)
        return message_usage("--write makes a capture of sessions and changes of state; the rows "
                             "of %s are neither",
                             o->view->option);
    if (o->columns)
        return message_usage("--write keeps every column; --columns does not go with it");
    if (o->list_columns)
        return message_usage("--list-columns and --write exclude each other");
    return -1;
}

static int check_rows(const struct report_options *o)
{
    if (!o->sink->is_for_database)
        return -1;
    if (o->view != &view_sessions || o->other_view)
        return message_usage("--rows are those of sessions; %s does not go with it",
                             o->view != &view_sessions ? o->view->option : o->other_view->option);
    if (o->columns)
        return message_usage("--rows have every column; --columns does not go with it");
    if (o->list_columns)
        return message_usage("--list-columns and --rows exclude each other");
    return -1;
}

static int check_html(const struct report_options *o)
{
    if (!o->html)
        return -1;
    if (o->has_view)
        return message_usage("--html has parts of several views; %s does not go with it",
                             o->view->option);
    if (o->columns)
        return message_usage("--html has columns of its own; --columns does not go with it");
    if (o->list_columns)
        return message_usage("--list-columns and --html exclude each other");
    return -1;
}

/* What belongs to a peer's output: text or CSV of its own columns. */
static int check_peers_option(const struct report_options *o, const char *option)
{
    if (o->sink->columns != SINK_COLUMNS_LAYOUT)
        return message_usage("%s does not go with %s", option, o->sink->option);
    if (!o->view->layout)
        return message_usage("%s does not go with %s", option, o->view->option);
    return -1;
}

static int check_look(const struct report_options *o)
{
    if (!o->look_option)
        return -1;
    if (o->columns)
        return message_usage("%s does not go with --columns; times are %s and others there",
                             o->look_option, o->view == &view_states ? "time_us" : "close_us");
    return check_peers_option(o, o->look_option);
}

/* The option typed that the peer's tool does not have, or NULL. */
static const char *foreign_option(const struct report_options *o, const struct layout *layout)
{
    if (o->look.time && !(layout->look_options & LOOK_TIME))
        return "-T";
    if (o->look.timestamp && !(layout->look_options & LOOK_TIMESTAMP))
        return "-t";
    if (o->look.wide && !(layout->look_options & LOOK_WIDE))
        return "-w";
    return o->sink->look_option & ~layout->look_options ? o->sink->option : NULL;
}

/* A peer's output has what the peer has options for. */
static int check_style(const struct report_options *o)
{
    const struct layout *layout;
    const char *foreign;
    int status;

    if (!o->has_style)
        return -1;
    if (o->columns)
        return message_usage("--style does not go with --columns; a peer has its own");
    status = check_peers_option(o, "--style");
    if (status >= 0)
        return status;
    layout = o->view->layout(o->style);
    if (!layout)
        return message_usage("--style %s does not go with %s: %s has no such tool", o->style->name,
                             o->view->option, o->style->name);
    foreign = foreign_option(o, layout);
    if (foreign)
        return message_usage("%s does not go with --style %s: %s has no such option", foreign,
                             o->style->name, layout->tool);
    return -1;
}

static int check_journal(const struct report_options *o)
{
    if (!o->journal)
        return -1;
    if (journal_lacks)
        return message_usage("--journal: this program was built without %s", journal_lacks);
    if (o->view != &view_states || o->other_view)
        return message_usage("--journal goes with --states alone");
    if (o->list_columns)
        return message_usage("--list-columns and --journal exclude each other");
    return -1;
}

/* Rows come for ever, so nothing is made of the whole but what is shown when it is interrupted. */
static int check_follow(const struct report_options *o)
{
    const char *other = o->list_columns           ? "--list-columns"
                        : o->view->is_whole       ? o->view->option
                        : o->write                ? "--write"
                        : o->html                 ? "--html"
                        : o->compare              ? "--compare"
                        : o->sink == &sink_json   ? "--json"
                        : o->input != &source_tlz ? "--input jsonl"
                                                  : NULL;

    if (!o->follow)
        return -1;
    if (other)
        return message_usage("--follow and %s exclude each other%s", other,
                             o->sink == &sink_json ? "; there is --jsonl" : "");
    for (size_t i = 0; i < o->file_count; i++)
        if (!strcmp(o->files[i], "-"))
            return message_usage("--follow is for files; a pipe is read as it comes without");
    return -1;
}

/* --sessions and --states: rows of both kinds, as they come. */
static int check_both(const struct report_options *o)
{
    const char *option = o->columns        ? "--columns"
                         : o->sort         ? "--sort"
                         : o->top          ? "--top"
                         : o->list_columns ? "--list-columns"
                                           : NULL;

    if (!o->has_view || !o->other_view)
        return -1;
    if (option)
        return message_usage("%s goes with one of %s and %s", option, o->view->option,
                             o->other_view->option);
    if (!o->sink->takes_both)
        return message_usage("%s and %s exclude each other, but with --jsonl and --write",
                             o->view->option, o->other_view->option);
    return -1;
}

/* Nothing is read, so nothing of what is read is chosen. */
static int check_list_columns(const struct report_options *o)
{
    const char *option = o->columns                ? "--columns"
                         : o->sort                 ? "--sort"
                         : o->top                  ? "--top"
                         : o->filter_option        ? o->filter_option
                         : o->anonymize            ? "--anonymize"
                         : o->input != &source_tlz ? "--input jsonl"
                         : o->with_meta            ? "--with-meta"
                         : o->look_option          ? o->look_option
                         : o->has_style            ? "--style"
                         : o->zone                 ? "--tz"
                         : o->jobs                 ? "--jobs"
                         : o->fail_on_loss         ? "--fail-on-loss"
                                                   : NULL;

    if (!o->list_columns || !option)
        return -1;
    return message_usage("%s does not go with --list-columns, for which no FILE is read", option);
}

static int check_view(const struct report_options *o)
{
    if (o->view->is_whole && o->filter_option)
        return message_usage("%s tells of whole captures; %s does not go with it", o->view->option,
                             o->filter_option);
    if (o->view->has_lists && o->sort)
        return message_usage("%s has an order of its own; --sort does not go with it",
                             o->view->option);
    if (o->compare && o->view != &view_flows)
        return message_usage("--compare goes with --flows");
    if (o->with_meta && !o->sink->takes_meta)
        return message_usage("--with-meta goes with --jsonl");
    return -1;
}

/* For rows of each kind that is shown. */
static int compile_expressions(struct report_options *o)
{
    unsigned int kinds = o->view->kinds | (o->other_view ? o->other_view->kinds : 0);
    int status = -1;

    for (enum tlz_kind kind = 0; status < 0 && kind < TLZ_KINDS; kind++)
        if (kinds & KIND_BIT(kind))
            status = filter_expressions_compile(&o->filter.expressions, kind, kinds);
    return status;
}

/* "--flows raddr": the value is taken for a FILE. */
static int check_optional(const struct report_options *o)
{
    const char *typed = o->behind_optional;

    for (size_t i = 0; typed && strcmp(typed, "-") != 0 && i < o->file_count; i++)
        if (o->files[i] == typed && access(typed, F_OK) < 0 && errno == ENOENT)
            return message_usage("%s: there is no such file; a value of --%s stands behind '=': "
                                 "--%s=%s",
                                 typed, o->optional, o->optional, typed);
    return -1;
}

int report_options_check(struct report_options *options)
{
    int (*const checks[])(const struct report_options *) = {
        check_schema, check_optional,     check_files, check_write,   check_html,
        check_rows,   check_look,         check_style, check_journal, check_follow,
        check_both,   check_list_columns, check_view};

    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        int status = checks[i](options);

        if (status >= 0)
            return status;
    }
    return compile_expressions(options);
}

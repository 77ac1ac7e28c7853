/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/report_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/filter/filter_options.h"
#include "report/jobs/workers.h"
#include "report/option_prints.h"
#include "report/rows/row_table.h"
#include "report/rows/sink_rows.h"
#include "report/schema/schema.h"
#include "util/cleanup.h"
#include "util/message.h"

#define LEVEL_MAX 19
#define PID_MAX   UINT64_C(4194304) /* PID_MAX_LIMIT, include/linux/threads.h (Linux 6.18) */

/* `data` is the type of view. */
static int apply_view(struct report_options *o, const char *argument, const void *data)
{
    const struct view_type *view = data;

    if (!o->has_view)
        o->view = view;
    else if (o->view != view && (!o->view->is_rows || !view->is_rows))
        return message_usage("%s and %s exclude each other", o->view->option, view->option);
    else if (o->view != view)
        o->other_view = view;
    o->has_view = true;
    o->view_argument = argument;
    return -1;
}

/* `data` is the type of sink. */
static int apply_format(struct report_options *o, const char *argument, const void *data)
{
    const struct sink_type *sink = data;

    (void)argument;
    if (o->has_format && o->sink != sink)
        return message_usage("%s and %s exclude each other", o->sink->option, sink->option);
    o->sink = sink;
    o->has_format = true;
    return -1;
}

static int apply_rows(struct report_options *o, const char *argument, const void *data)
{
    const struct sink_type *sink = sink_rows_by_name(argument);

    (void)data;
    if (!sink)
        return message_usage("--rows wants clickhouse or duckdb, not '%s'", argument);
    return apply_format(o, argument, sink);
}

static int apply_write(struct report_options *o, const char *argument, const void *data)
{
    o->write = argument;
    return apply_format(o, argument, data);
}

/* A page has a view of its own. */
static int apply_html(struct report_options *o, const char *argument, const void *data)
{
    o->html = argument;
    return apply_format(o, argument, data);
}

/* `data` is the offset of a flag in the options. */
static int apply_flag(struct report_options *o, const char *argument, const void *data)
{
    (void)argument;
    *(bool *)((char *)o + (size_t)data) = true;
    return -1;
}

static int apply_look(struct report_options *o, const char *argument, const void *data)
{
    size_t offset = (size_t)data;

    o->look_option = offset == offsetof(struct report_options, look.time)        ? "-T"
                     : offset == offsetof(struct report_options, look.timestamp) ? "-t"
                                                                                 : "-w";
    return apply_flag(o, argument, data);
}

static int apply_compare(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    if (!strcmp(argument, "-"))
        return message_usage("--compare wants a capture or a directory, not standard input");
    o->compare = argument;
    return -1;
}

static int apply_style(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    o->style = style_by_name(argument);
    if (!o->style)
        return message_usage("--style wants one of %s, not '%s'", &STYLE_NAMES[1], argument);
    o->has_style = true;
    return -1;
}

/* The last list counts, as in the recorder. */
static int set_list(struct report_options *o, const char *option, const char *text, uint64_t max,
                    struct number_list *ret)
{
    struct number_list list;
    int r = parse_number_list(text, 1, max, &list);

    if (r == -ENOMEM) {
        message_error("%s: %s", option, strerror(ENOMEM));
        return EXIT_FAILED;
    }
    if (r < 0)
        return message_usage("%s wants numbers from 1 to %" PRIu64 " with commas between, not '%s'",
                             option, max, text);
    number_list_free(ret);
    *ret = list;
    o->filter_option = option;
    return -1;
}

static int apply_pid(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    return set_list(o, "--pid", argument, PID_MAX, &o->filter.pids);
}

static int apply_localport(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    return set_list(o, "--localport", argument, UINT16_MAX, &o->filter.lports);
}

static int apply_remoteport(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    return set_list(o, "--remoteport", argument, UINT16_MAX, &o->filter.rports);
}

/* What filter_set_users() and its like could not take. The status. */
static int refuse(int error, const char *option, const char *wanted, const char *text)
{
    if (error != -ENOMEM)
        return message_usage("%s wants %s, not '%s'", option, wanted, text);
    message_error("%s: %s", option, strerror(ENOMEM));
    return EXIT_FAILED;
}

static int apply_uid(struct report_options *o, const char *argument, const void *data)
{
    int r = filter_set_users(&o->filter, argument);

    (void)data;
    if (r < 0)
        return refuse(r, "--uid", "users with commas between, their names or numbers", argument);
    o->filter_option = "--uid";
    return -1;
}

static int apply_cgroup(struct report_options *o, const char *argument, const void *data)
{
    int r = filter_set_cgroup(&o->filter, argument);

    (void)data;
    if (r < 0)
        return refuse(r, "--cgroup", "a path or an id", argument);
    o->filter_option = "--cgroup";
    return -1;
}

static int apply_netns(struct report_options *o, const char *argument, const void *data)
{
    int r = filter_set_netns(&o->filter, argument);

    (void)data;
    if (r < 0)
        return refuse(r, "--netns", "self, an inode number, or a name that the capture has",
                      argument);
    o->filter_option = "--netns";
    return -1;
}

/* `data` is the option as it is typed. */
static int apply_family(struct report_options *o, const char *argument, const void *data)
{
    const char *option = data;
    uint64_t family = (uint64_t)(option[1] - '0');

    (void)argument;
    if (o->filter.family && o->filter.family != family)
        return message_usage("-4 and -6 exclude each other");
    o->filter.family = family;
    o->filter_option = option;
    return -1;
}

/* `data` is the offset of a text in the options. */
static int apply_text(struct report_options *o, const char *argument, const void *data)
{
    *(const char **)((char *)o + (size_t)data) = argument;
    return -1;
}

static int apply_top(struct report_options *o, const char *argument, const void *data)
{
    uint64_t top;

    (void)data;
    if (parse_number(argument, UINT32_MAX, &top) < 0 || top == 0)
        return message_usage("--top wants a number from 1 to %" PRIu32 ", not '%s'", UINT32_MAX,
                             argument);
    o->top = top;
    return -1;
}

static int apply_level(struct report_options *o, const char *argument, const void *data)
{
    uint64_t level;

    (void)data;
    if (parse_number(argument, LEVEL_MAX, &level) < 0 || level == 0)
        return message_usage("--level wants a number from 1 to %d, not '%s'", LEVEL_MAX, argument);
    o->level = (int)level;
    return -1;
}

static int apply_anonymize(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    if (argument && !argument[0])
        return message_usage("--anonymize= wants the name of a file; without =, it takes a key of "
                             "its own");
    o->anonymize = true;
    o->key_file = argument;
    return -1;
}

static int apply_jobs(struct report_options *o, const char *argument, const void *data)
{
    uint64_t jobs;

    (void)data;
    if (parse_number(argument, JOBS_MAX, &jobs) < 0 || jobs == 0)
        return message_usage("--jobs wants a number from 1 to %d, not '%s'", JOBS_MAX, argument);
    o->jobs = (unsigned int)jobs;
    return -1;
}

static int apply_input(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    o->input = source_type_by_name(argument);
    if (!o->input)
        return message_usage("--input wants tlz or jsonl, not '%s'", argument);
    return -1;
}

static int apply_schema(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    o->schema = argument ? argument : "json";
    return -1;
}

#define HEADING(text)                                                                              \
    {                                                                                              \
        0, NULL, NULL, text, NULL, NULL                                                            \
    }
#define OFFSET(field) ((const void *)offsetof(struct report_options, field))

const struct report_option report_option_table[] = {
    HEADING("What to show:"),
    {0, "sessions", NULL, "a row a session; the default", apply_view, &view_sessions},
    {0, "states", NULL, "a row a change of state", apply_view, &view_states},
    {0, "flows", "[=KEYS]",
     "a row a flow: program, addresses, service, direction;\nor of the same KEYS, see below",
     apply_view, &view_flows},
    {0, "compare", "OTHER", "with --flows: what has changed since OTHER", apply_compare, NULL},
    {0, "histogram", "FIELD", "how the values of FIELD are spread", apply_view, &view_histogram},
    {0, "timeline", "STEP", "a row a step of time: 10s, 1m, 1h, 1d, ...", apply_view,
     &view_timeline},
    {0, "summary", NULL, "one page of what matters first", apply_view, &view_summary},
    {0, "pairs", "[=hosts]",
     "a row a session that was recorded at both its ends;\nor a row two hosts, and how their "
     "clocks differ",
     apply_view, &view_pairs},
    {0, "info", NULL, "what the captures say of themselves", apply_view, &view_info},
    {0, "verify", NULL, "the same, after checking every byte", apply_view, &view_verify},
    HEADING("How (text, as bcc's tcplife prints it, unless one of these is given):"),
    {'s', "csv", NULL, "CSV, bcc's; with --columns, raw values", apply_format, &sink_csv},
    {0, "json", NULL, "one JSON document", apply_format, &sink_json},
    {0, "jsonl", NULL, "JSON lines, a row a line", apply_format, &sink_jsonl},
    {0, "with-meta", NULL, "with --jsonl: lines for captures and losses, too", apply_flag,
     OFFSET(with_meta)},
    {0, "rows", ROW_TABLE_NAMES, "rows of every field to load into a database", apply_rows, NULL},
    {0, "write", "FILE", "a capture; - is standard output", apply_write, &sink_capture},
    {0, "html", "FILE", "a page to attach, for any browser; - is standard\noutput", apply_html,
     &sink_html},
    {'f', "force", NULL, "with --write or --html: replace FILE if it exists", apply_flag,
     OFFSET(force)},
    {0, "level", "NUMBER", "with --write: zstd level, 1 to 19 (1)", apply_level, NULL},
    {0, "style", &STYLE_NAMES[1],
     "text as that peer's tcplife prints it, and only the\nsessions that it would", apply_style,
     NULL},
    {0, "journal", NULL, "with --states: entries in the systemd journal, too", apply_flag,
     OFFSET(journal)},
    {'T', "time", NULL, "begin with the time of day of each end (HH:MM:SS)", apply_look,
     OFFSET(look.time)},
    {'t', "timestamp", NULL, "begin with the seconds since the first end", apply_look,
     OFFSET(look.timestamp)},
    {'w', "wide", NULL, "columns wide enough for IPv6 addresses", apply_look, OFFSET(look.wide)},
    HEADING(SELECTING_OPTIONS),
    {'p', "pid", "LIST", "of these processes", apply_pid, NULL},
    {'L', "localport", "LIST", "with these local ports", apply_localport, NULL},
    {'D', "remoteport", "LIST", "with these remote ports", apply_remoteport, NULL},
    {'4', "ipv4", NULL, "IPv4, an IPv4-mapped peer included", apply_family, "-4"},
    {'6', "ipv6", NULL, "IPv6", apply_family, "-6"},
    {'u', "uid", "LIST", "of these users (numbers or names)", apply_uid, NULL},
    {0, "cgroup", "PATH|ID", "of this control group and those within", apply_cgroup, NULL},
    {0, "netns", "NAMESPACE",
     "of this network namespace: self (the recorder's), its\nname, or its inode number",
     apply_netns, NULL},
    {0, "filter", "EXPR", "that EXPR lets through, over any field; see below", apply_filter, NULL},
    {0, "since", "TIME", "that ended at this time or later; see below", apply_since, NULL},
    {0, "until", "TIME", "that ended before this time", apply_until, NULL},
    HEADING("Which columns and rows:"),
    {0, "columns", "LIST", "these columns, by their names", apply_text, OFFSET(columns)},
    {0, "list-columns", NULL, "say which there are, and what they mean", apply_flag,
     OFFSET(list_columns)},
    {0, "sort", "FIELD[:asc]", "the greatest first, or the least", apply_text, OFFSET(sort)},
    {0, "top", "NUMBER", "so many rows", apply_top, NULL},
    HEADING("And:"),
    {0, "anonymize", "[=KEYFILE]",
     "show others in the place of addresses, names and\nnumbers that say who somebody is, by this "
     "key or one\nof this run",
     apply_anonymize, NULL},

    {0, "follow", NULL, "go on with what comes, in the FILEs and new ones", apply_flag,
     OFFSET(follow)},
    {0, "tz", "ZONE", "show times in this zone: Europe/Berlin, UTC, local", apply_text,
     OFFSET(zone)},
    {0, "input", "tlz|jsonl", "what the FILEs are: captures, or what --jsonl wrote", apply_input,
     NULL},
    {0, "jobs", "NUMBER",
     "decode so many blocks at a time (as many as there are\nprocessors, up to 4)", apply_jobs,
     NULL},
    {0, "schema", SCHEMA_NAMES, "the JSON Schema of --json and --jsonl, or the table\nfor --rows",
     apply_schema, NULL},
    {0, "fail-on-loss", NULL, "exit with 3 when the recorder lost what is shown", apply_flag,
     OFFSET(fail_on_loss)},
    {'q', "quiet", NULL, "say only errors on standard error", apply_flag, OFFSET(quiet)},
    {'h', "help", NULL, "this help", option_print_help, NULL},
    {0, "version", NULL, "the version", option_print_version, NULL},
};

const size_t report_option_count = sizeof report_option_table / sizeof *report_option_table;

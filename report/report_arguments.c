/* SPDX-License-Identifier: BSD-2-Clause */
/* From a command line to the options, by getopt_long() and the table of options. */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "report/option_checks.h"
#include "report/report_options.h"
#include "report/rows/row_table.h"
#include "util/message.h"

/* Long options get numbers above every letter. */
#define LONG_OPTION 256

#define OPTIONS_MAX 64

/* What getopt_long() wants to know, made from the table. */
struct getopt_tables {
    char letters[2 * OPTIONS_MAX + 4];
    struct option names[OPTIONS_MAX + 1];
};

static int argument_need(const struct report_option *o)
{
    if (!o->argument)
        return no_argument;
    return o->argument[0] == '[' ? optional_argument : required_argument;
}

static void fill_getopt(struct getopt_tables *t)
{
    char *letter = stpcpy(t->letters, ":");
    size_t names = 0;

    for (size_t i = 0; i < report_option_count; i++) {
        const struct report_option *o = &report_option_table[i];

        if (o->letter) {
            *letter++ = o->letter;
            if (o->argument)
                *letter++ = ':';
        }
        if (o->name)
            t->names[names++] =
                (struct option){o->name, argument_need(o), NULL, LONG_OPTION + (int)i};
    }
    *letter = '\0';
    t->names[names] = (struct option){0};
}

static const struct report_option *find_option(int code)
{
    if (code >= LONG_OPTION)
        return &report_option_table[code - LONG_OPTION];
    for (size_t i = 0; i < report_option_count; i++)
        if (report_option_table[i].letter == code)
            return &report_option_table[i];
    return NULL;
}

/* `typed` is the argument before the next one: the one in question only where that is a long
 * option, since inside a bundle of letters it is not yet passed. */
static int say_bad_option(int code, const char *typed)
{
    if (code == ':')
        return optopt >= LONG_OPTION
                   ? message_usage("--%s needs a value", find_option(optopt)->name)
                   : message_usage("-%c needs a value", optopt);
    if (optopt >= LONG_OPTION)
        return message_usage("--%s takes no value", find_option(optopt)->name);
    if (optopt == 0)
        return message_usage("%s is no option, or the beginning of several", typed);
    return message_usage("there is no option -%c", optopt);
}

static bool is_selecting(const struct report_option *o)
{
    while (o->apply)
        o--;
    return !strcmp(o->help, SELECTING_OPTIONS);
}

/* "--filter 'ms > 1s'", behind those before it. -1, or the status after saying what is wrong. */
static int note_selection(struct joined_text *text, const struct report_option *o,
                          const char *argument)
{
    const char *quote = argument && strpbrk(argument, " '\"()<>&|;*?") ? "'" : "";

    joined_text_add(text, text->size ? " " : "");
    if (o->name)
        joined_text_format(text, "--%s", o->name);
    else
        joined_text_format(text, "-%c", o->letter);
    if (argument)
        joined_text_format(text, " %s%s%s", quote, argument, quote);
    if (joined_text_whole(text))
        return -1;
    message_error("%s", strerror(ENOMEM));
    return EXIT_FAILED;
}

/* Whether it says something of what is shown. */
static bool is_of_report(const struct report_option *o)
{
    return strcmp(o->name, "schema") != 0 && strcmp(o->name, "quiet") != 0;
}

int report_options_parse(struct report_options *ret, int argc, char **argv)
{
    struct getopt_tables tables;
    int code, status;

    *ret = (struct report_options){
        .input = &source_tlz, .view = &view_sessions, .sink = &sink_text, .style = &style_bcc};
    fill_getopt(&tables);
    opterr = 0;
    while ((code = getopt_long(argc, argv, tables.letters, tables.names, NULL)) >= 0) {
        const struct report_option *o = find_option(code);

        if (code == '?' || code == ':' || !o)
            return say_bad_option(code, argv[optind - 1]);
        status = o->apply(ret, optarg, o->data);
        if (status < 0 && is_selecting(o))
            status = note_selection(&ret->selection, o, optarg);
        if (status >= 0)
            return status;
        if (is_of_report(o))
            ret->beside_schema = o->name;
        if (!optarg && o->argument && o->argument[0] == '[' && optind < argc) {
            ret->optional = o->name;
            ret->behind_optional = argv[optind];
        }
    }
    ret->files = argv + optind;
    ret->file_count = (size_t)(argc - optind);
    /* It takes no FILE, so this is its form. */
    if (ret->schema && ret->file_count == 1 && row_table_is_known(ret->files[0]) &&
        !strcmp(ret->schema, "json")) {
        ret->schema = ret->files[0];
        ret->file_count = 0;
    }
    if (ret->html && !ret->has_view)
        ret->view = &view_page;
    /* A capture keeps all that is in its inputs, unless it is told otherwise. */
    if (ret->write && !ret->has_view && ret->top == 0)
        ret->other_view = &view_states;
    /* The host's zone tells where it is. */
    if (ret->anonymize && !ret->zone)
        ret->zone = "UTC";
    status = report_options_check(ret);
    return status < 0 && ret->schema ? report_schema_print(ret) : status;
}

void report_options_close(struct report_options *options)
{
    filter_close(&options->filter);
    joined_text_free(&options->selection);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of tcplife-report. */
#ifndef REPORT_REPORT_OPTIONS_H
#define REPORT_REPORT_OPTIONS_H

#include "report/filter/filter.h"
#include "report/filter/time_range.h"
#include "report/input/source.h"
#include "report/sink/sink.h"
#include "report/view/view.h"
#include "util/joined_text.h"

/* Texts belong to argv. */
struct report_options {
    const struct source_type *input;
    struct filter filter;
    struct time_range times; /* not settled */
    const char *zone;        /* NULL = that of the captures */
    const struct view_type *view;
    const char *view_argument;          /* what its option takes; NULL = nothing was typed */
    const char *compare;                /* what to compare with, or NULL */
    const struct view_type *other_view; /* rows of another kind besides; NULL = none */
    const struct sink_type *sink;
    const struct style *style;
    bool has_style; /* typed, and not the default */
    struct look look;
    const char *columns; /* NULL = the view's own */
    const char *sort;    /* NULL = not sorted */
    uint64_t top;        /* 0 = all rows */
    const char *write;   /* the capture to write, or NULL */
    const char *html;    /* the page to write instead, or NULL */
    int level;           /* of zstd, 0 = the default */
    unsigned int jobs;   /* 0 = as suits the machine and the inputs */
    bool force;
    bool anonymize;
    const char *key_file; /* with it; NULL = a key for this run */
    bool with_meta;
    bool journal;
    bool follow;
    bool list_columns;
    const char *schema; /* the form in which it is asked for; NULL = it is not */
    /* An option that takes a value behind '=' alone, without one, and what was typed behind it. */
    const char *optional, *behind_optional;
    const char *beside_schema; /* the name of an option that does not go with it, or NULL */
    bool quiet;
    bool fail_on_loss;
    char *const *files;
    size_t file_count;
    struct joined_text selection;            /* the options that select rows, as they were typed */
    bool has_view, has_format;               /* typed, and not the default */
    const char *filter_option, *look_option; /* as last typed; NULL = none was */
};

/*
 * Parses the command line. -1 and *ret when there is work to do, or the status to exit with after
 * --help, --version, or saying what is wrong. report_options_close() follows in every case.
 */
int report_options_parse(struct report_options *ret, int argc, char **argv);
void report_options_close(struct report_options *options);

/* The file that is written, instead of standard output; or NULL. */
static inline const char *report_options_output(const struct report_options *options)
{
    return options->write ? options->write : options->html;
}

/* What messages call where the report goes. */
static inline const char *report_options_output_name(const struct report_options *options)
{
    const char *output = report_options_output(options);

    return output ? output : "standard output";
}

/* An option: a row of the table from which come parsing and help. */
struct report_option {
    char letter;          /* 0 = none */
    const char *name;     /* NULL = only the letter */
    const char *argument; /* how help calls its value; NULL = it has none; "[=KEYS]" = it may be
                             left out, and `apply` gets NULL */
    const char *help;     /* a line feed goes on below; NULL with a NULL name: a heading */
    /* -1 to go on, or the status to exit with. `data` is the row's. */
    int (*apply)(struct report_options *options, const char *argument, const void *data);
    const void *data;
};

/* The heading of those that select rows. */
#define SELECTING_OPTIONS "Which sessions:"

extern const struct report_option report_option_table[];
extern const size_t report_option_count;

/* Prints the schema that is asked for. The status. */
int report_schema_print(const struct report_options *options);

/* Prints the help, made from the table. */
void report_help_print(void);

#endif

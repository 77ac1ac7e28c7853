/* SPDX-License-Identifier: BSD-2-Clause */
#include "live/live_options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "util/message.h"

#define HELP_COLUMN 27
#define LONG_OPTION 256 /* long options without a letter get numbers from here on */

/* For whom an option is; and which peer has it. */
enum receiver { RECORDER, REPORTER, OURSELVES };
enum peer { BOTH, ONLY_TCPLIFE, ONLY_TCPSTATES };

struct live_option {
    enum peer peer;
    enum receiver receiver;
    char letter;          /* 0 = none */
    const char *name;     /* as the peers spell it; NULL = a heading */
    const char *argument; /* how help calls its value; NULL = it has none */
    const char *passed;   /* as its receiver spells it */
    const char *help;
};

/* An option is one row: from it come what is taken, what is passed on, and the help. */
static const struct live_option table[] = {
    {BOTH, OURSELVES, 0, NULL, NULL, NULL,
     "Which sessions (in the kernel; lists have commas between):"},
    {ONLY_TCPLIFE, RECORDER, 'p', "pid", "LIST", "-p", "of these processes"},
    {BOTH, RECORDER, 'L', "localport", "LIST", "-L", "with these local ports"},
    {BOTH, RECORDER, 'D', "remoteport", "LIST", "-D", "with these remote ports"},
    {BOTH, RECORDER, '4', "ipv4", NULL, "-4", "IPv4, an IPv4-mapped peer included"},
    {BOTH, RECORDER, '6', "ipv6", NULL, "-6", "IPv6"},
    {BOTH, OURSELVES, 0, NULL, NULL, NULL, "How they are shown:"},
    {BOTH, REPORTER, 'T', "time", NULL, "-T", "begin with the time of day (HH:MM:SS)"},
    {BOTH, REPORTER, 't', "timestamp", NULL, "-t", "begin with the seconds since the first row"},
    {BOTH, REPORTER, 'w', "wide", NULL, "-w", "columns wide enough for IPv6 addresses"},
    {BOTH, REPORTER, 's', "csv", NULL, "-s", "comma-separated values"},
    {ONLY_TCPSTATES, REPORTER, 'Y', "journal", NULL, "--journal",
     "log to the systemd journal, too"},
    {ONLY_TCPLIFE, REPORTER, 0, "style", "bcc|libbpf|bpftrace", "--style",
     "whose text (bcc's, and every row)"},
    {ONLY_TCPSTATES, REPORTER, 0, "style", "bcc|libbpf", "--style",
     "whose text (bcc's, and every row)"},
    {BOTH, OURSELVES, 0, NULL, NULL, NULL, "And:"},
    {BOTH, OURSELVES, 'h', "help", NULL, NULL, "this help"},
    {BOTH, OURSELVES, 'V', "version", NULL, NULL, "the version"},
};

#define ROWS (sizeof table / sizeof *table)

#define MORE                                                                                       \
    "\n"                                                                                           \
    "Ctrl-C ends the recording and shows the rest; a second one ends all at once.\n"               \
    "Needs root, or tcplife-record with the capabilities that it asks for.\n"                      \
    "\n"                                                                                           \
    "Exit status: the recorder's when it failed, else the reporter's: 0 done,\n"                   \
    "1 failed, 2 bad usage, 3 the recording has no end.\n"                                         \
    "\n"                                                                                           \
    "Examples:\n"

const struct live_tool live_tcplife = {
    .program = "tcplife-live",
    .help = "Usage: tcplife-live [OPTION]...\n"
            "Shows each TCP session when it ends, with the options of bcc's tcplife. It is\n"
            "  tcplife-record -q -o - [OPTION]... | tcplife-report - [OPTION]...\n",
    .more = MORE "  tcplife-live                  as tcplife shows them\n"
                 "  tcplife-live -T -L 443        with the time, of one service\n"
                 "  alias tcplife=tcplife-live    by the name that one is used to\n",
};

const struct live_tool live_tcpstates = {
    .program = "tcpstates-live",
    .is_states = true,
    .help = "Usage: tcpstates-live [OPTION]...\n"
            "Shows each change of a TCP session's state, with the options of bcc's\n"
            "tcpstates. It is\n"
            "  tcplife-record -q -o - --states [OPTION]... |\n"
            "      tcplife-report - --states [OPTION]...\n",
    .more = MORE "  tcpstates-live                    as tcpstates shows them\n"
                 "  tcpstates-live -T -L 443          with the time, of one service\n"
                 "  alias tcpstates=tcpstates-live    by the name that one is used to\n",
};

/* What was typed, by rows of the table. */
struct typed {
    bool given[ROWS];
    const char *values[ROWS];
};

static bool belongs_to(const struct live_option *o, const struct live_tool *tool)
{
    return o->peer == BOTH || (o->peer == ONLY_TCPSTATES) == tool->is_states;
}

static void print_option(const struct live_option *o)
{
    int used;

    if (!o->name) {
        printf("\n%s\n", o->help);
        return;
    }
    if (o->letter)
        used = printf("  -%c, --%s", o->letter, o->name);
    else
        used = printf("      --%s", o->name);
    if (o->argument)
        used += printf(" %s", o->argument);
    if (used + 1 >= HELP_COLUMN) {
        putchar('\n');
        used = 0;
    }
    printf("%*s%s\n", HELP_COLUMN - used, "", o->help);
}

static int print_help(const struct live_tool *tool)
{
    fputs(tool->help, stdout);
    for (size_t i = 0; i < ROWS; i++)
        if (belongs_to(&table[i], tool))
            print_option(&table[i]);
    fputs(tool->more, stdout);
    return EXIT_OK;
}

static int code_of(size_t row)
{
    return table[row].letter ? table[row].letter : LONG_OPTION + (int)row;
}

/* What getopt_long() wants to know, made from the table. */
struct getopt_tables {
    char letters[2 * ROWS + 2];
    struct option names[ROWS + 1];
};

static void fill_getopt(const struct live_tool *tool, struct getopt_tables *t)
{
    char *letter = stpcpy(t->letters, ":");
    size_t names = 0;

    for (size_t i = 0; i < ROWS; i++) {
        const struct live_option *o = &table[i];

        if (!o->name || !belongs_to(o, tool))
            continue;
        if (o->letter)
            *letter++ = o->letter;
        if (o->letter && o->argument)
            *letter++ = ':';
        t->names[names++] = (struct option){o->name, o->argument ? required_argument : no_argument,
                                            NULL, code_of(i)};
    }
    *letter = '\0';
    t->names[names] = (struct option){0};
}

static int say_bad_option(int code, const char *typed)
{
    if (code == ':')
        return message_usage("%s needs a value", typed);
    if (optopt == 0 || (typed[0] == '-' && typed[1] == '-'))
        return message_usage("bad option %s", typed);
    return message_usage("there is no option -%c", optopt);
}

/* -1 to go on, or the status. */
static int take_option(const struct live_tool *tool, int code, struct typed *typed)
{
    if (code == 'h')
        return print_help(tool);
    if (code == 'V') {
        printf("%s " PROGRAM_VERSION "\n", tool->program);
        return EXIT_OK;
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (table[i].name && code_of(i) == code) {
            typed->given[i] = true;
            typed->values[i] = optarg;
        }
    }
    return -1;
}

/* Adds the options of one receiver behind what `words` holds already. */
static void pass_on(const struct typed *typed, enum receiver receiver, const char **words)
{
    while (*words)
        words++;
    for (size_t i = 0; i < ROWS; i++) {
        if (!typed->given[i] || table[i].receiver != receiver)
            continue;
        *words++ = table[i].passed;
        if (table[i].argument)
            *words++ = typed->values[i];
    }
    *words = NULL;
}

int live_options_parse(const struct live_tool *tool, int argc, char **argv,
                       struct live_command_lines *ret)
{
    const char *states = tool->is_states ? "--states" : NULL;
    struct getopt_tables tables;
    struct typed typed = {0};
    int code;

    fill_getopt(tool, &tables);
    opterr = 0;
    while ((code = getopt_long(argc, argv, tables.letters, tables.names, NULL)) >= 0) {
        int status = code == '?' || code == ':' ? say_bad_option(code, argv[optind - 1])
                                                : take_option(tool, code, &typed);

        if (status >= 0)
            return status;
    }
    if (optind < argc)
        return message_usage("unexpected argument '%s'", argv[optind]);
    *ret = (struct live_command_lines){
        .recorder = {"tcplife-record", "-q", "-o", "-", states},
        .reporter = {"tcplife-report", "-", states},
    };
    pass_on(&typed, RECORDER, ret->recorder);
    pass_on(&typed, REPORTER, ret->reporter);
    return -1;
}

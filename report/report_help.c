/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "report/report_options.h"

#define HELP_COLUMN 27

static void print_help_text(const char *text, int used)
{
    if (used >= HELP_COLUMN) {
        putchar('\n');
        used = 0;
    }
    for (;;) {
        int size = (int)strcspn(text, "\n");

        printf("%*s%.*s\n", HELP_COLUMN - used, "", size, text);
        if (!text[size])
            return;
        text += size + 1;
        used = 0;
    }
}

static void print_option(const struct report_option *o)
{
    int used;

    if (!o->apply) {
        printf("\n%s\n", o->help);
        return;
    }
    if (o->letter)
        used = printf("  -%c%s", o->letter, o->name ? ", " : "");
    else
        used = printf("      ");
    if (o->name)
        used += printf("--%s", o->name);
    if (o->argument)
        used += printf("%s%s", o->argument[0] == '[' ? "" : " ", o->argument);
    print_help_text(o->help, used + 1 < HELP_COLUMN ? used : HELP_COLUMN);
}

void report_help_print(void)
{
    puts("Usage: tcplife-report [OPTION]... FILE...\n"
         "Shows the TCP sessions of captures that tcplife-record made. A FILE may be a\n"
         "directory (the *.tlz in it) or - (standard input). Several are merged by time.");
    for (size_t i = 0; i < report_option_count; i++)
        print_option(&report_option_table[i]);
    puts("\n"
         "Lists have commas between. Names of users, control groups and namespaces are\n"
         "those that the recorder found on its host and stored; of a path of a namespace\n"
         "the last part counts. In a pipe a name counts from where it stands: before the\n"
         "sessions, but for users whom only a name service knows, who have numbers.\n"
         "\n"
         "EXPR compares fields (--list-columns names them) by == != < <= > >=, in and ~,\n"
         "with and, or, not and parentheses between; has(FIELD): it has a value. Sizes\n"
         "take K, M, G, durations us, ms, s, m, h, d. What is absent compares false.\n"
         "Several --filter have to hold, all of them. tcplife-report(1) has the rest.\n"
         "\n"
         "KEYS are fields whose values tell flows apart: comm, pid, end, and so on;\n"
         "raddr/24 or raddr/24/64: the first bits of an address, IPv4 and IPv6 (64);\n"
         "close_us/1m: steps of time. Columns of flows are the keys, totals, and of each\n"
         "number FIELD_count, _sum, _min, _max, _mean, and quantiles, _p50 or _p99.9.\n"
         "\n"
         "--compare adds to each figure FIGURE_before, of OTHER, and FIGURE_ratio, change\n"
         "(new, gone, slower, ...) and score: how large that is, and how certain.\n"
         "\n"
         "--pairs joins sessions with mirrored addresses and ports; both ends have to be\n"
         "let through. An offset is the server's clock less the client's.\n"
         "\n"
         "TIME is 2026-05-01T12:30:00Z, 2026-05-01, '2026-05-01 12:30', 12:30,\n"
         "'10 minutes ago' or -10m; in the zone in which times are shown, if it says none.\n"
         "\n"
         "Times are shown in the time zone of the host that recorded them, or in UTC\n"
         "where hosts have different ones, or as --tz says. What was lost or is damaged\n"
         "is said on standard error.\n"
         "\n"
         "Exit status: 0 done, 1 failed or nothing readable in the input, 2 bad usage,\n"
         "3 done, but a capture is damaged or has no end.\n"
         "\n"
         "Examples:\n"
         "  tcplife-report cap.tlz                        as tcplife shows them\n"
         "  tcplife-report cap.tlz --csv > cap.csv        bcc's CSV\n"
         "  tcplife-report cap.tlz --summary              one page of what matters\n"
         "  tcplife-report cap.tlz --timeline 1m          what happened when\n"
         "  tcplife-report cap.tlz --flows                one row per flow\n"
         "  tcplife-report cap.tlz --flows=comm,raddr/24  one per program and network\n"
         "  tcplife-report cap.tlz --sort ms --top 20     the 20 longest\n"
         "  tcplife-report cap.tlz --since 14:00 --filter 'end != closed-here and ms > 1s'\n"
         "  tcplife-record -o - | tcplife-report -        live");
}

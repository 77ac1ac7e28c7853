/* SPDX-License-Identifier: BSD-2-Clause */
/* The peers' command lines, and what becomes of them: one for the recorder, one for the reporter.
 */
#ifndef LIVE_LIVE_OPTIONS_H
#define LIVE_LIVE_OPTIONS_H

#include <stdbool.h>

/* A peer, as which we are called. */
struct live_tool {
    const char *program; /* our name */
    bool is_states;      /* a row a change of state, not a session */
    const char *help;    /* before the options, */
    const char *more;    /* and behind them */
};

extern const struct live_tool live_tcplife;
extern const struct live_tool live_tcpstates;

#define LIVE_WORDS_MAX 32

/* Each ends with NULL. The words belong to argv, or are constants. */
struct live_command_lines {
    const char *recorder[LIVE_WORDS_MAX];
    const char *reporter[LIVE_WORDS_MAX];
};

/* -1 and *ret when there is work to do, or the status to exit with after --help, --version, or
 * saying what is wrong. */
int live_options_parse(const struct live_tool *tool, int argc, char **argv,
                       struct live_command_lines *ret);

#endif

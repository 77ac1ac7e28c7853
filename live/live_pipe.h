/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder and the reporter with a pipe between, as a shell would start them, and one that
 * looks after both. */
#ifndef LIVE_LIVE_PIPE_H
#define LIVE_LIVE_PIPE_H

#include "live/live_options.h"

/*
 * Runs them to their end. The reporter starts once the recorder has written something: a recorder
 * that cannot begin says why, and nobody else says anything.
 *
 * The first SIGINT or SIGTERM ends the recording, and the rest is shown; a later one ends both at
 * once, and us by that signal. When nobody reads our standard output any more, both end quietly.
 *
 * Returns the exit status: the recorder's when it failed, 128 and the signal's number when one
 * ended it, else the reporter's. A recorder that ended because its reader did has not failed.
 */
int live_pipe_run(const struct live_command_lines *lines);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Waits for what happens next, until the recording is over. */
#ifndef RECORD_LOOP_H
#define RECORD_LOOP_H

#include <signal.h>

#include "record/command.h"
#include "record/metrics.h"
#include "record/recorder.h"
#include "record/rotation.h"
#include "record/service.h"
#include "record/status.h"

struct loop {
    struct recorder *recorder;
    const struct command *command;
    struct status status;
    struct metrics metrics;
    struct service service;
    struct rotation rotation;
    bool awaits_flush; /* the next file could not be begun: not tried before, but for SIGHUP */
    bool shows_status;
    bool wants_snapshot;
    const char *reason; /* why it is over, for the capture; NULL = it goes on */
    int signal;         /* that ended it; 0 = none */
    bool has_begun;     /* the program was attached */
    bool was_signalled; /* the command got a first signal and may end by itself */
    int epoll_fd;
    int signal_fd;
    int flush_fd;
    int duration_fd; /* -1 = no limit */
    int step_fd;     /* readable after a step of the wall clock */
    int status_fd;   /* -1 = no status line */
    int alive_fd;    /* -1 = no service manager */
};

/* The signals that end a recording; they must be blocked. SIGHUP is none where it is ignored,
 * and begins the next file where there is a ring. With snapshots SIGUSR2 is one, and takes one. */
void loop_signals(sigset_t *ret, bool has_snapshots);

/*
 * 0 or a negative errno; loop_close() follows in both cases. `recorder` and `command` must outlive
 * it. From here on a standard output that is not read is waited for until the recording is over,
 * and then for 5 seconds or until another signal.
 */
int loop_open(struct loop *ret, struct recorder *recorder, const struct command *command);

/*
 * Records until a signal, the end of the time, enough sessions, the command's end, or a reader of a
 * pipe that is gone; ->reason says which. 0, or the negative error that ended it.
 */
int loop_run(struct loop *loop);

/* The recording is over, and the capture has its end, or none: says so to those who watch. */
void loop_end(struct loop *loop);

/* After the recording: until the command has ended. Signals are passed on to it. */
void loop_await_command(struct loop *loop);

void loop_close(struct loop *loop);

#endif

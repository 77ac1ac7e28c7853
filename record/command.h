/* SPDX-License-Identifier: BSD-2-Clause */
/* The command that is recorded while it runs, as who started the recorder and with those rights. */
#ifndef RECORD_COMMAND_H
#define RECORD_COMMAND_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct command {
    pid_t pid;     /* 0 = none, or waited for */
    int pid_fd;    /* readable when it has ended; -1 = none */
    int signal_fd; /* of who passes signals on to it; -1 = nobody */
    pid_t passing_pid;
    int gate_fd; /* it runs when a byte is written here, and answers when it cannot; -1 = it ran */
};

/* No command. */
#define COMMAND_NONE ((struct command){.pid_fd = -1, .signal_fd = -1, .gate_fd = -1})

/*
 * Makes a process that will run argv (ends with NULL) with that signal mask, and waits at the gate.
 * With has_no_stdout its standard output is standard error: the recorder's own is the capture. 0,
 * or a negative errno.
 */
int command_prepare(struct command *ret, char **argv, const sigset_t *mask, bool has_no_stdout);

/* Opens the gate. 0 when the command runs, 1 when it cannot, after its message: command_wait()
 * tells its status; or a negative errno. */
int command_start(struct command *c);

/* Sends it a signal, if it still is there. */
void command_signal(const struct command *c, int signal);

/*
 * Waits for its end and returns its exit status, 128 + N when signal N ended it, 126 when it could
 * not be run, 127 when it was not found; 125 when it cannot be waited for.
 */
int command_wait(struct command *c);

/* Lets go of it. One that still waits at the gate ends without having run. */
void command_close(struct command *c);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/child_process.h"
#include "util/cleanup.h"
#include "util/message.h"

#define STATUS_CANNOT_RUN  126
#define STATUS_NOT_FOUND   127
#define STATUS_SIGNAL_BASE 128

/* In the new process. The gate's other end closes without a byte when the recorder fails, and this
 * end without one when the command runs. */
static void run(char **argv, const sigset_t *mask, int gate_fd, bool has_no_stdout)
    __attribute__((noreturn));

static void run(char **argv, const sigset_t *mask, int gate_fd, bool has_no_stdout)
{
    char byte;
    ssize_t n;
    int error;

    do
        n = read(gate_fd, &byte, 1);
    while (n < 0 && errno == EINTR);
    if (n != 1)
        _exit(EXIT_COMMAND_FAILED);
    if (has_no_stdout && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(EXIT_COMMAND_FAILED);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(argv[0], argv);
    error = errno;
    message_error("cannot run %s: %s", argv[0], strerror(error));
    (void)!write(gate_fd, "", 1);
    _exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN);
}

/*
 * In a process of its own, which keeps the rights that the command has: the recorder gives up its
 * own, and may then not send it a signal any more. Ends with the recorder.
 */
static void pass_signals(int from, int pid_fd) __attribute__((noreturn));

static void pass_signals(int from, int pid_fd)
{
    unsigned char number;

    if (child_process_keep(from, pid_fd) < 0)
        _exit(1);
    while (read(STDIN_FILENO, &number, 1) == 1)
        if (number == SIGINT || number == SIGTERM || number == SIGHUP)
            (void)syscall(SYS_pidfd_send_signal, STDOUT_FILENO, (int)number, NULL, 0);
    _exit(0);
}

/* 0 or a negative errno. */
static int start_passing(struct command *c)
{
    int ends[2];
    int r;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    c->passing_pid = fork();
    r = -errno;
    if (c->passing_pid == 0)
        pass_signals(ends[0], c->pid_fd);
    close(ends[0]);
    if (c->passing_pid < 0) {
        close(ends[1]);
        return r;
    }
    c->signal_fd = ends[1];
    return 0;
}

int command_prepare(struct command *ret, char **argv, const sigset_t *mask, bool has_no_stdout)
{
    int gate[2];
    pid_t pid;
    int r;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate) < 0)
        return -errno;
    pid = fork();
    r = -errno;
    if (pid == 0) {
        close(gate[1]);
        run(argv, mask, gate[0], has_no_stdout);
    }
    close(gate[0]);
    if (pid < 0) {
        close(gate[1]);
        return r;
    }
    *ret = (struct command){
        .pid = pid,
        .gate_fd = gate[1],
        .pid_fd = (int)syscall(SYS_pidfd_open, pid, 0),
        .signal_fd = -1,
    };
    return ret->pid_fd < 0 ? -errno : start_passing(ret);
}

int command_start(struct command *c)
{
    char byte;
    ssize_t n = write(c->gate_fd, "", 1);

    if (n == 1)
        n = read(c->gate_fd, &byte, 1);
    if (n < 0)
        n = -errno;
    close(c->gate_fd);
    c->gate_fd = -1;
    return (int)n;
}

void command_signal(const struct command *c, int signal)
{
    unsigned char number = (unsigned char)signal;

    if (c->pid > 0)
        (void)!write(c->signal_fd, &number, 1);
}

int command_wait(struct command *c)
{
    int status;
    pid_t pid;

    do
        pid = waitpid(c->pid, &status, 0);
    while (pid < 0 && errno == EINTR);
    c->pid = 0;
    if (pid < 0)
        return EXIT_COMMAND_FAILED;
    return WIFSIGNALED(status) ? STATUS_SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}

void command_close(struct command *c)
{
    close_fd(&c->gate_fd);
    close_fd(&c->pid_fd);
    close_fd(&c->signal_fd);
    if (c->passing_pid > 0)
        waitpid(c->passing_pid, NULL, 0);
    *c = COMMAND_NONE;
}

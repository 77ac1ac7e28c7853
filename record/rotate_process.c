/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/rotate_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/message.h"

#define STATUS_CANNOT_RUN 127

/* Where the socket is moved to; behind it nothing stays open. */
#define SOCKET_FD 3

/*
 * A session of its own, so that Ctrl-C is the recorder's alone; no right that the recorder has
 * given up. 0 or a negative errno.
 */
static int settle(int fd, const struct identity *identity, const sigset_t *mask)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int r;

    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return -errno;
    /* Above both, so that neither takes the place of the other. */
    fd = fcntl(fd, F_DUPFD_CLOEXEC, SOCKET_FD + 1);
    if (fd < 0 || dup3(fd, SOCKET_FD, O_CLOEXEC) < 0 ||
        syscall(SYS_close_range, SOCKET_FD + 1, UINT_MAX, 0) < 0)
        return -errno;
    setsid();
    r = identity_drop(identity);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    return r;
}

/* A name that begins with a hyphen is no option of the program's. */
static void execute(const char *program, const char *path) __attribute__((noreturn));

static void execute(const char *program, const char *path)
{
    char plain[PATH_MAX + 2];
    char *argv[] = {(char *)program, plain, NULL};
    char *environment[] = {(char *)"PATH=" ROTATE_PATH, NULL};

    snprintf(plain, sizeof plain, "%s%s", path[0] == '-' ? "./" : "", path);
    execve(program, argv, environment);
    message_error("--on-rotate: cannot run %s: %s", program, strerror(errno));
    _exit(STATUS_CANNOT_RUN);
}

static void explain(const char *program, const char *path, int status)
{
    if (WIFSIGNALED(status))
        message_error("--on-rotate: %s for %s was ended by signal %d", program, path,
                      WTERMSIG(status));
    else if (WEXITSTATUS(status))
        message_error("--on-rotate: %s for %s ended with status %d", program, path,
                      WEXITSTATUS(status));
}

static void run(const char *program, const char *path)
{
    pid_t pid = fork();
    int status;

    if (pid == 0)
        execute(program, path);
    if (pid < 0) {
        message_error("--on-rotate: cannot run %s for %s: %s", program, path, strerror(errno));
        return;
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return;
    explain(program, path, status);
}

void rotate_process(int fd, const char *program, const struct identity *identity,
                    const sigset_t *mask)
{
    char path[PATH_MAX];
    int r = settle(fd, identity, mask);
    ssize_t n;

    if (r < 0) {
        message_error("--on-rotate: cannot prepare to run %s: %s", program, strerror(-r));
        _exit(1);
    }
    while ((n = recv(SOCKET_FD, path, sizeof path - 1, 0)) > 0 || (n < 0 && errno == EINTR)) {
        if (n < 0)
            continue;
        path[n] = '\0';
        run(program, path);
    }
    _exit(0);
}

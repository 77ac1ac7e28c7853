/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/on_rotate.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/rotate_process.h"
#include "util/cleanup.h"
#include "util/message.h"

/* The program's path, the caller's to free; or a negative errno: there is none that can be run. */
static int find_in(const char *directory, int size, const char *name, char **ret)
{
    char *path;

    if (asprintf(&path, "%.*s%s%s", size, directory, size ? "/" : "", name) < 0)
        return -ENOMEM;
    if (access(path, X_OK) == 0) {
        *ret = path;
        return 0;
    }
    free(path);
    return -errno;
}

static int find(const char *name, char **ret)
{
    int error = -ENOENT;

    if (strchr(name, '/'))
        return find_in("", 0, name, ret);
    for (const char *directory = ROTATE_PATH; error < 0 && *directory;) {
        size_t size = strcspn(directory, ":");
        int r = find_in(directory, (int)size, name, ret);

        error = r == 0 || r == -EACCES ? r : error;
        directory += size + (directory[size] == ':');
    }
    return error;
}

/* 0 or a negative errno. */
static int begin(struct on_rotate *r, const struct identity *identity, const sigset_t *mask)
{
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
        return -errno;
    r->pid = fork();
    if (r->pid == 0)
        rotate_process(fds[1], r->program, identity, mask);
    close(fds[1]);
    r->fd = fds[0];
    return r->pid < 0 ? -errno : 0;
}

int on_rotate_open(struct on_rotate *ret, const char *program, const struct identity *identity,
                   const sigset_t *mask)
{
    int error;

    *ret = ON_ROTATE_NONE;
    if (!program)
        return 0;
    error = find(program, &ret->program);
    if (error < 0) {
        message_error("--on-rotate: cannot run %s: %s", program, strerror(-error));
        return error;
    }
    error = begin(ret, identity, mask);
    if (error < 0) {
        message_error("cannot start a process: %s", strerror(-error));
        on_rotate_close(ret);
    }
    return error;
}

void on_rotate_file(struct on_rotate *r, const char *path)
{
    ssize_t n;

    if (r->fd < 0)
        return;
    n = send(r->fd, path, strlen(path), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && !r->has_said)
        message_error("--on-rotate: %s is not run for %s%s", r->program, path,
                      errno == EAGAIN ? ": too many files wait for it already"
                                      : ", nor for later files: its process is gone");
    r->has_said = n < 0;
}

/* An empty name is the last. Whether there was room for it, or nobody takes names any more. */
static bool say_end(const struct on_rotate *r)
{
    return send(r->fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL) == 0 || errno != EAGAIN;
}

/* Whether a signal came, before the process has ended. */
static bool is_left(const struct on_rotate *r, int signal_fd)
{
    struct signalfd_siginfo info;
    bool has_end = say_end(r);

    for (;;) {
        struct pollfd fds[] = {{.fd = r->fd, .events = has_end ? 0 : POLLOUT},
                               {.fd = signal_fd, .events = POLLIN}};
        int n = poll(fds, sizeof fds / sizeof *fds, -1);

        if (n > 0 && fds[0].revents & POLLHUP)
            return false;
        if (n > 0 && fds[0].revents)
            has_end = has_end || say_end(r);
        if (n > 0 && read(signal_fd, &info, sizeof info) == sizeof info)
            return true;
    }
}

void on_rotate_finish(struct on_rotate *r, int signal_fd)
{
    if (r->fd < 0)
        return;
    if (is_left(r, signal_fd))
        message_warning("--on-rotate: %s is still being run, and goes on without the recorder",
                        r->program);
    else
        waitpid(r->pid, NULL, 0);
}

void on_rotate_close(struct on_rotate *r)
{
    close_fd(&r->fd);
    free(r->program);
    *r = ON_ROTATE_NONE;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "live/live_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/message.h"

#define STATUS_SIGNAL_BASE 128

/* Who sends a signal to a process and then to its group, as timeout(1) does, has sent one. Nobody
 * presses Ctrl-C twice within that time. */
#define SAME_SIGNAL_MS 100

struct child {
    pid_t pid; /* 0 = not started */
    bool has_ended;
    int status; /* as a shell has it */
};

struct live {
    const struct live_command_lines *lines;
    struct child recorder, reporter;
    int pipe_fd;   /* what the recorder writes, until the reporter has it; -1 then */
    int output_fd; /* standard output, to see its reader go; -1 once that is known */
    int signal_fd;
    sigset_t mask; /* with which we were started */
    int signal;    /* the first that asked for the end; 0 = none did */
    int64_t signal_ms;
    bool is_cut;    /* a second one came */
    bool is_unread; /* nobody reads what we print */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Replaces this process by a program of ours: the one installed or built with us, else one on the
 * PATH. */
static void become(const char *const *words)
{
    static const char *const folders[] = {"", "../bin/", "../sbin/", "../record/", "../report/"};
    char *const *argv = (char *const *)words; /* exec(3) leaves them alone */
    char path[PATH_MAX];
    char *name;
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);

    path[size < 0 ? 0 : size] = '\0';
    name = strrchr(path, '/');
    name = name ? name + 1 : path;
    for (size_t i = 0; name > path && i < sizeof folders / sizeof *folders; i++) {
        snprintf(name, sizeof path - (size_t)(name - path), "%s%s", folders[i], words[0]);
        execv(path, argv);
        if (errno != ENOENT)
            break;
    }
    if (errno == ENOENT || name == path)
        execvp(words[0], argv);
    if (errno == ENOENT)
        message_error("there is no %s where this program is, nor on the PATH", words[0]);
    else
        message_error("cannot run %s: %s", words[0], strerror(errno));
    _exit(EXIT_FAILED);
}

/*
 * In a process group of its own: it gets those signals only that we send, and each once, whether a
 * terminal, timeout(1) or kill(1) sent it. It may still write to the terminal (SIGTTOU).
 */
static void become_recorder(const struct live *l, int output)
{
    sigset_t mask = l->mask;

    setpgid(0, 0);
    sigaddset(&mask, SIGTTOU);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    dup2(output, STDOUT_FILENO);
    become(l->lines->recorder);
}

/* It reads to the end, whatever signal its process group gets, unless we are gone. */
static void become_reporter(const struct live *l, pid_t parent)
{
    sigset_t mask = l->mask;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_FAILED);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    dup2(l->pipe_fd, STDIN_FILENO);
    become(l->lines->reporter);
}

static void close_pipe(struct live *l)
{
    if (l->pipe_fd >= 0)
        close(l->pipe_fd);
    l->pipe_fd = -1;
}

/* 0, or a negative errno. */
static int start_recorder(struct live *l)
{
    int fds[2];
    pid_t pid;

    if (pipe2(fds, O_CLOEXEC) < 0)
        return -errno;
    pid = fork();
    if (pid == 0)
        become_recorder(l, fds[1]);
    close(fds[1]);
    l->pipe_fd = fds[0];
    if (pid < 0)
        return -errno;
    l->recorder.pid = pid;
    return 0;
}

/* Without a reporter the recorder has nobody who reads, and ends. */
static int start_reporter(struct live *l)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    int r = pid < 0 ? -errno : 0;

    if (pid == 0)
        become_reporter(l, parent);
    close_pipe(l);
    if (r == 0)
        l->reporter.pid = pid;
    return r;
}

static void send_signal(const struct child *child, int signal_number)
{
    if (child->pid && !child->has_ended)
        kill(child->pid, signal_number);
}

static void reap(struct child *child)
{
    int status;

    if (!child->pid || child->has_ended || waitpid(child->pid, &status, WNOHANG) != child->pid)
        return;
    child->has_ended = true;
    child->status = WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_SIGNAL_BASE + WTERMSIG(status);
}

static void on_interrupt(struct live *l, int number)
{
    if (!l->signal) {
        l->signal = number;
        l->signal_ms = now_ms();
        send_signal(&l->recorder, number);
    } else if (now_ms() - l->signal_ms >= SAME_SIGNAL_MS) {
        l->signal = number;
        l->is_cut = true;
        /* In this order: the reporter has no word to say of a recording without an end. */
        send_signal(&l->reporter, SIGKILL);
        send_signal(&l->recorder, SIGKILL);
    }
}

static void on_signal(struct live *l)
{
    struct signalfd_siginfo info;

    if (read(l->signal_fd, &info, sizeof info) != sizeof info)
        return;
    if (info.ssi_signo != SIGCHLD) {
        on_interrupt(l, (int)info.ssi_signo);
        return;
    }
    reap(&l->recorder);
    reap(&l->reporter);
}

/* The reporter would find out with its next row only, which on a quiet machine takes its time. */
static void on_output(struct live *l, int events)
{
    l->output_fd = -1;
    if (!(events & POLLERR))
        return;
    l->is_unread = true;
    close_pipe(l);
    send_signal(&l->reporter, SIGKILL);
}

static bool is_over(const struct live *l)
{
    return l->recorder.has_ended && (l->reporter.has_ended || !l->reporter.pid) && l->pipe_fd < 0;
}

/* 0 when both have ended, or a negative errno. */
static int look_after(struct live *l)
{
    int r = 0;

    while (r == 0 && !is_over(l)) {
        struct pollfd fds[] = {{.fd = l->signal_fd, .events = POLLIN},
                               {.fd = l->pipe_fd, .events = POLLIN},
                               {.fd = l->output_fd}};

        if (poll(fds, sizeof fds / sizeof *fds, -1) < 0) {
            r = errno == EINTR ? 0 : -errno;
            continue;
        }
        if (fds[0].revents)
            on_signal(l);
        if (fds[1].revents & POLLIN)
            r = start_reporter(l);
        else if (fds[1].revents)
            close_pipe(l);
        if (fds[2].revents)
            on_output(l, fds[2].revents);
    }
    return r;
}

static int begin(struct live *l)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    signal(SIGCHLD, SIG_DFL); /* where it is ignored, there is nothing to wait for */
    sigprocmask(SIG_BLOCK, &signals, &l->mask);
    l->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
    return l->signal_fd < 0 ? -errno : start_recorder(l);
}

/* As the shell of whoever pressed Ctrl-C twice wants to see it. */
static int die_by(int number)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, number);
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
    return STATUS_SIGNAL_BASE + number;
}

/*
 * A recorder fails, too, when its reader is gone. That is not what the reporter tells of: it says
 * that the recording has no end (EXIT_DAMAGED) when the recorder went first.
 */
static int judge(const struct live *l)
{
    bool is_end_missing = !l->reporter.pid || l->reporter.status == EXIT_DAMAGED;

    if (l->is_cut)
        return die_by(l->signal);
    if (l->is_unread)
        return EXIT_OK;
    if (l->recorder.status != EXIT_OK && is_end_missing)
        return l->recorder.status;
    return l->reporter.status;
}

int live_pipe_run(const struct live_command_lines *lines)
{
    struct live l = {.lines = lines, .pipe_fd = -1, .output_fd = STDOUT_FILENO, .signal_fd = -1};
    int r = begin(&l);

    if (r == 0)
        r = look_after(&l);
    if (r < 0) {
        message_error("cannot start a process: %s", strerror(-r));
        send_signal(&l.recorder, SIGKILL);
        return EXIT_FAILED;
    }
    return judge(&l);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What a loop waits for: made and taken down. */
#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "record/loop.h"
#include "record/loop_parts.h"
#include "record/timer.h"
#include "util/cleanup.h"

#define US_PER_SECOND UINT64_C(1000000)

void loop_signals(sigset_t *ret, bool has_snapshots)
{
    struct sigaction hangup;

    sigemptyset(ret);
    sigaddset(ret, SIGINT);
    sigaddset(ret, SIGTERM);
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
        sigaddset(ret, SIGHUP); /* nohup(1) has it ignored */
    if (has_snapshots)
        sigaddset(ret, SIGUSR2);
}

static int watch(const struct loop *loop, int fd, enum loop_happening what, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u32 = what};

    return epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* Watches one that was opened just now, unless that gave a negative errno. */
static int watch_opened(const struct loop *loop, int *ret_fd, int fd, enum loop_happening what)
{
    if (fd < 0)
        return fd;
    *ret_fd = fd;
    return watch(loop, fd, what, EPOLLIN);
}

static int watch_signals(struct loop *loop)
{
    sigset_t signals;

    loop_signals(&signals, loop->recorder->options->snapshot.is_wanted);
    loop->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->signal_fd < 0)
        return -errno;
    return watch(loop, loop->signal_fd, SIGNAL, EPOLLIN);
}

static int watch_rings(const struct loop *loop)
{
    int fds[KERNEL_FDS_MAX];
    size_t count = kernel_fds(loop->recorder->kernel, fds);
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++)
        r = watch(loop, fds[i], RING, EPOLLIN | EPOLLET);
    return r;
}

static int watch_rotation(struct loop *loop)
{
    const struct ring_options *ring = &loop->recorder->options->ring;
    int r = rotation_open(&loop->rotation, ring->rotate_us, ring->is_aligned);

    return r < 0 ? r : watch(loop, loop->rotation.fd, ROTATE, EPOLLIN);
}

/* What is watched only when it was asked for. */
static int watch_optional(struct loop *loop)
{
    const struct record_options *options = loop->recorder->options;
    int r = 0;

    if (options->duration_us)
        r = watch_opened(loop, &loop->duration_fd, timer_open(options->duration_us, false),
                         DURATION);
    if (r == 0 && loop->shows_status)
        r = watch_opened(loop, &loop->status_fd, timer_open(US_PER_SECOND, true), STATUS);
    if (r == 0 && loop->service.is_there)
        r = watch_opened(loop, &loop->alive_fd, timer_open(loop->service.every_us, true), ALIVE);
    if (r == 0 && options->ring.rotate_us)
        r = watch_rotation(loop);
    if (r == 0 && loop->command->pid_fd >= 0)
        r = watch(loop, loop->command->pid_fd, COMMAND, EPOLLIN);
    if (r == 0 && destination_is_pipe(&loop->recorder->file))
        r = watch(loop, loop->recorder->file.fd, PIPE, 0); /* EPOLLERR always comes */
    return r;
}

int loop_open(struct loop *ret, struct recorder *recorder, const struct command *command)
{
    int r;

    *ret = (struct loop){
        .recorder = recorder,
        .command = command,
        /* A reader that shares the terminal writes there itself. */
        .shows_status =
            !recorder->options->quiet && !recorder->file.is_stdout && isatty(STDERR_FILENO),
        .metrics.path = recorder->options->metrics,
        .rotation = ROTATION_NONE,
        .epoll_fd = epoll_create1(EPOLL_CLOEXEC),
        .signal_fd = -1,
        .flush_fd = -1,
        .duration_fd = -1,
        .step_fd = -1,
        .status_fd = -1,
        .alive_fd = -1,
    };
    service_open(&ret->service);
    if (ret->epoll_fd < 0)
        return -errno;
    recorder->file.wait = loop_wait_for_reader;
    recorder->file.wait_context = ret;
    r = watch_rings(ret);
    if (r == 0)
        r = watch_signals(ret);
    if (r == 0)
        r = watch_opened(ret, &ret->step_fd, timer_open_step(), STEP);
    if (r == 0)
        r = watch_opened(ret, &ret->flush_fd, timer_open(recorder->options->flush_us, true), FLUSH);
    if (r == 0)
        r = watch_optional(ret);
    status_start(&ret->status, timer_now_us());
    return r;
}

void loop_close(struct loop *loop)
{
    loop->recorder->file.wait = NULL;
    close_fd(&loop->epoll_fd);
    close_fd(&loop->signal_fd);
    close_fd(&loop->flush_fd);
    close_fd(&loop->duration_fd);
    close_fd(&loop->step_fd);
    close_fd(&loop->status_fd);
    close_fd(&loop->alive_fd);
    rotation_close(&loop->rotation);
}

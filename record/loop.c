/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "record/timer.h"
#include "util/cleanup.h"

#define US_PER_SECOND UINT64_C(1000000)
#define PATIENCE_MS   5000 /* with a reader that takes nothing, once the recording is over */

/* What an event of epoll is about. */
enum happening { RING, SIGNAL, FLUSH, DURATION, STEP, STATUS, COMMAND, PIPE, ROTATE };

void loop_signals(sigset_t *ret)
{
    struct sigaction hangup;

    sigemptyset(ret);
    sigaddset(ret, SIGINT);
    sigaddset(ret, SIGTERM);
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
        sigaddset(ret, SIGHUP); /* nohup(1) has it ignored */
}

static int watch(const struct loop *loop, int fd, enum happening what, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u32 = what};

    return epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* Watches one that was opened just now, unless that gave a negative errno. */
static int watch_opened(const struct loop *loop, int *ret_fd, int fd, enum happening what)
{
    if (fd < 0)
        return fd;
    *ret_fd = fd;
    return watch(loop, fd, what, EPOLLIN);
}

static int watch_signals(struct loop *loop)
{
    sigset_t signals;

    loop_signals(&signals);
    loop->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->signal_fd < 0)
        return -errno;
    return watch(loop, loop->signal_fd, SIGNAL, EPOLLIN);
}

/* The number of the signal that came, passed on to the command when `passes_on`, unless it is
 * `ours`; 0 = none did. One that the terminal sent has reached the command already. */
static int take_signal(const struct loop *loop, bool passes_on, int ours)
{
    struct signalfd_siginfo info;

    if (read(loop->signal_fd, &info, sizeof info) != sizeof info)
        return 0;
    if (passes_on && (int)info.ssi_signo != ours && info.ssi_code != SI_KERNEL)
        command_signal(loop->command, (int)info.ssi_signo);
    return (int)info.ssi_signo;
}

/*
 * SIGHUP is for the ring, where there is one. Of the others a first one while a command runs is for
 * the command: it ends, and with it the recording. Any other signal ends the recording.
 */
static void on_signal(struct loop *loop)
{
    bool is_for_command = loop->command->pid > 0 && !loop->was_signalled;
    bool has_ring = loop->recorder->ring.path;
    int number = take_signal(loop, is_for_command, has_ring ? SIGHUP : 0);

    if (!number)
        return;
    if (number == SIGHUP && has_ring) {
        loop->recorder->is_due = true;
        loop->awaits_flush = false;
        return;
    }
    if (is_for_command) {
        loop->was_signalled = true;
        return;
    }
    loop->signal = number;
    loop->reason = number == SIGINT ? "interrupted" : "terminated";
}

/*
 * While a reader takes nothing, nothing else happens: the kernel fills its ring, and then counts
 * what is lost. What ends a recording still does; a reader that then goes on reading gets the rest.
 */
static int wait_for_reader(void *context, int fd)
{
    struct loop *loop = context;

    for (;;) {
        struct pollfd fds[] = {
            {.fd = fd, .events = POLLOUT},
            {.fd = loop->signal_fd, .events = POLLIN},
            {.fd = loop->reason ? -1 : loop->duration_fd, .events = POLLIN},
            {.fd = loop->reason ? -1 : loop->command->pid_fd, .events = POLLIN},
        };
        int n = poll(fds, sizeof fds / sizeof *fds, loop->reason ? PATIENCE_MS : -1);

        if (n == 0)
            return RECORDER_READER_STALLED;
        if (n > 0 && fds[0].revents)
            return 0;
        if (n > 0 && fds[1].revents && loop->reason)
            return RECORDER_INTERRUPTED;
        if (n > 0 && fds[1].revents)
            on_signal(loop);
        else if (n > 0)
            loop->reason = fds[2].revents ? "duration" : "command ended";
    }
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
    };
    if (ret->epoll_fd < 0)
        return -errno;
    recorder->file.wait = wait_for_reader;
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
    rotation_close(&loop->rotation);
}

static void stop_if_enough(struct loop *loop, int result)
{
    if (result > 0)
        loop->reason = "count";
}

/* What is in the ring is of the clock before the step; recorder_flush() reads the new one at its
 * end. */
static int on_step(struct loop *loop)
{
    if (timer_read(loop->step_fd) != -ECANCELED)
        return 0;
    timer_arm_step(loop->step_fd);
    rotation_step(&loop->rotation);
    return recorder_flush(loop->recorder);
}

static void write_metrics(struct loop *loop, bool is_recording)
{
    if (!metrics_write(&loop->metrics, loop->recorder, is_recording))
        return;
    status_clear(&loop->status);
    metrics_explain(&loop->metrics);
}

static int on_flush(struct loop *loop)
{
    int r;

    timer_read(loop->flush_fd);
    r = recorder_flush(loop->recorder);
    write_metrics(loop, true);
    return r;
}

static void on_status(struct loop *loop)
{
    struct tlz_writer_stats stats;

    timer_read(loop->status_fd);
    recorder_stats(loop->recorder, &stats);
    status_show(&loop->status, timer_now_us(), &stats);
}

/* 1 when enough was taken, else 0 or a negative error. */
static int handle(struct loop *loop, enum happening what)
{
    switch (what) {
    case RING:
        return recorder_take(loop->recorder);
    case FLUSH:
        return on_flush(loop);
    case STEP:
        return on_step(loop);
    case SIGNAL:
        on_signal(loop);
        return 0;
    case STATUS:
        on_status(loop);
        return 0;
    case DURATION:
        loop->reason = "duration";
        return 0;
    case COMMAND:
        loop->reason = "command ended";
        return 0;
    case ROTATE:
        rotation_take(&loop->rotation);
        loop->recorder->is_due = true;
        return 0;
    case PIPE:
        loop->recorder->error = -EPIPE;
        return -EPIPE;
    }
    return 0;
}

/* One that cannot be begun is tried again at each flush, and at SIGHUP. Returns as recorder_take().
 */
static int rotate_if_due(struct loop *loop, bool is_flush)
{
    int r;

    if (!recorder_is_due(loop->recorder) || (loop->awaits_flush && !is_flush))
        return 0;
    status_clear(&loop->status); /* it may have something to say */
    r = recorder_rotate(loop->recorder);
    loop->awaits_flush = recorder_is_due(loop->recorder);
    if (r == 0 && !loop->awaits_flush)
        rotation_arm(&loop->rotation);
    return r;
}

int loop_run(struct loop *loop)
{
    write_metrics(loop, true);
    while (!loop->reason) {
        struct epoll_event event;
        int n = epoll_wait(loop->epoll_fd, &event, 1, loop->recorder->more ? 0 : -1);
        int r = 0;

        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0)
            r = handle(loop, event.data.u32);
        else if (loop->recorder->more)
            r = recorder_take(loop->recorder);
        if (r == 0)
            r = rotate_if_due(loop, n > 0 && event.data.u32 == FLUSH);
        if (r < 0)
            return r;
        stop_if_enough(loop, r);
        status_trouble(&loop->status, timer_now_us(), &loop->recorder->file,
                       loop->recorder->lost[RECORDER_LOSS_UNWRITTEN]);
    }
    return 0;
}

void loop_end(struct loop *loop)
{
    write_metrics(loop, false);
}

void loop_await_command(struct loop *loop)
{
    for (;;) {
        struct pollfd fds[] = {
            {.fd = loop->command->pid_fd, .events = POLLIN},
            {.fd = loop->signal_fd, .events = POLLIN},
        };
        int n = poll(fds, sizeof fds / sizeof *fds, -1);

        if (n > 0 && fds[0].revents)
            return;
        if (n > 0)
            take_signal(loop, true, 0);
    }
}

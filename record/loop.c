/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "record/loop_parts.h"
#include "record/snapshot.h"
#include "record/timer.h"

#define PATIENCE_MS 5000 /* with a reader that takes nothing, once the recording is over */

/* The number of the signal that came, passed on to the command when `passes_on`, unless it is
 * `ours` or SIGUSR2; 0 = none did. One that the terminal sent has reached the command already. */
static int take_signal(const struct loop *loop, bool passes_on, int ours)
{
    struct signalfd_siginfo info;

    if (read(loop->signal_fd, &info, sizeof info) != sizeof info)
        return 0;
    if (passes_on && info.ssi_signo != SIGUSR2 && (int)info.ssi_signo != ours &&
        info.ssi_code != SI_KERNEL)
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
    bool has_ring = ring_is_wanted(&loop->recorder->options->ring);
    int number = take_signal(loop, is_for_command, has_ring ? SIGHUP : 0);

    if (!number)
        return;
    if (number == SIGHUP && has_ring) {
        service_reloading(&loop->service);
        loop->recorder->is_due = true;
        loop->awaits_flush = false;
        return;
    }
    if (number == SIGUSR2) {
        loop->wants_snapshot = true;
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
int loop_wait_for_reader(void *context, int fd)
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

static void on_alive(struct loop *loop)
{
    struct tlz_writer_stats stats;

    timer_read(loop->alive_fd);
    recorder_stats(loop->recorder, &stats);
    service_alive(&loop->service, &stats);
}

/* It records, or goes on to after SIGHUP. */
static void tell_ready(struct loop *loop)
{
    struct tlz_writer_stats stats;

    recorder_stats(loop->recorder, &stats);
    service_ready(&loop->service, &stats);
}

/* 1 when enough was taken, else 0 or a negative error. */
static int handle(struct loop *loop, enum loop_happening what)
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
    case ALIVE:
        on_alive(loop);
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

/* That it cannot be written is no reason to stop. */
static int take_snapshot(struct loop *loop)
{
    int r = recorder_flush(loop->recorder);

    loop->wants_snapshot = false;
    status_clear(&loop->status);
    if (r >= 0)
        (void)snapshot_write(loop->recorder, "snapshot");
    return loop->recorder->error < 0 ? loop->recorder->error : r;
}

/* One round. Returns as recorder_take(). */
static int run_once(struct loop *loop)
{
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
    if (r >= 0 && loop->wants_snapshot)
        r = take_snapshot(loop);
    if (r == 0 && loop->service.is_reloading)
        tell_ready(loop);
    return r;
}

int loop_run(struct loop *loop)
{
    int r = 0;

    write_metrics(loop, true);
    tell_ready(loop);
    while (!loop->reason && r >= 0) {
        r = run_once(loop);
        stop_if_enough(loop, r);
        if (r >= 0)
            status_trouble(&loop->status, timer_now_us(), &loop->recorder->file,
                           loop->recorder->lost[RECORDER_LOSS_UNWRITTEN]);
    }
    service_stopping(&loop->service);
    return r < 0 ? r : 0;
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

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/follow_events.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "util/cleanup.h"

/* How long it waits before it looks by itself: where inotify tells, for what it may have missed. */
#define LOOK_AFTER_MS        10000
#define LOOK_AFTER_MS_UNTOLD 1000

#define LISTING (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)

static sigset_t ending_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

int follow_events_open(struct follow_events *ret)
{
    sigset_t set = ending_signals();

    *ret = (struct follow_events){.inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
    sigprocmask(SIG_BLOCK, &set, NULL);
    ret->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return ret->signals < 0 ? -errno : 0;
}

void follow_events_close(struct follow_events *events)
{
    close_fd(&events->inotify);
    close_fd(&events->signals);
}

void follow_events_add(const struct follow_events *events, struct followed_place *place)
{
    if (events->inotify >= 0)
        place->watch = inotify_add_watch(events->inotify, place->directory, IN_MODIFY | LISTING);
}

static void take_signals(struct follow_events *events)
{
    struct signalfd_siginfo info;
    sigset_t set = ending_signals();

    while (read(events->signals, &info, sizeof info) == sizeof info)
        ;
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    events->interrupted = true;
}

static void take_changes(struct follow_events *events)
{
    char bytes[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    ssize_t n;

    while ((n = read(events->inotify, bytes, sizeof bytes)) > 0) {
        const struct inotify_event *event;

        for (const char *p = bytes; p < bytes + n; p += sizeof *event + event->len) {
            event = (const struct inotify_event *)p;
            events->listing |= (event->mask & (LISTING | IN_Q_OVERFLOW)) != 0;
        }
    }
}

static int listen_for(struct follow_events *events, int milliseconds)
{
    struct pollfd fds[] = {{.fd = events->signals, .events = POLLIN},
                           {.fd = events->inotify, .events = POLLIN},
                           {.fd = STDOUT_FILENO}};
    int n = poll(fds, sizeof fds / sizeof *fds, milliseconds);

    events->listing |= n == 0 && milliseconds > 0;
    if (n <= 0)
        return 0;
    if (fds[0].revents)
        take_signals(events);
    if (fds[1].revents)
        take_changes(events);
    return fds[2].revents & (POLLERR | POLLHUP) ? -EPIPE : 0;
}

int follow_events_wait(struct follow_events *events, const struct followed_place *places,
                       size_t count)
{
    int milliseconds = LOOK_AFTER_MS;

    for (size_t i = 0; i < count; i++)
        if (places[i].watch < 0 || places[i].is_remote)
            milliseconds = LOOK_AFTER_MS_UNTOLD;
    return listen_for(events, milliseconds);
}

int follow_events_look(struct follow_events *events)
{
    return listen_for(events, 0);
}

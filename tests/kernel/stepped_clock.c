/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To be preloaded: a wall clock that is set while the program runs, for this program alone. SIGUSR1
 * sets it STEPPED_CLOCK seconds (in the environment; may be negative) further from the machine's
 * each time it comes. The program is told of it as the kernel tells: a timer of CLOCK_REALTIME that
 * is to be cancelled by such a step (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET) can be read, and
 * gives ECANCELED. The first timer of that clock is taken for it; it never expires.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static long step_s;
static atomic_long offset_s; /* of the wall clock, from the machine's */
static int timer_fd = -1;    /* an eventfd in its place */

static void on_signal(int number)
{
    static const uint64_t one = 1;
    int error = errno;

    (void)number;
    atomic_fetch_add(&offset_s, step_s);
    if (timer_fd >= 0 && write(timer_fd, &one, sizeof one) < 0)
        abort();
    errno = error;
}

static void __attribute__((constructor)) start(void)
{
    const char *text = getenv("STEPPED_CLOCK");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    step_s = text ? atol(text) : 0;
    sigaction(SIGUSR1, &action, NULL);
}

int clock_gettime(clockid_t id, struct timespec *ret)
{
    int r = (int)syscall(SYS_clock_gettime, id, ret);

    if (r == 0 && id == CLOCK_REALTIME)
        ret->tv_sec += atomic_load(&offset_s);
    return r;
}

int timerfd_create(clockid_t id, int flags)
{
    if (id != CLOCK_REALTIME || timer_fd >= 0)
        return (int)syscall(SYS_timerfd_create, id, flags);
    timer_fd = eventfd(0, (flags & TFD_NONBLOCK ? EFD_NONBLOCK : 0) |
                              (flags & TFD_CLOEXEC ? EFD_CLOEXEC : 0));
    return timer_fd;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *to, struct itimerspec *ret_from)
{
    static const int wanted = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;

    if (fd != timer_fd)
        return (int)syscall(SYS_timerfd_settime, fd, flags, to, ret_from);
    if ((flags & wanted) == wanted)
        return 0;
    errno = EINVAL;
    return -1;
}

ssize_t read(int fd, void *data, size_t size)
{
    ssize_t n = syscall(SYS_read, fd, data, size);

    if (n <= 0 || fd != timer_fd)
        return n;
    errno = ECANCELED;
    return -1;
}

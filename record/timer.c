/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/timer.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "util/cleanup.h"

#define US_PER_SECOND UINT64_C(1000000)

uint64_t timer_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (uint64_t)now.tv_sec * US_PER_SECOND + (uint64_t)now.tv_nsec / 1000;
}

/* The descriptor, or what stands against it. */
static int made(int fd, int error)
{
    if (error < 0)
        close_fd(&fd);
    return error < 0 ? error : fd;
}

int timer_open(uint64_t us, bool again)
{
    struct timespec span = {.tv_sec = (time_t)(us / US_PER_SECOND),
                            .tv_nsec = (long)(us % US_PER_SECOND * 1000)};
    struct itimerspec timer = {.it_value = span};
    int fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);

    if (fd < 0)
        return -errno;
    if (again)
        timer.it_interval = span;
    return made(fd, timerfd_settime(fd, 0, &timer, NULL) < 0 ? -errno : 0);
}

/* timerfd_create(2) */
static int arm_step(int fd)
{
    struct itimerspec never = {.it_value.tv_sec = INT32_MAX};

    if (sizeof(time_t) > 4)
        never.it_value.tv_sec = (time_t)(INT64_MAX / 1000000000);
    return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0
               ? -errno
               : 0;
}

int timer_open_step(void)
{
    int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);

    return fd < 0 ? -errno : made(fd, arm_step(fd));
}

void timer_arm_step(int fd)
{
    (void)arm_step(fd);
}

int timer_read(int fd)
{
    uint64_t times;

    return read(fd, &times, sizeof times) < 0 && errno == ECANCELED ? -ECANCELED : 0;
}

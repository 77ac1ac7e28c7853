/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/rotation.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define US_PER_SECOND UINT64_C(1000000)

uint64_t rotation_next(uint64_t now_us, uint64_t every_us, uint64_t last_us)
{
    uint64_t next_us = (now_us / every_us + 1) * every_us;

    return next_us == last_us && next_us - now_us <= US_PER_SECOND ? next_us + every_us : next_us;
}

static struct timespec timespec_of(uint64_t us)
{
    return (struct timespec){.tv_sec = (time_t)(us / US_PER_SECOND),
                             .tv_nsec = (long)(us % US_PER_SECOND * 1000)};
}

static uint64_t wall_clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * US_PER_SECOND + (uint64_t)now.tv_nsec / 1000;
}

/* An aligned one waits for a time of the wall clock, whatever that is set to meanwhile. */
static int arm(struct rotation *r)
{
    struct itimerspec timer = {.it_value = timespec_of(r->every_us)};

    if (r->is_aligned) {
        r->due_us = rotation_next(wall_clock_us(), r->every_us, r->last_us);
        timer.it_value = timespec_of(r->due_us);
    }
    return timerfd_settime(r->fd, r->is_aligned ? TFD_TIMER_ABSTIME : 0, &timer, NULL) < 0 ? -errno
                                                                                           : 0;
}

int rotation_open(struct rotation *ret, uint64_t every_us, bool is_aligned)
{
    *ret = (struct rotation){
        .fd = timerfd_create(is_aligned ? CLOCK_REALTIME : CLOCK_BOOTTIME,
                             TFD_NONBLOCK | TFD_CLOEXEC),
        .every_us = every_us,
        .is_aligned = is_aligned,
    };
    return ret->fd < 0 ? -errno : arm(ret);
}

void rotation_arm(struct rotation *r)
{
    if (r->fd >= 0)
        (void)arm(r); /* a time that timerfd_settime(2) took before */
}

/* Past the time, the timer goes off by itself, and must not be set to the next. */
void rotation_step(struct rotation *r)
{
    if (r->is_aligned && wall_clock_us() < r->due_us)
        rotation_arm(r);
}

void rotation_take(struct rotation *r)
{
    uint64_t times;

    if (read(r->fd, &times, sizeof times) == sizeof times)
        r->last_us = r->due_us;
}

void rotation_close(struct rotation *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/service.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#if RECORD_NOTIFY
#include <systemd/sd-daemon.h>
#endif

#include "record/status.h"
#include "util/message.h"

/* Without a watchdog: only the status gets old. */
#define STATUS_US UINT64_C(30000000)

#if RECORD_NOTIFY

void service_open(struct service *ret)
{
    uint64_t watchdog_us;

    *ret = (struct service){.is_there = getenv("NOTIFY_SOCKET"), .every_us = STATUS_US};
    if (ret->is_there && sd_watchdog_enabled(0, &watchdog_us) > 0)
        ret->every_us = watchdog_us / 2;
}

/* That nobody hears it is no reason to stop. */
static void tell(const struct service *s, const char *what, const struct tlz_writer_stats *stats)
{
    if (s->is_there)
        (void)sd_notifyf(0, "%s\nSTATUS=recording: %s", what, status_summary(stats).s);
}

/* MONOTONIC_USEC is for Type=notify-reload. */
void service_reloading(struct service *s)
{
    struct timespec now;

    s->is_reloading = s->is_there;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (s->is_there)
        (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
                         (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

void service_stopping(const struct service *s)
{
    if (s->is_there)
        (void)sd_notify(0, "STOPPING=1\nSTATUS=finishing the capture");
}

#else

void service_open(struct service *ret)
{
    *ret = (struct service){.every_us = STATUS_US};
    if (getenv("NOTIFY_SOCKET"))
        message_warning(
            "built without libsystemd: the service manager is not told that it records; "
            "Type=notify would wait for it");
}

static void tell(const struct service *s, const char *what, const struct tlz_writer_stats *stats)
{
    (void)s;
    (void)what;
    (void)stats;
}

void service_reloading(struct service *s)
{
    (void)s;
}

void service_stopping(const struct service *s)
{
    (void)s;
}

#endif

void service_ready(struct service *s, const struct tlz_writer_stats *stats)
{
    tell(s, "READY=1", stats);
    s->is_reloading = false;
}

void service_alive(const struct service *s, const struct tlz_writer_stats *stats)
{
    tell(s, "WATCHDOG=1", stats);
}

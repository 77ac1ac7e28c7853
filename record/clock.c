/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "util/cleanup.h"

#define NS_PER_SECOND INT64_C(1000000000)

/* An interruption between two reads spoils a try; so the best of some is taken. */
#define TRIES 5

static int read_time(void *context, clockid_t id, struct timespec *ret)
{
    (void)context;
    return clock_gettime(id, ret) < 0 ? -errno : 0;
}

/* adjtimex(2): TIME_ERROR, or STA_UNSYNC, when nothing disciplines the clock. */
static int read_status(void *context, enum tlz_clock_status *ret)
{
    struct timex timex = {0};
    int state = adjtimex(&timex);

    (void)context;
    if (state < 0)
        return -errno;
    *ret = state == TIME_ERROR || timex.status & STA_UNSYNC ? TLZ_CLOCK_UNSYNCED : TLZ_CLOCK_SYNCED;
    return 0;
}

int clock_parse_offsets(const char *text, int64_t *ret_boot_offset_ns)
{
    const char *line = strstr(text, "boottime");
    int64_t seconds;
    int64_t ns;

    if (!line || sscanf(line, "boottime %" SCNd64 " %" SCNd64, &seconds, &ns) != 2)
        return -EINVAL;
    *ret_boot_offset_ns = seconds * NS_PER_SECOND + ns;
    return 0;
}

/*
 * timens_offsets is that of the namespace for children; it is this process's own when the two are
 * one (a process that called unshare(2) itself stays in its old one).
 */
static bool is_own_namespace_for_children(void)
{
    char own[64] = "";
    char children[64] = "";

    if (readlink("/proc/self/ns/time", own, sizeof own - 1) < 0 ||
        readlink("/proc/self/ns/time_for_children", children, sizeof children - 1) < 0)
        return false;
    return !strcmp(own, children);
}

static int read_boot_offset(int64_t *ret_ns)
{
    _cleanup_(close_fd) int fd = open("/proc/self/timens_offsets", O_RDONLY | O_CLOEXEC);
    char text[256];
    ssize_t n;

    if (fd < 0 && errno == ENOENT) {
        *ret_ns = 0; /* Linux before 5.6, or built without time namespaces */
        return 0;
    }
    if (fd < 0)
        return -errno;
    n = read(fd, text, sizeof text - 1);
    if (n < 0)
        return -errno;
    text[n] = '\0';
    if (!is_own_namespace_for_children())
        return -ENOTSUP;
    return clock_parse_offsets(text, ret_ns);
}

int clock_source_open(struct clock_source *ret)
{
    int64_t offset_ns;
    int r = read_boot_offset(&offset_ns);

    if (r < 0)
        return r;
    *ret = (struct clock_source){
        .read_time = read_time, .read_status = read_status, .boot_offset_ns = offset_ns};
    return 0;
}

static int64_t timespec_ns(const struct timespec *t)
{
    return t->tv_sec * NS_PER_SECOND + t->tv_nsec;
}

/* One try: the wall clock, between two reads of the boot clock. */
static int read_bracket(const struct clock_source *source, int64_t *ret_before_ns,
                        int64_t *ret_real_ns, int64_t *ret_after_ns)
{
    struct timespec before;
    struct timespec real;
    struct timespec after;
    int r = source->read_time(source->context, CLOCK_BOOTTIME, &before);

    if (r == 0)
        r = source->read_time(source->context, CLOCK_REALTIME, &real);
    if (r == 0)
        r = source->read_time(source->context, CLOCK_BOOTTIME, &after);
    if (r < 0)
        return r;
    *ret_before_ns = timespec_ns(&before);
    *ret_real_ns = timespec_ns(&real);
    *ret_after_ns = timespec_ns(&after);
    return 0;
}

int clock_read_pair(const struct clock_source *source, struct tlz_clock *ret)
{
    int64_t best_ns = INT64_MAX;
    int64_t best_boot_ns = 0;
    int64_t best_real_ns = 0;
    enum tlz_clock_status status = TLZ_CLOCK_UNKNOWN;

    for (int i = 0; i < TRIES; i++) {
        int64_t before_ns;
        int64_t real_ns;
        int64_t after_ns;
        int r = read_bracket(source, &before_ns, &real_ns, &after_ns);

        if (r < 0)
            return r;
        if (after_ns - before_ns >= best_ns)
            continue;
        best_ns = after_ns - before_ns;
        best_boot_ns = before_ns + best_ns / 2;
        best_real_ns = real_ns;
    }
    if (source->read_status(source->context, &status) < 0)
        status = TLZ_CLOCK_UNKNOWN;
    ret->boot_us = (uint64_t)(best_boot_ns - source->boot_offset_ns) / 1000;
    ret->real_us = (uint64_t)best_real_ns / 1000;
    ret->uncertainty_us = (uint32_t)(best_ns / 2 / 1000 + 1);
    ret->status = status;
    return 0;
}

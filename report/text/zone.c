/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/capture/captures.h"
#include "report/text/append.h"
#include "util/cleanup.h"
#include "util/message.h"
#include "util/missing.h"

#define ZONE_NAME_MAX 64

/* The name comes from a capture and will be a path: only what IANA names are made of. */
static int name_is_safe(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t size = strlen(name);

    return size > 0 && size <= ZONE_NAME_MAX && strchr(letters, name[0]) &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") ==
               size;
}

/* Of what lies there, directories and tables are no zones: the C library would make UTC of them. */
static bool is_zone_file(const char *path)
{
    static const char magic[4] = "TZif"; /* RFC 9636, section 3.1 */
    char found[sizeof magic];
    _cleanup_(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    return fd >= 0 && read(fd, found, sizeof found) == sizeof found &&
           !memcmp(found, magic, sizeof magic);
}

/* The C library takes UTC for a zone that it has no memory to read. 0 or -ENOMEM. */
static int load(void)
{
    errno = 0;
    tzset();
    return errno == ENOMEM ? -ENOMEM : 0;
}

int zone_use(struct zone *zone, const char *name)
{
    char path[sizeof ZONE_DIRECTORY + ZONE_NAME_MAX];

    if (!name_is_safe(name))
        return -EINVAL;
    stpcpy(stpcpy(path, ZONE_DIRECTORY), name);
    if (strcmp(name, "UTC") != 0 && !is_zone_file(path))
        return -EINVAL;
    if (setenv("TZ", name, 1) < 0)
        return -ENOMEM;
    zone->second = 0;
    return load();
}

int zone_ask(struct zone *zone, const char *name)
{
    int r;

    if (!name)
        return EXIT_OK;
    zone->chosen = true;
    r = strcmp(name, "local") ? zone_use(zone, name) : load();
    if (r == -EINVAL)
        return message_usage("--tz: this machine knows no time zone '%s'; there are UTC, local, "
                             "and such as Europe/Berlin",
                             name);
    if (r == 0)
        return EXIT_OK;
    message_error("--tz: %s", strerror(-r));
    return EXIT_FAILED;
}

int zone_choose(struct zone *zone, const struct captures *captures)
{
    const char *name;
    int r;

    if (zone->chosen)
        return 0;
    zone->chosen = true;
    if (captures_differ(captures, TLZ_META_TIME_ZONE)) {
        message_notice("the recordings are of different time zones: times are in UTC");
        return zone_use(zone, "UTC");
    }
    name = captures_first_text(captures, TLZ_META_TIME_ZONE);
    r = name ? zone_use(zone, name) : load();
    if (r != -EINVAL)
        return r;
    message_notice("the time zone '%s' of the capture is not known here: times are in UTC", name);
    return zone_use(zone, "UTC");
}

/* An offset from UTC may have seconds and may change at any second: each second is read. */
static void read_face(struct zone *zone, uint64_t us)
{
    uint64_t second = us / 1000000;
    time_t seconds = (time_t)second;

    if (zone->second == second + 1)
        return;
    zone->second = second + 1;
    if (!localtime_r(&seconds, &zone->face))
        memset(&zone->face, 0, sizeof zone->face);
}

int64_t zone_offset(int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;

    return localtime_r(&t, &tm) ? timegm(&tm) - t : 0;
}

int64_t zone_change(int64_t from, int64_t to)
{
    int64_t offset = zone_offset(to);

    while (to - from > 1) {
        int64_t middle = from + (to - from) / 2;

        if (zone_offset(middle) == offset)
            to = middle;
        else
            from = middle;
    }
    return to;
}

static char *append_face(const struct zone *zone, char *p)
{
    p = append_padded(p, (uint64_t)zone->face.tm_hour, 2);
    *p++ = ':';
    p = append_padded(p, (uint64_t)zone->face.tm_min, 2);
    *p++ = ':';
    return append_padded(p, (uint64_t)zone->face.tm_sec, 2);
}

char *zone_append_clock(struct zone *zone, char *p, uint64_t us)
{
    read_face(zone, us);
    return append_face(zone, p);
}

char *zone_append_time(struct zone *zone, char *p, uint64_t us)
{
    read_face(zone, us);
    p = append_padded(p, (uint64_t)zone->face.tm_year + 1900, 4);
    *p++ = '-';
    p = append_padded(p, (uint64_t)zone->face.tm_mon + 1, 2);
    *p++ = '-';
    p = append_padded(p, (uint64_t)zone->face.tm_mday, 2);
    *p++ = ' ';
    p = append_face(zone, p);
    *p++ = '.';
    return append_padded(p, us % 1000000, 6);
}

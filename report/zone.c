/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/append.h"
#include "report/captures.h"
#include "util/message.h"

#define ZONE_DIRECTORY "/usr/share/zoneinfo/"
#define ZONE_NAME_MAX  64

/* The name comes from a capture and will be a path: only what IANA names are made of. */
static int name_is_safe(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t size = strlen(name);

    return size > 0 && size <= ZONE_NAME_MAX && strchr(letters, name[0]) &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") ==
               size;
}

int zone_use(struct zone *zone, const char *name)
{
    char path[sizeof ZONE_DIRECTORY + ZONE_NAME_MAX];

    if (!name_is_safe(name))
        return -EINVAL;
    stpcpy(stpcpy(path, ZONE_DIRECTORY), name);
    if (strcmp(name, "UTC") != 0 && access(path, R_OK) < 0)
        return -EINVAL;
    if (setenv("TZ", name, 1) < 0)
        return -EINVAL;
    tzset();
    zone->minute = 0;
    return 0;
}

void zone_choose(struct zone *zone, const struct captures *captures)
{
    const char *name;

    if (zone->chosen)
        return;
    zone->chosen = true;
    name = captures_first_text(captures, TLZ_META_TIME_ZONE);
    if (name && zone_use(zone, name) < 0)
        message_notice("the time zone '%s' of the capture is not known here: times are in this "
                       "machine's",
                       name);
}

/* Offsets from UTC change on whole minutes, so a minute is read once. */
static void read_face(struct zone *zone, uint64_t us)
{
    uint64_t minute = us / 60000000;
    time_t seconds = (time_t)(minute * 60);

    if (zone->minute == minute + 1)
        return;
    zone->minute = minute + 1;
    if (!localtime_r(&seconds, &zone->face))
        memset(&zone->face, 0, sizeof zone->face);
}

static char *append_face(const struct zone *zone, char *p, uint64_t us)
{
    unsigned int second = (unsigned int)(us / 1000000 % 60);

    p = append_padded(p, (uint64_t)zone->face.tm_hour, 2);
    *p++ = ':';
    p = append_padded(p, (uint64_t)zone->face.tm_min, 2);
    *p++ = ':';
    return append_padded(p, (second + (unsigned int)zone->face.tm_sec) % 60, 2);
}

char *zone_append_clock(struct zone *zone, char *p, uint64_t us)
{
    read_face(zone, us);
    return append_face(zone, p, us);
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
    p = append_face(zone, p, us);
    *p++ = '.';
    return append_padded(p, us % 1000000, 6);
}

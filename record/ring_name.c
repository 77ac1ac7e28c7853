/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/ring_name.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PLAIN         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
#define TIME_FORMAT   "-%4u%2u%2uT%2u%2u%2u.%3uZ.tlz"
#define YEAR_10000_MS UINT64_C(253402300800000)

struct ring_name ring_name_host(const char *host)
{
    struct ring_name name;

    snprintf(name.s, sizeof name.s, "%.*s", RING_HOST_MAX, host[0] ? host : "host");
    for (char *c = name.s; *c; c++)
        if (!strchr(PLAIN, *c) || (c == name.s && (*c == '.' || *c == '-')))
            *c = '_';
    return name;
}

int ring_name_format(const char *host, uint64_t unix_ms, struct ring_name *ret)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    char second[sizeof "20261126T160000"];
    struct tm utc;

    if (unix_ms >= YEAR_10000_MS || !gmtime_r(&seconds, &utc))
        return -ERANGE;
    strftime(second, sizeof second, "%Y%m%dT%H%M%S", &utc);
    snprintf(ret->s, sizeof ret->s, "%.*s-%s.%03uZ.tlz", RING_HOST_MAX, host, second,
             (unsigned int)(unix_ms % 1000));
    return 0;
}

bool ring_name_parse(const char *host, const char *name, uint64_t *ret_unix_ms)
{
    size_t host_size = strlen(host);
    unsigned int year, month, day, hour, minute, second, ms;
    struct ring_name again;
    uint64_t unix_ms;
    struct tm utc;

    if (strncmp(name, host, host_size) != 0 ||
        sscanf(name + host_size, TIME_FORMAT, &year, &month, &day, &hour, &minute, &second, &ms) !=
            7 ||
        year < 1970)
        return false;
    utc = (struct tm){
        .tm_year = (int)year - 1900,
        .tm_mon = (int)month - 1,
        .tm_mday = (int)day,
        .tm_hour = (int)hour,
        .tm_min = (int)minute,
        .tm_sec = (int)second,
    };
    unix_ms = (uint64_t)timegm(&utc) * 1000 + ms;
    /* Spaces, signs, a 61st second, anything behind it: there is one way to write it. */
    if (ring_name_format(host, unix_ms, &again) < 0 || strcmp(again.s, name) != 0)
        return false;
    *ret_unix_ms = unix_ms;
    return true;
}

uint64_t ring_name_next(uint64_t now_ms, uint64_t newest_ms)
{
    return now_ms > newest_ms ? now_ms : newest_ms + 1;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times as people type them. Each returns 0 and its result; or, with the result untouched, -EINVAL
 * (not of that form), -ERANGE (before 1970, after 9999, no such day, hour, ...) or -EDOM (finer
 * than a microsecond).
 */
#ifndef UTIL_TIME_TEXT_H
#define UTIL_TIME_TEXT_H

#include <stdint.h>

enum typed_time_kind {
    TYPED_INSTANT, /* 2026-05-01T12:30:00Z, or +02:00: unix_us */
    TYPED_DATE,    /* 2026-05-01, with 12:30, 12:30:00 or 12:30:00.5 behind it: of a zone that is
                      not said */
    TYPED_CLOCK,   /* 12:30 and so on: nor is the day */
    TYPED_AGO,     /* 10 minutes ago, -10m, now: ago_us */
};

struct typed_time {
    enum typed_time_kind kind;
    uint64_t unix_us;
    uint64_t ago_us;
    int year, month, day; /* 1970 on, 1 to 12, 1 to 31 */
    uint64_t of_day_us;   /* since midnight, as a clock shows it */
};

/* Any of them. */
int parse_time(const char *text, struct typed_time *ret);

/* An instant alone, as RFC 3339 writes it (a blank may stand for the T). Unix time in
 * microseconds. */
int parse_instant(const char *text, uint64_t *ret_us);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/time_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "util/parse.h"

#define MINUTE_US UINT64_C(60000000)
#define DAY_US    (UINT64_C(86400) * 1000000)

#define DURATION_ROOM 40

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number of so many digits; moves *text behind it. */
static bool take_digits(const char **text, int digits, int *ret)
{
    int value = 0;

    for (int i = 0; i < digits; i++) {
        if (!is_digit((*text)[i]))
            return false;
        value = value * 10 + ((*text)[i] - '0');
    }
    *text += digits;
    *ret = value;
    return true;
}

static bool take_letter(const char **text, char letter)
{
    if (**text != letter)
        return false;
    ++*text;
    return true;
}

/* Microseconds. 0, -EINVAL, or -EDOM when it says more. */
static int take_fraction(const char **text, uint64_t *us)
{
    uint64_t unit = 100000;

    if (!is_digit(**text))
        return -EINVAL;
    for (; is_digit(**text); ++*text) {
        if (unit == 0 && **text != '0')
            return -EDOM;
        *us += unit * (uint64_t)(**text - '0');
        unit /= 10;
    }
    return 0;
}

/* HH:MM[:SS[.FRACTION]]. 0, -EINVAL, -ERANGE or -EDOM. */
static int take_clock(const char **text, uint64_t *ret_us)
{
    int hour, minute, second = 0, r = 0;
    uint64_t us = 0;

    if (!take_digits(text, 2, &hour) || !take_letter(text, ':') || !take_digits(text, 2, &minute))
        return -EINVAL;
    if (take_letter(text, ':')) {
        if (!take_digits(text, 2, &second))
            return -EINVAL;
        if (take_letter(text, '.'))
            r = take_fraction(text, &us);
        if (r < 0)
            return r;
    }
    if (hour > 23 || minute > 59 || second > 59)
        return -ERANGE;
    *ret_us = (uint64_t)(hour * 60 + minute) * MINUTE_US + (uint64_t)second * 1000000 + us;
    return 0;
}

static int days_of_month(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && is_leap);
}

/* YYYY-MM-DD. 0, -EINVAL or -ERANGE. */
static int take_date(const char **text, struct typed_time *t)
{
    if (!take_digits(text, 4, &t->year) || !take_letter(text, '-') ||
        !take_digits(text, 2, &t->month) || !take_letter(text, '-') ||
        !take_digits(text, 2, &t->day))
        return -EINVAL;
    if (t->year < 1970 || t->month < 1 || t->month > 12 || t->day < 1 ||
        t->day > days_of_month(t->year, t->month))
        return -ERANGE;
    return 0;
}

/* Z, or +HH:MM: minutes east of Greenwich. 0, -EINVAL or -ERANGE. */
static int take_offset(const char **text, int *ret_minutes)
{
    int hours, minutes;
    bool is_east = **text == '+';

    *ret_minutes = 0;
    if (take_letter(text, 'Z') || take_letter(text, 'z'))
        return 0;
    if (!take_letter(text, '+') && !take_letter(text, '-'))
        return -EINVAL;
    if (!take_digits(text, 2, &hours) || !take_letter(text, ':') || !take_digits(text, 2, &minutes))
        return -EINVAL;
    if (hours > 23 || minutes > 59)
        return -ERANGE;
    *ret_minutes = is_east ? hours * 60 + minutes : -(hours * 60 + minutes);
    return 0;
}

/* Days from 1970-01-01 on. */
static uint64_t days_since_epoch(const struct typed_time *t)
{
    uint64_t days = 0;

    for (int year = 1970; year < t->year; year++)
        days += 337 + (uint64_t)days_of_month(year, 2);
    for (int month = 1; month < t->month; month++)
        days += (uint64_t)days_of_month(t->year, month);
    return days + (uint64_t)t->day - 1;
}

/* What stands behind a date: nothing, a time of day, and perhaps its zone. */
static int take_time(const char **text, struct typed_time *t)
{
    int minutes, r;
    int64_t us;

    t->kind = TYPED_DATE;
    if (!**text)
        return 0;
    if (!take_letter(text, 'T') && !take_letter(text, 't') && !take_letter(text, ' '))
        return -EINVAL;
    r = take_clock(text, &t->of_day_us);
    if (r < 0 || !**text)
        return r;
    r = take_offset(text, &minutes);
    if (r < 0)
        return r;
    us = (int64_t)(days_since_epoch(t) * DAY_US + t->of_day_us) - minutes * (int64_t)MINUTE_US;
    if (us < 0)
        return -ERANGE;
    t->kind = TYPED_INSTANT;
    t->unix_us = (uint64_t)us;
    return **text ? -EINVAL : 0;
}

/* The short name of a unit, or NULL. */
static const char *unit_of(const char *word, size_t size)
{
    static const struct {
        const char *word, *unit;
    } units[] = {
        {"second", "s"}, {"sec", "s"}, {"minute", "m"}, {"min", "m"}, {"hour", "h"}, {"day", "d"},
    };

    if (size > 1 && word[size - 1] == 's')
        size--;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].word) == size && !memcmp(units[i].word, word, size))
            return units[i].unit;
    return NULL;
}

/* "10 minutes", "10m", "1.5h": the number and the unit, a blank between or none. */
static int parse_age(const char *text, size_t size, uint64_t *ret_us)
{
    char duration[DURATION_ROOM];
    size_t digits = strspn(text, "0123456789."), blank;
    const char *unit;

    if (digits == 0 || digits > size || size >= sizeof duration)
        return -EINVAL;
    blank = digits < size && text[digits] == ' ';
    unit = unit_of(text + digits + blank, size - digits - blank);
    memcpy(duration, text, size);
    duration[size] = '\0';
    if (unit)
        strcpy(duration + digits, unit);
    else if (blank)
        memmove(duration + digits, duration + digits + 1, size - digits);
    return parse_duration(duration, ret_us);
}

/* "-10m", "10 minutes ago", "now". */
static int parse_ago(const char *text, struct typed_time *t)
{
    static const char ago[] = " ago";
    size_t size = strlen(text), tail = sizeof ago - 1;

    t->kind = TYPED_AGO;
    if (!strcmp(text, "now"))
        return 0;
    if (text[0] == '-')
        return parse_age(text + 1, size - 1, &t->ago_us);
    if (size <= tail || strcmp(text + size - tail, ago) != 0)
        return -EINVAL;
    return parse_age(text, size - tail, &t->ago_us);
}

int parse_time(const char *text, struct typed_time *ret)
{
    struct typed_time t = {0};
    const char *at = text;
    int r;

    if (strlen(text) > 4 && text[4] == '-' && is_digit(text[0])) {
        r = take_date(&at, &t);
        if (r == 0)
            r = take_time(&at, &t);
    } else if (strlen(text) > 2 && text[2] == ':') {
        t.kind = TYPED_CLOCK;
        r = take_clock(&at, &t.of_day_us);
    } else {
        r = parse_ago(text, &t);
        at = text + strlen(text);
    }
    if (r == 0 && *at)
        r = -EINVAL;
    if (r == 0)
        *ret = t;
    return r;
}

int parse_instant(const char *text, uint64_t *ret_us)
{
    struct typed_time t;
    int r = parse_time(text, &t);

    if (r < 0)
        return r;
    if (t.kind != TYPED_INSTANT)
        return -EINVAL;
    *ret_us = t.unix_us;
    return 0;
}

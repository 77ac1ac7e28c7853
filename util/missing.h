/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is used here of a C library and is not in POSIX.1-2008, where it has no such thing:
 * meson.build finds that out, and sets HAVE_... for what there is. As its manual pages say, but
 * where a comment says what is lacking.
 */
#ifndef UTIL_MISSING_H
#define UTIL_MISSING_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if !HAVE_REALLOCARRAY
static inline void *reallocarray(void *old, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(old, count * size);
}
#endif

#if !HAVE_EXPLICIT_BZERO
static inline void explicit_bzero(void *bytes, size_t size)
{
    for (volatile char *p = bytes; size > 0; size--)
        *p++ = 0;
}
#endif

#if !HAVE_VASPRINTF
static inline int vasprintf(char **ret, const char *format, va_list arguments)
{
    va_list again;
    int size;

    va_copy(again, arguments);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    *ret = size < 0 ? NULL : malloc((size_t)size + 1);
    return *ret ? vsnprintf(*ret, (size_t)size + 1, format, arguments) : -1;
}

__attribute__((format(printf, 2, 3))) static inline int asprintf(char **ret, const char *format,
                                                                 ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vasprintf(ret, format, arguments);
    va_end(arguments);
    return size;
}
#endif

/* Not in one step: a program that is started meanwhile by another thread has it, too. */
#if !HAVE_MKOSTEMP
static inline int mkostemp(char *name, int flags)
{
    int fd = mkstemp(name);

    if (fd >= 0 && flags & O_CLOEXEC)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}
#endif

/* There is none: as a kernel says that has none. */
#if !HAVE_RENAMEAT2
#define RENAME_NOREPLACE 1
static inline int renameat2(int from, const char *old, int to, const char *new, unsigned int flags)
{
    (void)from;
    (void)old;
    (void)to;
    (void)new;
    (void)flags;
    errno = ENOSYS;
    return -1;
}
#endif

/* Of the proleptic Gregorian calendar; fields are in their ranges, but for the day of the month. */
#if !HAVE_TIMEGM
static inline time_t timegm(struct tm *tm)
{
    /* Years begin in March, so that a leap day is the last. */
    int64_t year = tm->tm_year + INT64_C(1900) - (tm->tm_mon < 2), month = (tm->tm_mon + 10) % 12;
    int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 +
                   tm->tm_mday - 1 - 719468;

    return (time_t)(((days * 24 + tm->tm_hour) * 60 + tm->tm_min) * 60 + tm->tm_sec);
}
#endif

#if !HAVE_QSORT_R
static _Thread_local struct {
    int (*compare)(const void *a, const void *b, void *context);
    void *context;
} qsort_r_call;

static int qsort_r_compare(const void *a, const void *b)
{
    return qsort_r_call.compare(a, b, qsort_r_call.context);
}

static inline void qsort_r(void *base, size_t count, size_t size,
                           int (*compare)(const void *a, const void *b, void *context),
                           void *context)
{
    qsort_r_call.compare = compare;
    qsort_r_call.context = context;
    qsort(base, count, size, qsort_r_compare);
}
#endif

#endif

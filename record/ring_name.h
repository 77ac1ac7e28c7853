/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of a ring's files: the host and, to the millisecond, when the file was begun, in UTC:
 * "web1-20261126T160000.000Z.tlz". All of one host's are as long, so that they sort by their times.
 */
#ifndef RECORD_RING_NAME_H
#define RECORD_RING_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define RING_HOST_MAX 64 /* of a host's name in a file's: HOST_NAME_MAX of Linux */
#define RING_NAME_MAX (RING_HOST_MAX + 25)

struct ring_name {
    char s[RING_NAME_MAX + 1];
};

/*
 * The host's name as it stands in a file's name: what is not a letter, a digit, "-", "_" or "." of
 * ASCII becomes "_", and so does a "." or "-" at its beginning; a name that is empty is "host".
 */
struct ring_name ring_name_host(const char *host);

/* host: of ring_name_host(). 0 and *ret; or -ERANGE past the year 9999. */
int ring_name_format(const char *host, uint64_t unix_ms, struct ring_name *ret);

/* True and the time when it is a name that ring_name_format() gives for that host. */
bool ring_name_parse(const char *host, const char *name, uint64_t *ret_unix_ms);

/*
 * The time in the next file's name: now, or just behind the newest file's when the clock is not
 * past that, having been set back, so that names sort as files were begun. newest_ms: 0 = no file.
 */
uint64_t ring_name_next(uint64_t now_ms, uint64_t newest_ms);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The pair of clocks that turns the kernel's times into wall-clock times. */
#ifndef RECORD_CLOCK_H
#define RECORD_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "format/row.h"

/* Where times come from; a test puts its own here. Both return 0 or a negative errno. */
struct clock_source {
    int (*read_time)(void *context, clockid_t id, struct timespec *ret);
    int (*read_status)(void *context, enum tlz_clock_status *ret);
    void *context;
    int64_t boot_offset_ns; /* what this process's time namespace adds to CLOCK_BOOTTIME */
};

/*
 * The machine's clocks. 0, or a negative errno when the time namespace's offset cannot be read (a
 * kernel without time namespaces has none, and that is no error).
 */
int clock_source_open(struct clock_source *ret);

/*
 * Parses /proc/self/timens_offsets ("boottime SECONDS NANOSECONDS", time_namespaces(7)). 0, or
 * -EINVAL when there is no such line.
 */
int clock_parse_offsets(const char *text, int64_t *ret_boot_offset_ns);

/*
 * Reads both clocks at as nearly one instant as it can. boot_us is CLOCK_BOOTTIME in the kernel's
 * own clock, as BPF programs see it whatever time namespace this process is in. 0 or a negative
 * errno.
 */
int clock_read_pair(const struct clock_source *source, struct tlz_clock *ret);

/* Unix time of a time of the pair's boot clock, microseconds. */
static inline uint64_t clock_unix_us(const struct tlz_clock *pair, uint64_t boot_us)
{
    return boot_us - pair->boot_us + pair->real_us;
}

#endif

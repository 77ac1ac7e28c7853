/* SPDX-License-Identifier: BSD-2-Clause */
/* The time zone in which text shows times. */
#ifndef REPORT_TEXT_ZONE_H
#define REPORT_TEXT_ZONE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct captures;

/* Where the zones that a capture may name are read. */
#define ZONE_DIRECTORY "/usr/share/zoneinfo/"

/* The clock face of one second. Zeroed = nothing read yet. */
struct zone {
    bool chosen;
    uint64_t second; /* Unix time plus 1; 0 = none */
    struct tm face;
};

/*
 * Chooses, once, the zone of the hosts that recorded; UTC where they are of different zones or this
 * machine does not know it, which it says; the machine's own where they tell none. To be called
 * when a time is to be shown, since not before the first row is it known. 0 or -ENOMEM.
 */
int zone_choose(struct zone *zone, const struct captures *captures);

/* The zone that is asked for, an IANA name or `local`, the machine's own; no other is chosen then.
 * NULL = none. EXIT_OK, or the status after saying that this machine does not know it. */
int zone_ask(struct zone *zone, const char *name);

/*
 * Makes the process show times in the zone of that IANA name. 0, -ENOMEM, or -EINVAL when it is no
 * such name or this machine does not know it: then times stay in the machine's own zone.
 */
int zone_use(struct zone *zone, const char *name);

/* What a clock in the zone of the process shows more than UTC at that Unix time, in seconds; 0
 * where the C library does not know it. */
int64_t zone_offset(int64_t seconds);

/* The first second after `from` with the offset of `to`, at which it is another one than at `from`;
 * clocks are changed once between them. */
int64_t zone_change(int64_t from, int64_t to);

/* HH:MM:SS */
char *zone_append_clock(struct zone *zone, char *p, uint64_t us);

/* YYYY-MM-DD HH:MM:SS.uuuuuu */
char *zone_append_time(struct zone *zone, char *p, uint64_t us);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far one host's clock is ahead of another's, by the sessions that both saw.
 *
 * What one end sends at s (its clock) comes to the other at r (the other's): r - s is how far the
 * other's clock is ahead, and the way there, which takes no less than nothing. So each that goes
 * there is an upper bound, and each that comes back a lower one:
 *
 *   the handshake's last segment:  server established - client established
 *   the first FIN:                 its receiver's fin - its sender's fin
 *   what acknowledges it:          its receiver's fin - (its sender's fin + time in FIN_WAIT1)
 *
 * The estimate takes half of the round-trip time, the least that either end saw, for the way there.
 * It is off by at most half of it where the ways there and back differ, and by what else the
 * segment waited for.
 */
#ifndef REPORT_PAIR_PAIR_CLOCK_H
#define REPORT_PAIR_PAIR_CLOCK_H

#include "report/pair/pair_session.h"
#include "util/wide.h"

/* Of the second's clock less that of the first, in microseconds; each where it is known. */
struct pair_offset {
    int64_t us;          /* the estimate */
    int64_t least, most; /* what it cannot be beyond */
    bool is_known, has_least, has_most;
};

/* What one pair tells: the server's clock less the client's. */
struct pair_offset pair_offset_of(const struct pair_session *client,
                                  const struct pair_session *server);

/* The same seen from the other one. */
struct pair_offset pair_offset_turned(const struct pair_offset *offset);

/* Moves an estimate to the nearest that the bounds allow, if they allow any: a segment that waited
 * for others gives one beyond them. */
void pair_offset_keep_to_bounds(struct pair_offset *offset);

/* A number of microseconds, at the ends of the range where it is beyond. */
static inline int64_t pair_clamp(wide_difference us)
{
    return us >= INT64_MAX ? INT64_MAX : us < -INT64_MAX ? -INT64_MAX : (int64_t)us;
}

/* The side that connected: is it the first? Where neither saw it, it has the greater port. */
bool pair_first_connected(const struct pair_session *first, const struct pair_session *second);

#endif

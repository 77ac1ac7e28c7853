/* SPDX-License-Identifier: BSD-2-Clause */
/* Of each two hosts: how many sessions they share, and what these tell of their clocks. */
#ifndef REPORT_PAIR_PAIR_OFFSETS_H
#define REPORT_PAIR_PAIR_OFFSETS_H

#include "report/pair/pair_clock.h"

/* Clocks that differ by more than sessions last need so many sessions to say so. */
#define PAIR_AGREE 3

struct pair_between {
    uint32_t host, other; /* numbers of hosts, host <= other */
    uint64_t sessions;
    struct pair_offset offset; /* of other's clock less host's: the median, and the best bounds */
    uint64_t spread_us;        /* half of the sessions are no farther from the median */
    size_t first_sample, samples;
};

/* An estimate of one session. */
struct pair_sample {
    uint32_t between; /* number of the two hosts */
    int64_t us;
};

/* Zeroed = none, but for pair_offsets_open(). */
struct pair_offsets {
    struct flow_codes codes; /* of two hosts' numbers */
    struct pair_between *between;
    size_t count;
    struct pair_sample *sample;
    size_t sample_count;
};

/* 0 or a negative errno; pair_offsets_close() follows in every case. */
int pair_offsets_open(struct pair_offsets *offsets);
void pair_offsets_close(struct pair_offsets *offsets);

/* These two, in either order; NULL = no session of them was counted. */
const struct pair_between *pair_offsets_look(const struct pair_offsets *offsets, uint32_t host,
                                             uint32_t other);

/* Counts a session of these hosts: client_host's clock is that of the offset's first. 0 or
 * -ENOMEM. */
int pair_offsets_add(struct pair_offsets *offsets, uint32_t client_host, uint32_t server_host,
                     const struct pair_offset *offset);

/* After the last: medians and spreads. Samples are sorted by two hosts and size. */
void pair_offsets_settle(struct pair_offsets *offsets);

/* Forgets the sessions, and keeps the offsets. */
void pair_offsets_begin_again(struct pair_offsets *offsets);

#endif

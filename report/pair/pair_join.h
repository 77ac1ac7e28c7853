/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sessions are the two ends of one connection: mirrored addresses and ports, and times that
 * overlap, give or take a second and by how much the hosts' clocks differ.
 */
#ifndef REPORT_PAIR_PAIR_JOIN_H
#define REPORT_PAIR_PAIR_JOIN_H

#include "report/pair/pair_hosts.h"
#include "report/pair/pair_offsets.h"

/* How far apart the times of two ends may be: a client that resets at once is gone before its
 * server knows of it. */
#define PAIR_SLACK_US 1000000

#define PAIR_NONE UINT32_MAX

struct pair_join {
    const struct pair_sessions *sessions;
    const struct pair_hosts *hosts;
    uint32_t *order; /* sessions by their two ends */
    uint32_t *mate;  /* of each session the other end's number, or PAIR_NONE */
    uint32_t *left;  /* room for those of a run that have none */
    struct pair_offsets offsets;
};

/* Numbers of sessions: of the side that connected, and of the other. */
struct pair_ends {
    uint32_t client, server;
};

/*
 * Finds the pairs and what they tell of the clocks. In time the count of sessions takes to be
 * sorted, whatever they are; in 12 bytes a session and 16 a pair. 0 or a negative errno;
 * pair_join_close() follows in every case. Sessions and hosts outlive it.
 */
int pair_join(struct pair_join *join, const struct pair_sessions *sessions,
              const struct pair_hosts *hosts);
void pair_join_close(struct pair_join *join);

/* Which of two ends connected. */
struct pair_ends pair_join_ends(const struct pair_join *join, uint32_t one, uint32_t other);

#endif

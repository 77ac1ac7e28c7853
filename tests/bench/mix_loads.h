/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host of the reference mix does: a load is a kind of session. */
#ifndef BENCH_MIX_LOADS_H
#define BENCH_MIX_LOADS_H

#include "mix_tcp.h"

#define VISITORS      256
#define SESSION_SIDES 2 /* over loopback both sides are recorded */

struct world {
    struct mix_random random;
    struct hosts hosts;
    uint32_t last_pid;              /* of the short-lived processes */
    uint32_t check;                 /* whose turn it is */
    struct peer *visitor[VISITORS]; /* clients that may connect again soon; NULL = none yet */
};

void world_init(struct world *ret, uint64_t seed);

/* A session that begins at that time, of a load chosen by its share. Writes one event or two, and
 * returns how many. */
int world_session(struct world *w, uint64_t now_ns, struct event ret[SESSION_SIDES]);

#endif

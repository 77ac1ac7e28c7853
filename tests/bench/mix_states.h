/* SPDX-License-Identifier: BSD-2-Clause */
/* The changes of state of the reference mix's sessions, in the order in which they happen. */
#ifndef BENCH_MIX_STATES_H
#define BENCH_MIX_STATES_H

#include "mix.h"

struct mix_states;

/* Those of so many sessions. 0 and *ret, or -ENOMEM. */
int mix_states_open(struct mix_states **ret, uint64_t seed, uint32_t sessions);

/* Frees it (NULL is fine) and returns NULL. */
struct mix_states *mix_states_free(struct mix_states *m);

/* The next one as the recorder hands it to the writer, of the clock of mix_clock(); false: there
 * are no more. */
bool mix_states_next(struct mix_states *m, struct tlz_row *ret);

#endif

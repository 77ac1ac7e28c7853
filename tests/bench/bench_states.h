/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture of the reference mix's changes of state. */
#ifndef BENCH_STATES_H
#define BENCH_STATES_H

#include <stdbool.h>

#include "bench_buffer.h"

/* What writing them took. */
struct states_written {
    uint64_t events;
    uint64_t ns; /* of the processor */
};

/* Writes those of so many sessions into *file, which the caller frees. */
void states_write(uint64_t seed, uint32_t sessions, bool a_block_a_second,
                  struct bench_buffer *file, struct states_written *ret);

#endif

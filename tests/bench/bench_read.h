/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways of reading that are compared. */
#ifndef BENCH_READ_H
#define BENCH_READ_H

#include "bench_write.h"

/* What a reading found, so that none can be left out by the compiler, and all can be compared. */
struct found {
    uint64_t rows;
    uint64_t matches;
    uint64_t least_of_top_us; /* the shortest of the longest that are kept */
    uint64_t flows;
};

/* Every field of every session of a capture. */
void read_all(struct bench_buffer *file, struct found *ret);

/* The 20 longest sessions of service 443: ms, raddr, service and tx_bytes of a capture. */
void read_top(struct bench_buffer *file, struct found *ret);

/* Sums by flow, as --flows makes them; with other keys and three figures; with quantiles. */
void read_flows(struct bench_buffer *file, struct found *ret);
void read_flows_of_service(struct bench_buffer *file, struct found *ret);
void read_flows_of_networks(struct bench_buffer *file, struct found *ret);

/* The same top from raw structs under zstd. */
void read_top_records(struct bench_buffer *file, struct found *ret);

#endif

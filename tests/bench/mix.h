/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reference mix: the sessions on which size and speed are measured. One busy host, as its
 * recorder would see it; the same seed gives the same sessions on every machine.
 *
 * Of the sessions a recorder writes, in the order in which they end:
 *   35 % HTTPS and HTTP from 60,000 clients (Zipf) to nginx with 8 workers
 *   15 % nginx to the application over loopback, both sides
 *   20 % applications, one of them in a container, to PostgreSQL, Redis and memcached on 5 hosts
 *   10 % HTTPS to 2,000 interfaces of others
 *    8 % health checks and scrapes: few peers, tiny, some refused
 *    5 % commands such as curl and git: a process each
 *    3 % ssh and backups: large, with retransmissions
 *    4 % scanners: half of them reset, no data
 */
#ifndef BENCH_MIX_H
#define BENCH_MIX_H

#include "bpf/event.h"
#include "format/row.h"

struct mix;

/* 0 and *ret, or -ENOMEM. */
int mix_open(struct mix **ret, uint64_t seed);

/* Frees it (NULL is fine) and returns NULL. */
struct mix *mix_free(struct mix *m);

/* The next session that ends, as the BPF program sends it. There is always one. */
void mix_next_event(struct mix *m, struct event *ret);

/* The next one as the recorder hands it to the writer, of the clock of mix_clock(). */
void mix_next(struct mix *m, struct tlz_row *ret);

void mix_clock(struct tlz_clock *ret);

#endif

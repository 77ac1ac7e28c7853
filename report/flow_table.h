/* SPDX-License-Identifier: BSD-2-Clause */
/* Sums by flow: a hash table that grows with the number of flows and not of sessions. */
#ifndef REPORT_FLOW_TABLE_H
#define REPORT_FLOW_TABLE_H

#include "format/row.h"

/* What makes two sessions one flow. Compared by its bytes: no padding, absent values all zero. */
struct flow_key {
    struct tlz_bytes comm;
    struct tlz_bytes laddr;
    struct tlz_bytes raddr;
    uint32_t service;
    uint32_t direction;
    uint32_t has_comm, has_service;
};

/* A flow. A sum or time is meaningless while its count is 0. */
struct flow {
    struct flow_key key;
    uint64_t sessions, failed;
    uint64_t tx_bytes, rx_bytes;
    bool has_tx, has_rx;      /* a session had a number to add */
    uint64_t ms_count;        /* sessions whose lifespan is known */
    uint64_t ms_min, ms_max;  /* microseconds */
    unsigned __int128 ms_sum; /* of them, which no number of sessions can overflow */
    uint64_t open_count;      /* sessions of which it is known when they were opened */
    uint64_t first_us;
    uint64_t last_us;
};

struct flow_table {
    struct flow *flows; /* in order of arrival */
    size_t count, capacity;
    uint32_t *slots;   /* index into flows plus 1; 0 = free */
    size_t slot_count; /* a power of two */
    uint64_t seed[2];
};

/* 0 or a negative errno. */
int flow_table_open(struct flow_table *table);
void flow_table_close(struct flow_table *table);

/* The flow of that key, new ones zeroed. Valid until the next call; NULL when memory is out. */
struct flow *flow_table_find(struct flow_table *table, const struct flow_key *key);

#endif

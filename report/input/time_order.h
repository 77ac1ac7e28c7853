/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of one input in the order of their times, whatever that of its blocks: rows wait until
 * no earlier one can come. What waits is as much as the blocks overlap: little in what --write
 * merges.
 */
#ifndef REPORT_INPUT_TIME_ORDER_H
#define REPORT_INPUT_TIME_ORDER_H

#include "report/input/stream.h"
#include "report/input/time_plan.h"

struct waiting;

/* Zeroed = rows come as they are read. */
struct time_order {
    struct time_plan plan;
    struct waiting **heap; /* the one with the earliest row first */
    size_t count;
    uint64_t arrivals;
    uint64_t behind_us;    /* the least time that may still be read */
    struct waiting *shown; /* whose rows were handed on last */
    uint32_t *row;         /* TLZ_ROWS_MAX numbers, from 0 on */
    bool ended;
};

void time_order_close(struct time_order *order);

/* As stream_advance(), and the stream's rows are the next ones in the order. */
int time_order_advance(struct time_order *order, struct stream *s, struct reading *reading);

/* Puts the rows of a stream's batch in the order of their times. */
void time_order_sort(struct stream *s);

#endif

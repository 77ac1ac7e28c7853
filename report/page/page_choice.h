/* SPDX-License-Identifier: BSD-2-Clause */
/* Which flows a page shows by themselves: those that are the greatest part of sessions, of failures
 * or of bytes. */
#ifndef REPORT_PAGE_PAGE_CHOICE_H
#define REPORT_PAGE_PAGE_CHOICE_H

#include "report/flow/flow_groups.h"
#include "report/page/page_series.h"

/* So many have series of their own, and the bytes that these may take. */
#define PAGE_FLOWS_MAX  200
#define PAGE_SERIES_MAX (900 * 1024)

/* Flows by what they weigh, the greatest first; of equal ones the first that came. */
struct page_choice {
    uint32_t *flow; /* `count` of them */
    size_t count;
    uint64_t sessions; /* of all flows */
    bool *keeps;       /* of each flow by its number; all of them are set to false */
};

/* Of all flows there are; their groups count `end`, `tx_bytes` and `rx_bytes`, sums whole. 0 or
 * -ENOMEM; page_choice_close() in both cases. */
int page_choice_open(struct page_choice *ret, const struct flow_groups *groups);
void page_choice_close(struct page_choice *choice);

/* Keeps the greatest, as long as they have at most so many cells. 0 or -ENOMEM. */
int page_choice_by_cells(struct page_choice *choice, const struct page_cube *cube, size_t cells);

/* What is to be shown. */
struct page_shown {
    uint64_t *steps;
    size_t step_count;
    uint32_t flow[PAGE_FLOWS_MAX];
    struct page_series series[PAGE_FLOWS_MAX + 1]; /* of each flow, and of all others behind them */
    size_t flows;
};

/*
 * Keeps the greatest, up to `flows`, as far as there is room for their series, with longer steps
 * where it is for too few; gives the cells of the rest to PAGE_OTHERS, and makes all series. 0 or a
 * negative errno; page_shown_close() in both cases, of one that is zeroed.
 */
int page_choice_show(struct page_choice *choice, struct page_cube *cube, size_t flows,
                     struct page_shown *ret);
void page_shown_close(struct page_shown *shown);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a page counts of one flow in one step of time: bytes, how sessions ended, and how long they
 * and their round trips took, in steps of a scale. Most cells have few sessions, so only numbers
 * that are not 0 take memory.
 */
#ifndef REPORT_PAGE_PAGE_CELL_H
#define REPORT_PAGE_PAGE_CELL_H

#include <stdbool.h>
#include <stdint.h>

/* What is counted, each by a number of its own: a letter in the page (report/page/page_series.h).
 */
#define PAGE_LETTERS 52 /* of each kind */

enum page_count {
    PAGE_ENDS = 0, /* and the number of the end; the last: one that has no name here */
    PAGE_ENDS_LAST = 25,
    PAGE_MS = 64, /* and the step of the scale; the last: that and all behind it */
    PAGE_RTT = 128,
    PAGE_COUNTS = 192
};

#define PAGE_CELL_FEW 8

/* Zeroed = empty. */
struct page_cell {
    uint64_t tx_bytes, rx_bytes; /* the greatest number where they are greater */
    uint16_t used, room;         /* of `many`; 0 = `few` is used */
    bool has_tx, has_rx;         /* some session's bytes are known */
    union {
        uint32_t few[PAGE_CELL_FEW]; /* what is counted, and in the lower 24 bits how often */
        uint32_t *many;
    };
};

/* Counts it so often. 0 or -ENOMEM. */
int page_cell_count(struct page_cell *cell, unsigned int what, uint64_t times);

/* How often each was counted. */
void page_cell_counts(const struct page_cell *cell, uint64_t ret[PAGE_COUNTS]);

/* Adds all of another one. 0 or -ENOMEM. */
int page_cell_add(struct page_cell *cell, const struct page_cell *more);

/* Frees what it holds: it is empty again. */
void page_cell_clear(struct page_cell *cell);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What a page holds of a flow over time, as texts: docs/JSON.md says how they are read. */
#ifndef REPORT_PAGE_PAGE_SERIES_H
#define REPORT_PAGE_PAGE_SERIES_H

#include "report/page/page_cube.h"
#include "util/joined_text.h"

enum page_series_text {
    PAGE_SERIES_STEPS,
    PAGE_SERIES_ENDS,
    PAGE_SERIES_TX,
    PAGE_SERIES_RX,
    PAGE_SERIES_MS,
    PAGE_SERIES_RTT,
    PAGE_SERIES_TEXTS
};

/* Zeroed = empty. */
struct page_series {
    struct joined_text text[PAGE_SERIES_TEXTS];
    uint64_t sessions; /* that are in it */
};

/* The numbers of all cells, by flow (PAGE_OTHERS last) and within it by time (PAGE_OPEN last);
 * freed by the caller. NULL when memory is out. */
uint32_t *page_series_order(const struct page_cube *cube);

/* Writes cells of one flow, so ordered; steps[0 .. step_count) are all steps. 0 or -ENOMEM. */
int page_series_make(struct page_series *ret, const struct page_cube *cube, const uint32_t *order,
                     size_t count, const uint64_t *steps, size_t step_count);

/* Their bytes. */
size_t page_series_size(const struct page_series *series);

void page_series_close(struct page_series *series);

#endif

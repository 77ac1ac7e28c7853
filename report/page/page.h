/* SPDX-License-Identifier: BSD-2-Clause */
/* What is counted for a page: all of it is bounded, but for what is kept of each flow. */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

#include "report/flow/flow_groups.h"
#include "report/page/page_cube.h"
#include "report/page/page_sessions.h"
#include "report/view/scale.h"

struct page {
    struct flow_groups flows;
    struct page_cube cube;
    struct page_sessions sessions;
    struct scale scale; /* of durations */
    uint32_t *flow_of;  /* rows of a batch: the number of the flow of each */
    uint64_t rows;      /* so many were counted */
};

/* Of flows and sessions as these plans have them, which outlive it. Each returns 0 or a negative
 * errno; page_close() follows, of one that was zeroed. */
int page_open(struct page *page, const struct view_plan *flows, const struct view_plan *sessions);
void page_close(struct page *page);

/* Counts sessions; the zone is chosen. */
int page_add(struct page *page, const struct rows *rows);

#endif

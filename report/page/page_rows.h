/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a page's document. */
#ifndef REPORT_PAGE_PAGE_ROWS_H
#define REPORT_PAGE_PAGE_ROWS_H

#include "report/page/page.h"
#include "report/page/page_choice.h"
#include "report/page/page_tables.h"

/* How long the lists of its summary are. */
#define PAGE_SUMMARY_TOP 10

/* Other views, of which a page has parts. */
enum page_part { PAGE_SUMMARY, PAGE_BY_FLOW, PAGE_BY_SESSION, PAGE_PARTS };

struct page_query {
    struct view_plan part[PAGE_PARTS];
};

struct view_page {
    const struct view_plan *plan;
    const struct page_query *query;
    void *summary; /* state of that view */
    struct page page;
    struct page_choice choice;
    struct page_shown shown;
};

/* Hands all rows to the sink, which has begun with the first table. 0 or an error. */
int page_rows_write(struct view_page *v);

#endif

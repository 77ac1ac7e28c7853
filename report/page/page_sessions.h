/* SPDX-License-Identifier: BSD-2-Clause */
/* The sessions that a page holds one by one: the slowest and the largest, of all and of each flow.
 */
#ifndef REPORT_PAGE_PAGE_SESSIONS_H
#define REPORT_PAGE_PAGE_SESSIONS_H

#include <stddef.h>

#include "format/row.h"

/* How many of all, by each rank, and of each flow. */
#define PAGE_SESSIONS_OF_ALL  200
#define PAGE_SESSIONS_OF_FLOW 2

#define PAGE_FIELDS_MAX 20

/* The same session may be held by several lists. */
struct page_session {
    uint32_t holders;
    uint32_t flow;
    bool is_written;  /* the reader's own mark */
    uint32_t present; /* a bit for each value */
    union tlz_value value[];
};

/* By what they are ranked, the greatest first. */
enum page_rank { PAGE_SLOWEST, PAGE_LARGEST, PAGE_RANKS };

struct page_ranked {
    struct page_session *session;
    uint64_t rank;
};

/* One that is earlier stands before others with its rank. */

struct page_flow_lists {
    struct page_ranked ranked[PAGE_RANKS][PAGE_SESSIONS_OF_FLOW];
    uint8_t count[PAGE_RANKS];
};

struct page_sessions {
    enum tlz_field field[PAGE_FIELDS_MAX]; /* of each value */
    size_t fields;
    struct page_ranked all[PAGE_RANKS][PAGE_SESSIONS_OF_ALL];
    size_t all_count[PAGE_RANKS];
    struct page_flow_lists **flow; /* of each flow, NULL = none is held */
    size_t flows;
};

/* Zeroed, with fields, it is open. */
void page_sessions_close(struct page_sessions *s);

/* Holds a row, if it belongs to a list. 0 or -ENOMEM. */
int page_sessions_see(struct page_sessions *s, const struct tlz_batch *batch, uint32_t row,
                      uint32_t flow);

/* Forgets those of all flows of which `keeps` (of `flows` flows) does not hold. */
void page_sessions_fold(struct page_sessions *s, const bool *keeps, size_t flows);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cells of a page, by flow and step of time. Bounded: steps become longer where they would be
 * too many, and the cells of the least flows those of PAGE_OTHERS.
 */
#ifndef REPORT_PAGE_PAGE_CUBE_H
#define REPORT_PAGE_PAGE_CUBE_H

#include <stddef.h>

#include "report/flow/flow_codes.h"
#include "report/flow/flow_key.h"
#include "report/page/page_cell.h"

#define PAGE_STEPS_MAX 400
#define PAGE_CELLS_MAX 131072

#define PAGE_OTHERS UINT32_MAX /* the flow of those that have none of their own */
#define PAGE_OPEN   UINT64_MAX /* the step of sessions that were open at the end */

/* Where a cell is. */
struct page_place {
    uint64_t from_us; /* its step's beginning, or PAGE_OPEN */
    uint32_t flow;
};

struct page_cube {
    struct flow_codes codes; /* of places */
    struct page_cell *cells; /* of each code */
    size_t room;
    uint64_t step_us;
    uint64_t first_us, last_us;  /* beginnings of steps; meaningless without any */
    bool has_steps;              /* there is any */
    struct flow_step recent[64]; /* steps that were asked for lately */
};

/* Each returns 0 or a negative errno. */
int page_cube_open(struct page_cube *cube);
void page_cube_close(struct page_cube *cube);

/* Where time `us` is, in the zone that was chosen. Steps may have become longer. */
int page_cube_step(struct page_cube *cube, uint64_t us, uint64_t *ret_from_us);

/* Makes all steps the next longer ones that the reporter has. */
int page_cube_lengthen(struct page_cube *cube);

/* The cell of that place, valid until the next call; NULL when memory is out. */
struct page_cell *page_cube_cell(struct page_cube *cube, struct page_place place);

/* How many cells there are, and where the one of that number is. */
static inline size_t page_cube_count(const struct page_cube *cube)
{
    return cube->codes.count;
}

struct page_place page_cube_place(const struct page_cube *cube, size_t number);

/* Gives to PAGE_OTHERS the cells of all flows of which `keeps` (of `flows` flows) does not hold. */
int page_cube_fold(struct page_cube *cube, const bool *keeps, size_t flows);

/* The beginnings of all steps from the first to the last: up to PAGE_STEPS_MAX, or somewhat more
 * where clocks were changed. Freed by the caller. */
int page_cube_steps(const struct page_cube *cube, uint64_t **ret, size_t *ret_count);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page_cell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/capture/recording.h"
#include "util/missing.h"

#define TIMES_BITS 24
#define TIMES_MAX  ((UINT32_C(1) << TIMES_BITS) - 1)

static uint32_t *entries(struct page_cell *cell)
{
    return cell->room ? cell->many : cell->few;
}

static int make_room(struct page_cell *cell)
{
    uint16_t room = cell->room ? cell->room : PAGE_CELL_FEW;
    uint32_t *many;

    if (cell->used < room)
        return 0;
    if (room > UINT16_MAX / 2)
        return -ENOMEM;
    many = reallocarray(cell->room ? cell->many : NULL, 2u * room, sizeof *many);
    if (!many)
        return -ENOMEM;
    if (!cell->room)
        memcpy(many, cell->few, sizeof cell->few);
    cell->many = many;
    cell->room = (uint16_t)(2 * room);
    return 0;
}

/* What does not fit into one entry goes on in the next. */
int page_cell_count(struct page_cell *cell, unsigned int what, uint64_t times)
{
    uint32_t *entry = entries(cell);

    for (size_t i = 0; times > 0 && i < cell->used; i++) {
        uint32_t left = TIMES_MAX - (entry[i] & TIMES_MAX);
        uint32_t more = times < left ? (uint32_t)times : left;

        if (entry[i] >> TIMES_BITS != what)
            continue;
        entry[i] += more;
        times -= more;
    }
    while (times > 0) {
        uint32_t more = times < TIMES_MAX ? (uint32_t)times : TIMES_MAX;

        if (make_room(cell) < 0)
            return -ENOMEM;
        entries(cell)[cell->used++] = (uint32_t)what << TIMES_BITS | more;
        times -= more;
    }
    return 0;
}

void page_cell_counts(const struct page_cell *cell, uint64_t ret[PAGE_COUNTS])
{
    const uint32_t *entry = entries((struct page_cell *)cell);

    memset(ret, 0, PAGE_COUNTS * sizeof *ret);
    for (size_t i = 0; i < cell->used; i++)
        ret[entry[i] >> TIMES_BITS] += entry[i] & TIMES_MAX;
}

int page_cell_add(struct page_cell *cell, const struct page_cell *more)
{
    const uint32_t *entry = entries((struct page_cell *)more);
    int r = 0;

    cell->tx_bytes = add_saturated(cell->tx_bytes, more->tx_bytes);
    cell->rx_bytes = add_saturated(cell->rx_bytes, more->rx_bytes);
    cell->has_tx |= more->has_tx;
    cell->has_rx |= more->has_rx;
    for (size_t i = 0; r == 0 && i < more->used; i++)
        r = page_cell_count(cell, entry[i] >> TIMES_BITS, entry[i] & TIMES_MAX);
    return r;
}

void page_cell_clear(struct page_cell *cell)
{
    if (cell->room)
        free(cell->many);
    *cell = (struct page_cell){0};
}

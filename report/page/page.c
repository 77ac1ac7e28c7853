/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "format/block.h"
#include "report/capture/recording.h"
#include "report/page/page_choice.h"

/* So many rows are counted before it is asked again whether there is room; they have a cell each at
 * most. */
#define ROWS_OF_ROOM 1024

int page_open(struct page *page, const struct view_plan *flows, const struct view_plan *sessions)
{
    int r = flow_groups_open(&page->flows, flows);

    assert(sessions->cells <= PAGE_FIELDS_MAX);
    for (size_t i = 0; i < sessions->cells; i++)
        page->sessions.field[i] = tlz_kinds[TLZ_SESSIONS].order[sessions->choice[i]];
    page->sessions.fields = sessions->cells;
    scale_make(&page->scale, SCALE_DURATIONS);
    page->flow_of = calloc(TLZ_ROWS_MAX, sizeof *page->flow_of);
    if (r == 0 && !page->flow_of)
        r = -ENOMEM;
    return r == 0 ? page_cube_open(&page->cube) : r;
}

void page_close(struct page *page)
{
    if (page->flows.query)
        flow_groups_close(&page->flows);
    page_cube_close(&page->cube);
    page_sessions_close(&page->sessions);
    free(page->flow_of);
}

static uint64_t end_of(const struct tlz_batch *batch, uint32_t row)
{
    return tlz_batch_has(batch, TLZ_END, row) ? batch->column[TLZ_END].u[row] : TLZ_END_UNKNOWN;
}

static void count_bytes(const struct tlz_batch *batch, enum tlz_field field, uint32_t row,
                        uint64_t *sum, bool *has)
{
    if (!tlz_batch_has(batch, field, row))
        return;
    *sum = add_saturated(*sum, batch->column[field].u[row]);
    *has = true;
}

static int count_duration(const struct page *page, const struct tlz_batch *batch,
                          enum tlz_field field, uint32_t row, unsigned int kind,
                          struct page_cell *cell)
{
    size_t step;

    if (!tlz_batch_has(batch, field, row))
        return 0;
    step = scale_step(&page->scale, batch->column[field].u[row]);
    if (step >= PAGE_LETTERS)
        step = PAGE_LETTERS - 1;
    return page_cell_count(cell, kind + (unsigned int)step, 1);
}

static int count_end(struct page_cell *cell, uint64_t end)
{
    return page_cell_count(
        cell, PAGE_ENDS + (end < PAGE_ENDS_LAST ? (unsigned int)end : PAGE_ENDS_LAST), 1);
}

/* A session that is open has not ended in any step. */
static int count_row(struct page *page, const struct tlz_batch *batch, uint32_t row, uint32_t flow)
{
    struct page_place place = {.from_us = PAGE_OPEN, .flow = flow};
    uint64_t end = end_of(batch, row);
    struct page_cell *cell;
    int r = 0;

    if (end != TLZ_END_STILL_OPEN)
        r = page_cube_step(&page->cube, batch->column[TLZ_CLOSE_US].u[row], &place.from_us);
    if (r < 0)
        return r;
    cell = page_cube_cell(&page->cube, place);
    if (!cell)
        return -ENOMEM;
    count_bytes(batch, TLZ_TX_BYTES, row, &cell->tx_bytes, &cell->has_tx);
    count_bytes(batch, TLZ_RX_BYTES, row, &cell->rx_bytes, &cell->has_rx);
    r = count_end(cell, end);
    if (r == 0)
        r = count_duration(page, batch, TLZ_MS, row, PAGE_MS, cell);
    if (r == 0)
        r = count_duration(page, batch, TLZ_MIN_RTT_US, row, PAGE_RTT, cell);
    return r == 0 ? page_sessions_see(&page->sessions, batch, row, flow) : r;
}

/* Where there are too many cells, those of the least flows are given up. */
static int make_room(struct page *page)
{
    struct page_choice choice = {0};
    int r;

    if (page_cube_count(&page->cube) < PAGE_CELLS_MAX)
        return 0;
    r = page_choice_open(&choice, &page->flows);
    if (r == 0)
        r = page_choice_by_cells(&choice, &page->cube, PAGE_CELLS_MAX / 2);
    if (r == 0)
        r = page_cube_fold(&page->cube, choice.keeps, choice.count);
    if (r == 0)
        page_sessions_fold(&page->sessions, choice.keeps, choice.count);
    page_choice_close(&choice);
    return r;
}

/* Some rows, before which there is room for the cells of all of them. */
static int add_some(struct page *page, const struct rows *rows)
{
    int r = flow_groups_add_numbered(&page->flows, rows, page->flow_of);

    for (uint32_t i = 0; r == 0 && i < rows->count; i++)
        r = count_row(page, rows->batch, rows->row[i], page->flow_of[i]);
    page->rows += rows->count;
    return r;
}

/* Which flows are the least is asked after every so many rows, however they come: what is read from
 * a pipe comes in other parts each time. */
int page_add(struct page *page, const struct rows *rows)
{
    int r = 0;

    for (uint32_t at = 0, count; r == 0 && at < rows->count; at += count) {
        struct rows some = *rows;
        uint32_t left = ROWS_OF_ROOM - (uint32_t)(page->rows % ROWS_OF_ROOM);

        count = rows->count - at < left ? rows->count - at : left;
        some.row += at;
        some.count = count;
        if (page->rows % ROWS_OF_ROOM == 0)
            r = make_room(page);
        if (r == 0)
            r = add_some(page, &some);
    }
    return r;
}

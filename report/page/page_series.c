/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page_series.h"

#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"
#include "report/text/append.h"
#include "util/missing.h"

static int compare_cells(const void *a, const void *b, void *cube)
{
    struct page_place x = page_cube_place(cube, *(const uint32_t *)a);
    struct page_place y = page_cube_place(cube, *(const uint32_t *)b);

    if (x.flow != y.flow)
        return x.flow < y.flow ? -1 : 1;
    return (x.from_us > y.from_us) - (x.from_us < y.from_us);
}

uint32_t *page_series_order(const struct page_cube *cube)
{
    size_t count = page_cube_count(cube);
    uint32_t *order = calloc(count + 1, sizeof *order);

    if (!order)
        return NULL;
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, count, sizeof *order, compare_cells, (void *)cube);
    return order;
}

static void add_number(struct joined_text *text, uint64_t number)
{
    char digits[APPEND_NUMBER_MAX + 1];

    *append_u64(digits, number) = '\0';
    joined_text_add(text, digits);
}

/* "a3bz12": how often each was counted, by its letter; 1 is left out. */
static uint64_t add_counts(struct joined_text *text, const uint64_t *counts)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint64_t sum = 0;

    for (size_t i = 0; i < PAGE_LETTERS; i++) {
        if (counts[i] > 0)
            joined_text_add(text, (char[]){letters[i], '\0'});
        if (counts[i] > 1)
            add_number(text, counts[i]);
        sum = add_saturated(sum, counts[i]);
    }
    return sum;
}

static void add_bytes(struct joined_text *text, bool has, uint64_t bytes)
{
    if (has)
        add_number(text, bytes);
}

static void add_cell(struct page_series *s, const struct page_cell *cell)
{
    uint64_t counts[PAGE_COUNTS];

    page_cell_counts(cell, counts);
    s->sessions =
        add_saturated(s->sessions, add_counts(&s->text[PAGE_SERIES_ENDS], &counts[PAGE_ENDS]));
    add_bytes(&s->text[PAGE_SERIES_TX], cell->has_tx, cell->tx_bytes);
    add_bytes(&s->text[PAGE_SERIES_RX], cell->has_rx, cell->rx_bytes);
    add_counts(&s->text[PAGE_SERIES_MS], &counts[PAGE_MS]);
    add_counts(&s->text[PAGE_SERIES_RTT], &counts[PAGE_RTT]);
}

int page_series_make(struct page_series *ret, const struct page_cube *cube, const uint32_t *order,
                     size_t count, const uint64_t *steps, size_t step_count)
{
    size_t step = 0, before = 0;
    int r = 0;

    for (size_t i = 0; i < count; i++) {
        struct page_place place = page_cube_place(cube, order[i]);

        while (step < step_count && steps[step] != place.from_us)
            step++;
        for (size_t t = 0; i > 0 && t < PAGE_SERIES_TEXTS; t++)
            joined_text_add(&ret->text[t], " ");
        add_number(&ret->text[PAGE_SERIES_STEPS], step - before);
        before = step;
        add_cell(ret, &cube->cells[order[i]]);
    }
    for (size_t t = 0; t < PAGE_SERIES_TEXTS; t++) {
        joined_text_add(&ret->text[t], "");
        if (!joined_text_whole(&ret->text[t]))
            r = -ENOMEM;
    }
    return r;
}

size_t page_series_size(const struct page_series *series)
{
    size_t size = 0;

    for (size_t t = 0; t < PAGE_SERIES_TEXTS; t++)
        size += series->text[t].size;
    return size;
}

void page_series_close(struct page_series *series)
{
    for (size_t t = 0; t < PAGE_SERIES_TEXTS; t++)
        joined_text_free(&series->text[t]);
    *series = (struct page_series){0};
}

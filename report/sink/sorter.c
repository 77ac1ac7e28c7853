/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/sorter.h"

#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"
#include "report/text/cell.h"
#include "util/missing.h"

/* A row kept: its key as a cell, and the other cells behind it. */
struct kept_row {
    uint64_t time_us; /* 0 where it does not matter */
    uint64_t arrival;
    uint32_t source;
    enum tlz_kind kind;
    struct tlz_clock clock;
    struct cell cells[];
};

struct sorter {
    struct sink sink;
    struct sink *next;
    struct sorter_options options;
    struct kept_row **rows; /* with `top`: a heap whose first is the worst kept */
    size_t count;
    uint64_t arrivals;
};

/* < 0 when a comes before b in the report. */
static int compare(const struct sorter *s, const struct kept_row *a, const struct kept_row *b)
{
    const struct cell *x = &a->cells[s->options.key], *y = &b->cells[s->options.key];
    int r = 0;

    if (x->present && y->present)
        r = cell_compare(s->options.columns[s->options.key], x, y);
    else if (x->present != y->present)
        return x->present ? -1 : 1;
    if (r != 0)
        return s->options.ascending ? r : -r;
    if (a->time_us != b->time_us)
        return a->time_us < b->time_us ? -1 : 1;
    return a->arrival < b->arrival ? -1 : 1;
}

static int compare_rows(const void *a, const void *b, void *sorter)
{
    return compare(sorter, *(struct kept_row *const *)a, *(struct kept_row *const *)b);
}

static int sorter_begin(struct sink *sink, const struct table *table)
{
    return sink_begin(((struct sorter *)sink)->next, table);
}

static void fill(struct sorter *s, struct kept_row *kept, const struct row *row)
{
    kept->time_us = s->options.by_time ? row->time_us : 0;
    kept->arrival = s->arrivals;
    kept->source = row->source;
    kept->kind = row->kind;
    kept->clock = row->clock ? *row->clock : (struct tlz_clock){0};
    memcpy(kept->cells, row->cells, s->options.cells * sizeof *kept->cells);
}

static int keep(struct sorter *s, const struct row *row)
{
    struct kept_row *kept = malloc(sizeof *kept + s->options.cells * sizeof *kept->cells);

    if (!kept || recording_grow(&s->rows, s->count, sizeof *s->rows) < 0) {
        free(kept);
        return -ENOMEM;
    }
    fill(s, kept, row);
    s->rows[s->count++] = kept;
    return 0;
}

static void swap(struct sorter *s, size_t a, size_t b)
{
    struct kept_row *row = s->rows[a];

    s->rows[a] = s->rows[b];
    s->rows[b] = row;
}

static void sift_up(struct sorter *s, size_t i)
{
    while (i > 0 && compare(s, s->rows[(i - 1) / 2], s->rows[i]) < 0) {
        swap(s, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static void sift_down(struct sorter *s, size_t i)
{
    for (;;) {
        size_t worst = i;

        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < s->count; child++)
            if (compare(s, s->rows[worst], s->rows[child]) < 0)
                worst = child;
        if (worst == i)
            return;
        swap(s, i, worst);
        i = worst;
    }
}

/* True when the row, which came after it, would come before the worst kept. */
static bool is_better(const struct sorter *s, const struct row *row)
{
    const struct cell *x = &row->cells[s->options.key];
    const struct cell *y = &s->rows[0]->cells[s->options.key];
    int r;

    if (x->present != y->present)
        return x->present;
    r = x->present ? cell_compare(s->options.columns[s->options.key], x, y) : 0;
    if (r == 0)
        return s->options.by_time && row->time_us < s->rows[0]->time_us;
    return s->options.ascending ? r < 0 : r > 0;
}

static int sorter_row(struct sink *sink, const struct row *row)
{
    struct sorter *s = (struct sorter *)sink;
    int r = 0;

    if (s->options.key == SORTER_NO_KEY)
        return s->arrivals++ < s->options.top ? sink_row(s->next, row) : 0;
    if (s->options.top == 0 || s->count < s->options.top) {
        r = keep(s, row);
        if (r == 0 && s->options.top > 0)
            sift_up(s, s->count - 1);
    } else if (is_better(s, row)) {
        fill(s, s->rows[0], row);
        sift_down(s, 0);
    }
    s->arrivals++;
    return r;
}

struct sorter_bound sorter_bound(const struct sink *sorter)
{
    const struct sorter *s = (const struct sorter *)sorter;
    const struct cell *worst;

    if (s->options.top == 0 || s->count < s->options.top)
        return (struct sorter_bound){0};
    worst = &s->rows[0]->cells[s->options.key];
    return (struct sorter_bound){.is_set = worst->present,
                                 .ascending = s->options.ascending,
                                 .admits_equal = s->options.by_time,
                                 .worst = worst->value.u};
}

static int sorter_learn(struct sink *sink, const struct fact *fact)
{
    return sink_learn(((struct sorter *)sink)->next, fact);
}

static int sorter_flush(struct sink *sink)
{
    return sink_flush(((struct sorter *)sink)->next);
}

static int sorter_end(struct sink *sink)
{
    struct sorter *s = (struct sorter *)sink;
    int r = 0;

    if (s->count > 0)
        qsort_r(s->rows, s->count, sizeof *s->rows, compare_rows, s);
    for (size_t i = 0; r == 0 && i < s->count; i++) {
        const struct kept_row *kept = s->rows[i];

        r = sink_row(s->next, &(struct row){.cells = kept->cells,
                                            .source = kept->source,
                                            .clock = &kept->clock,
                                            .kind = kept->kind});
    }
    return r < 0 ? r : sink_end(s->next);
}

static void sorter_free(struct sink *sink)
{
    struct sorter *s = (struct sorter *)sink;

    for (size_t i = 0; i < s->count; i++)
        free(s->rows[i]);
    free(s->rows);
    free(s);
}

static const struct sink_type sorter_type = {
    .begin = sorter_begin,
    .row = sorter_row,
    .learn = sorter_learn,
    .flush = sorter_flush,
    .end = sorter_end,
    .free = sorter_free,
};

int sorter_open(struct sink **ret, struct sink *next, const struct sorter_options *options)
{
    struct sorter *s = calloc(1, sizeof *s);

    if (!s)
        return -ENOMEM;
    s->sink.type = &sorter_type;
    s->next = next;
    s->options = *options;
    *ret = &s->sink;
    return 0;
}

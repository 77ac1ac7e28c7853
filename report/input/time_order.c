/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/time_order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/capture/recording.h"
#include "util/missing.h"

/* Rows of a block that wait, in the order of their times. */
struct waiting {
    struct tlz_batch batch; /* of these rows alone */
    uint32_t number;        /* of the recording */
    uint64_t arrival;
    uint32_t at; /* those before it were handed on */
    uint64_t bytes[];
};

static uint64_t time_of(const struct tlz_batch *batch, uint32_t row)
{
    enum tlz_field time = tlz_kinds[batch->kind].time;

    return tlz_batch_has(batch, time, row) ? batch->column[time].u[row] : 0;
}

static int compare_rows(const void *a, const void *b, void *batch)
{
    const uint32_t *x = a, *y = b;
    uint64_t s = time_of(batch, *x), t = time_of(batch, *y);

    if (s != t)
        return s < t ? -1 : 1;
    return (*x > *y) - (*x < *y);
}

void time_order_sort(struct stream *s)
{
    uint32_t i = 1;

    while (i < s->count &&
           time_of(s->batch, s->selected[i - 1]) <= time_of(s->batch, s->selected[i]))
        i++;
    if (i >= s->count)
        return;
    if (s->selected != s->row)
        memcpy(s->row, s->selected, s->count * sizeof *s->row);
    qsort_r(s->row, s->count, sizeof *s->row, compare_rows, (void *)(uintptr_t)s->batch);
    s->selected = s->row;
    s->work = NULL; /* it was done in the other order */
}

/* Room for the columns of so many rows, in units of 8 bytes. */
static size_t room_for(const struct tlz_batch *batch, uint32_t rows)
{
    size_t units = 0;

    for (int f = 0; f < TLZ_FIELD_COUNT; f++) {
        const struct tlz_column *c = &batch->column[f];

        units += c->bytes ? 2 * (size_t)rows : c->u ? rows : 0;
        units += c->present ? (rows + 63) / 64 : 0;
    }
    return units;
}

/* Copies a column's values and presence of the stream's rows to `to`; returns what is behind. */
static uint64_t *copy_column(const struct stream *s, const struct tlz_column *from,
                             struct tlz_column *ret, uint64_t *to)
{
    struct tlz_bytes *bytes = (struct tlz_bytes *)to;
    uint64_t *present;

    if (!from->u && !from->bytes)
        return to;
    for (uint32_t i = 0; i < s->count; i++) {
        if (from->bytes)
            bytes[i] = from->bytes[s->selected[i]];
        else
            to[i] = from->u[s->selected[i]];
    }
    *ret = from->bytes ? (struct tlz_column){.bytes = bytes} : (struct tlz_column){.u = to};
    to += (from->bytes ? 2u : 1u) * (size_t)s->count;
    if (!from->present)
        return to;
    present = to;
    memset(present, 0, (s->count + 63) / 64 * sizeof *present);
    for (uint32_t i = 0; i < s->count; i++)
        present[i / 64] |= (from->present[s->selected[i] / 64] >> (s->selected[i] % 64) & 1)
                           << (i % 64);
    ret->present = present;
    return to + (s->count + 63) / 64;
}

/* The stream's rows, sorted. NULL when memory is out. */
static struct waiting *copy_rows(struct stream *s)
{
    struct waiting *w;
    uint64_t *to;

    time_order_sort(s);
    w = malloc(sizeof *w + room_for(s->batch, s->count) * sizeof *w->bytes);
    if (!w)
        return NULL;
    *w = (struct waiting){.batch = {.kind = s->batch->kind,
                                    .rows = s->count,
                                    .source = s->batch->source,
                                    .clock = s->batch->clock},
                          .number = s->number};
    to = w->bytes;
    for (int f = 0; f < TLZ_FIELD_COUNT; f++)
        to = copy_column(s, &s->batch->column[f], &w->batch.column[f], to);
    w->batch.time_min_us = time_of(&w->batch, 0);
    w->batch.time_max_us = time_of(&w->batch, s->count - 1);
    return w;
}

/* Of equal times a change of state comes before the session that it ends, and else what has the
 * lower number: so it does not matter how rows were put into blocks. */
static bool is_before(const struct waiting *a, const struct waiting *b)
{
    uint64_t x = time_of(&a->batch, a->at), y = time_of(&b->batch, b->at);

    if (x != y)
        return x < y;
    if (a->batch.kind != b->batch.kind)
        return a->batch.kind == TLZ_STATES;
    return a->number != b->number ? a->number < b->number : a->arrival < b->arrival;
}

static int push(struct time_order *o, struct waiting *w)
{
    size_t i = o->count;

    if (recording_grow(&o->heap, o->count, sizeof(struct waiting *)) < 0)
        return -ENOMEM;
    o->count++;
    for (; i > 0 && is_before(w, o->heap[(i - 1) / 2]); i = (i - 1) / 2)
        o->heap[i] = o->heap[(i - 1) / 2];
    o->heap[i] = w;
    return 0;
}

static struct waiting *pop(struct time_order *o)
{
    struct waiting *first = o->heap[0], *last = o->heap[--o->count];

    for (size_t i = 0, child; o->count > 0; i = child) {
        child = 2 * i + 1;
        if (child + 1 < o->count && is_before(o->heap[child + 1], o->heap[child]))
            child++;
        if (child >= o->count || !is_before(o->heap[child], last)) {
            o->heap[i] = last;
            break;
        }
        o->heap[i] = o->heap[child];
    }
    return first;
}

void time_order_close(struct time_order *o)
{
    for (size_t i = 0; i < o->count; i++)
        free(o->heap[i]);
    free(o->heap);
    free(o->shown);
    free(o->row);
    time_plan_close(&o->plan);
    *o = (struct time_order){0};
}

/* 0 or -ENOMEM. */
static int open_rows(struct time_order *o)
{
    if (o->row)
        return 0;
    o->row = malloc(TLZ_ROWS_MAX * sizeof *o->row);
    for (uint32_t i = 0; o->row && i < TLZ_ROWS_MAX; i++)
        o->row[i] = i;
    return o->row ? 0 : -ENOMEM;
}

/* What was handed on is done with; what is left of it waits again. 0 or -ENOMEM. */
static int settle(struct time_order *o)
{
    struct waiting *shown = o->shown;

    o->shown = NULL;
    if (!shown)
        return 0;
    if (shown->at < shown->batch.rows)
        return push(o, shown);
    free(shown);
    return 0;
}

/* Reads on until every row that is not read comes behind the first that waits. */
static int read_on(struct time_order *o, struct stream *s, struct reading *reading)
{
    while (!o->ended &&
           (o->count == 0 || time_of(&o->heap[0]->batch, o->heap[0]->at) >= o->behind_us)) {
        int r = stream_advance(s, reading);
        struct waiting *w;

        o->ended = r == 0;
        if (r <= 0)
            return r;
        w = copy_rows(s);
        if (!w)
            return -ENOMEM;
        w->arrival = o->arrivals++;
        o->behind_us = time_plan_behind(&o->plan, s->offset);
        if (push(o, w) < 0) {
            free(w);
            return -ENOMEM;
        }
    }
    return 0;
}

/* Makes the stream's rows those of the first that waits which come before all others. */
static void show(struct time_order *o, struct stream *s)
{
    struct waiting *w = pop(o);
    uint32_t from = w->at++;

    while (w->at < w->batch.rows && (o->ended || time_of(&w->batch, w->at) < o->behind_us) &&
           (o->count == 0 || is_before(w, o->heap[0])))
        w->at++;
    o->shown = w;
    s->batch = &w->batch;
    s->number = w->number;
    s->selected = o->row + from;
    s->work = NULL;
    s->at = 0;
    s->count = w->at - from;
}

int time_order_advance(struct time_order *o, struct stream *s, struct reading *reading)
{
    int r = open_rows(o);

    if (r == 0)
        r = settle(o);
    if (r == 0)
        r = read_on(o, s, reading);
    if (r < 0)
        return r;
    if (o->count > 0) {
        show(o, s);
        return 1;
    }
    return stream_end(s, reading);
}

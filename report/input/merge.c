/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/merge.h"

#include <errno.h>
#include <stdlib.h>

int merge_plan(struct merge *m, const struct source_type *type, struct inputs *inputs)
{
    int r = 0;

    m->orders = calloc(inputs->count + 1, sizeof *m->orders);
    if (!m->orders)
        return -ENOMEM;
    m->order_count = inputs->count;
    for (size_t i = 0; r == 0 && i < inputs->count; i++) {
        r = time_plan_open(&m->orders[i].plan, type, &inputs->input[i]);
        m->by_time |= m->orders[i].plan.sources > 1;
    }
    return r;
}

/* The order in which that stream's rows have to be put; NULL = they are taken as they come. */
static struct time_order *order_of(const struct merge *m, const struct stream *s)
{
    size_t i = (size_t)(s - m->streams);

    return m->by_time && i < m->order_count && time_plan_is_needed(&m->orders[i].plan)
               ? &m->orders[i]
               : NULL;
}

/* Reads on: as stream_advance(). */
static int advance(struct merge *m, struct stream *s)
{
    struct time_order *order = order_of(m, s);
    int r;

    if (order)
        return time_order_advance(order, s, m->reading);
    r = stream_advance(s, m->reading);
    if (r > 0 && m->by_time)
        time_order_sort(s);
    return r;
}

int merge_open(struct merge *m, struct reading *reading, struct inputs *inputs, size_t *ret_open)
{
    int r = 0;

    *ret_open = 0;
    m->reading = reading;
    m->streams = calloc(inputs->count + 1, sizeof *m->streams);
    m->heap = calloc(inputs->count + 1, sizeof(struct stream *));
    if (!m->streams || !m->heap)
        return -ENOMEM;
    m->stream_count = inputs->count;
    m->first_before = inputs->first_before;
    for (size_t i = 0; r >= 0 && i < inputs->count; i++) {
        r = stream_open(&m->streams[i], reading, &inputs->input[i], i);
        m->streams[i].ends_later = order_of(m, &m->streams[i]);
        *ret_open += r == 0;
    }
    return r < 0 ? r : 0;
}

void merge_close(struct merge *m)
{
    for (size_t i = 0; i < m->stream_count; i++)
        stream_close(&m->streams[i]);
    for (size_t i = 0; i < m->order_count; i++)
        time_order_close(&m->orders[i]);
    free(m->orders);
    free(m->streams);
    free(m->heap);
    *m = (struct merge){0};
}

static uint64_t key(const struct merge *m, const struct stream *s)
{
    enum tlz_field time = tlz_kinds[s->batch->kind].time;
    uint32_t row = s->selected[s->at];

    return m->by_time && tlz_batch_has(s->batch, time, row) ? s->batch->column[time].u[row] : 0;
}

/* Which comes first; of equal times the one that was named first. */
static bool is_before(const struct merge *m, const struct stream *a, const struct stream *b)
{
    uint64_t x = key(m, a), y = key(m, b);

    return x != y ? x < y : a < b;
}

static void sift_down(struct merge *m)
{
    for (size_t i = 0;;) {
        size_t first = i;
        struct stream *s = m->heap[i];

        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < m->heap_count; child++)
            if (is_before(m, m->heap[child], m->heap[first]))
                first = child;
        if (first == i)
            return;
        m->heap[i] = m->heap[first];
        m->heap[first] = s;
        i = first;
    }
}

static void push(struct merge *m, struct stream *s)
{
    size_t i = m->heap_count++;

    for (; i > 0 && is_before(m, s, m->heap[(i - 1) / 2]); i = (i - 1) / 2)
        m->heap[i] = m->heap[(i - 1) / 2];
    m->heap[i] = s;
}

static void drop_first(struct merge *m)
{
    m->heap[0] = m->heap[--m->heap_count];
    if (m->heap_count > 0)
        sift_down(m);
}

static int prime(struct merge *m)
{
    m->primed = true;
    for (size_t i = 0; i < m->stream_count; i++) {
        struct stream *s = &m->streams[i];
        int r = s->source ? advance(m, s) : 0;

        if (r < 0)
            return r;
        if (r > 0)
            push(m, s);
    }
    return 0;
}

/* What was handed on is done with: reads on where rows are used up, and finds who is next. */
static int settle(struct merge *m)
{
    struct stream *s = m->heap_count > 0 ? m->heap[0] : NULL;
    int r;

    if (!s || s->at == 0)
        return 0;
    r = s->at < s->count ? 1 : advance(m, s);
    if (r < 0)
        return r;
    if (r == 0)
        drop_first(m);
    else
        sift_down(m);
    return 0;
}

/* The second in the order, whom the first must not overtake; NULL when there is none. */
static const struct stream *second(const struct merge *m)
{
    if (m->heap_count < 2)
        return NULL;
    if (m->heap_count > 2 && is_before(m, m->heap[2], m->heap[1]))
        return m->heap[2];
    return m->heap[1];
}

/* Takes rows of the first while they come before the second's. */
static uint32_t take_run(const struct merge *m, struct stream *s)
{
    const struct stream *other = second(m);
    uint32_t from = s->at++;

    if (!other || !m->by_time)
        s->at = s->count;
    while (s->at < s->count && is_before(m, s, other))
        s->at++;
    return from;
}

int merge_next(struct merge *m, struct rows *ret)
{
    struct stream *s;
    uint32_t from;
    int r = m->primed ? settle(m) : prime(m);

    if (r < 0 || m->heap_count == 0)
        return r;
    s = m->heap[0];
    from = take_run(m, s);
    *ret = (struct rows){
        .batch = s->batch,
        .row = s->selected + from,
        .count = s->at - from,
        .source = s->number,
        .is_before = s >= m->streams + m->first_before,
        .part = s->work ? s->work->part : NULL,
        .first = from,
    };
    return 1;
}

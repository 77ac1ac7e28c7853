/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/merge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/named_numbers.h"

#define SHOWN_NAME_MAX 32

/* A source being read: rows selected[at..count) of its batch are wanted and not yet handed on. */
struct stream {
    struct source *source;
    struct ahead ahead;
    struct input *input;
    struct capture *capture;
    struct capture *shown; /* the same, or what is shown in its place */
    const struct tlz_batch *batch;
    struct anonymous_rows anonymous; /* the batch, where it is anonymized */
    uint32_t number;                 /* of the recording that the batch is of */
    struct named_numbers names;
    char *shown_name;
    uint32_t *row; /* TLZ_ROWS_MAX of them */
    const uint32_t *selected;
    const struct row_work *work; /* what was done with the batch; NULL = nothing */
    uint32_t count, at;
};

/* What reports call it: its own name, or its place among the inputs, since names of files tell of
 * hosts. 0 or -ENOMEM. */
static int name_capture(struct merge *m, struct stream *s, size_t i)
{
    s->capture->name = s->input->name;
    if (!m->shown->anonymizer)
        return 0;
    s->shown_name = malloc(SHOWN_NAME_MAX);
    if (!s->shown_name)
        return -ENOMEM;
    snprintf(s->shown_name, SHOWN_NAME_MAX, "capture-%zu", i + 1);
    s->shown->name = s->shown_name;
    return 0;
}

static int open_stream(struct merge *m, size_t i, const struct source_type *type,
                       struct input *input, const struct selection *selection, size_t *open)
{
    struct stream *s = &m->streams[i];
    int r;

    s->input = input;
    s->capture = &m->captures->capture[i];
    s->shown = &m->shown->captures->capture[i];
    s->capture->failed = s->shown->failed = true;
    r = name_capture(m, s, i);
    if (r < 0 || input->fd < 0)
        return r;
    r = named_numbers_read_ahead(&s->names, m->filter, type, input);
    if (r < 0)
        return r;
    r = source_open(&s->source, type, input, selection);
    if (r < 0) {
        m->failed = true;
        return 0;
    }
    s->capture->failed = s->shown->failed = false;
    (*open)++;
    r = ahead_open(&s->ahead, m->pool, s->source);
    if (r < 0)
        return r;
    s->row = malloc(TLZ_ROWS_MAX * sizeof *s->row);
    return s->row ? 0 : -ENOMEM;
}

int merge_open(struct merge *m, const struct source_type *type, struct inputs *inputs,
               const struct selection *selection, size_t *ret_open)
{
    int r = 0;

    *ret_open = 0;
    m->streams = calloc(inputs->count + 1, sizeof *m->streams);
    m->heap = calloc(inputs->count + 1, sizeof(struct stream *));
    if (!m->streams || !m->heap)
        return -ENOMEM;
    m->stream_count = inputs->count;
    for (size_t i = 0; r == 0 && i < inputs->count; i++)
        r = open_stream(m, i, type, &inputs->input[i], selection, ret_open);
    return r;
}

void merge_close(struct merge *m)
{
    for (size_t i = 0; i < m->stream_count; i++) {
        ahead_close(&m->streams[i].ahead);
        source_free(m->streams[i].source);
        named_numbers_close(&m->streams[i].names);
        anonymous_rows_close(&m->streams[i].anonymous);
        free(m->streams[i].shown_name);
        free(m->streams[i].row);
    }
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

/* Notes the item as it is shown, in *ret_fact, which is valid as long as the item. 0 or -ENOMEM. */
static int learn_shown(struct merge *m, struct stream *s, const struct tlz_item *item,
                       struct tlz_item *ret, struct fact *ret_fact)
{
    int r = anonymizer_item(m->shown->anonymizer, item, ret);

    s->shown->bytes = s->input->bytes;
    return r < 0 ? r : captures_learn(m->shown->captures, s->shown, ret, ret_fact);
}

/* Notes an item and hands it on to the sink. 0 or an error. */
static int learn(struct merge *m, struct stream *s, const struct tlz_item *item)
{
    struct tlz_item shown;
    struct fact fact;
    int r = captures_learn(m->captures, s->capture, item, &fact);

    s->capture->bytes = s->input->bytes;
    if (r < 0)
        return r;
    if (fact.recording)
        s->number = fact.recording->number;
    r = named_numbers_learn(&s->names, m->filter, &fact);
    if (r == 0 && m->shown->anonymizer)
        r = learn_shown(m, s, item, &shown, &fact);
    return r < 0 ? r : sink_learn(m->sink, &fact);
}

/* `item` is what its last call gave. */
static int end_stream(struct merge *m, struct stream *s, const struct tlz_item *item, int result)
{
    if (result < 0)
        source_say(s->source, item, result);
    ahead_close(&s->ahead);
    s->source = source_free(s->source);
    s->capture->bytes = s->shown->bytes = s->input->bytes;
    if (result < 0) {
        m->failed = true;
        s->capture->failed = s->shown->failed = true;
    }
    return sink_learn(m->sink, &(struct fact){.capture = s->shown});
}

/* Notes which rows of its batch are wanted. 0 or -ENOMEM. */
static int select_rows(struct merge *m, struct stream *s)
{
    const struct source_numbers *names = named_numbers_of(&s->names, s->batch->source);
    static const struct time_span not_known = {1, 0};
    int r = 0;

    if (time_range_is_active(m->times))
        r = time_range_settle(m->times, m->captures, &not_known);
    if (r < 0)
        return r;
    s->count = filter_apply(m->filter, names, s->batch, s->row);
    s->count = time_range_apply(m->times, s->batch, s->row, s->count);
    return 0;
}

/* The rows of its batch that are wanted, where that was not found before, as they are to be shown.
 * 0 or -ENOMEM. */
static int find_rows(struct merge *m, struct stream *s)
{
    int r = 0;

    s->at = 0;
    s->selected = s->work ? s->work->row : s->row;
    s->count = s->work ? s->work->count : 0;
    if (!s->work)
        r = select_rows(m, s);
    if (r < 0 || !m->shown->anonymizer || s->count == 0)
        return r;
    r = anonymous_rows_make(&s->anonymous, m->shown->anonymizer, s->batch, s->selected, s->count);
    s->batch = &s->anonymous.batch;
    return r;
}

/* Reads on to a batch with rows that are wanted: 1, or 0 at the source's end, or an error. */
static int advance(struct merge *m, struct stream *s)
{
    struct tlz_item item;
    int result;

    while ((result = ahead_next(&s->ahead, &item, &s->work)) > 0) {
        int r = learn(m, s, &item);

        if (r < 0)
            return r;
        if (item.kind != TLZ_ITEM_ROWS || !(m->kinds & KIND_BIT(item.batch->kind)))
            continue;
        s->batch = item.batch;
        r = find_rows(m, s);
        if (r < 0)
            return r;
        if (s->count > 0)
            return 1;
    }
    return end_stream(m, s, &item, result);
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
        .part = s->work ? s->work->part : NULL,
        .first = from,
    };
    return 1;
}

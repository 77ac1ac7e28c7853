/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/missing.h"

/* What reports call it: its own name, or its place among the inputs, since names of files tell of
 * hosts. 0 or -ENOMEM. */
static int name_capture(struct stream *s, const struct reading *reading, size_t number)
{
    s->capture->name = s->input->name;
    if (!reading->shown->anonymizer || s->shown->own_name)
        return 0;
    if (asprintf(&s->shown->own_name, "capture-%zu", number + 1) < 0) {
        s->shown->own_name = NULL;
        return -ENOMEM;
    }
    s->shown->name = s->shown->own_name;
    return 0;
}

int stream_open(struct stream *s, struct reading *reading, struct input *input, size_t number)
{
    int r;

    s->input = input;
    s->capture = &reading->captures->capture[number];
    s->shown = &reading->shown->captures->capture[number];
    s->capture->failed = s->shown->failed = true;
    r = name_capture(s, reading, number);
    if (r < 0 || input->fd < 0)
        return r < 0 ? r : 1;
    r = named_numbers_read_ahead(&s->names, reading->filter, reading->type, input);
    if (r == 0 && !s->row)
        s->row = malloc(TLZ_ROWS_MAX * sizeof *s->row);
    if (r < 0 || !s->row)
        return -ENOMEM;
    r = source_open(&s->source, reading->type, input, &reading->selection);
    if (r == -EAGAIN)
        return r;
    reading->failed |= r < 0;
    s->capture->failed = s->shown->failed = r < 0;
    if (r == 0 && ahead_open(&s->ahead, reading->pool, s->source) < 0)
        return -ENOMEM;
    return r < 0;
}

/* Notes the item as it is shown, in *ret_fact, which is valid as long as the item. 0 or -ENOMEM. */
static int learn_shown(struct stream *s, const struct reading *reading, const struct tlz_item *item,
                       struct tlz_item *ret, struct fact *ret_fact)
{
    int r = anonymizer_item(reading->shown->anonymizer, item, ret);

    s->shown->bytes = s->input->bytes;
    return r < 0 ? r : captures_learn(reading->shown->captures, s->shown, ret, ret_fact);
}

/* Notes an item and hands it on to the sink. 0 or an error. */
static int learn(struct stream *s, struct reading *reading, const struct tlz_item *item)
{
    struct tlz_item shown;
    struct fact fact;
    int r = captures_learn(reading->captures, s->capture, item, &fact);

    s->capture->bytes = s->input->bytes;
    progress_tick(&reading->progress);
    if (r < 0)
        return r;
    if (fact.recording)
        s->number = fact.recording->number;
    r = named_numbers_learn(&s->names, reading->filter, &fact);
    if (r == 0 && reading->shown->anonymizer)
        r = learn_shown(s, reading, item, &shown, &fact);
    return r < 0 ? r : sink_learn(reading->sink, &fact);
}

int stream_end(struct stream *s, struct reading *reading)
{
    return sink_learn(reading->sink, &(struct fact){.capture = s->shown});
}

/* `item` is what its last call gave. */
static int stop(struct stream *s, struct reading *reading, const struct tlz_item *item, int result)
{
    if (result < 0) {
        progress_clear(&reading->progress);
        source_say(s->source, item, result);
    }
    ahead_close(&s->ahead);
    s->source = source_free(s->source);
    s->capture->bytes = s->shown->bytes = s->input->bytes;
    if (result < 0) {
        reading->failed = true;
        s->capture->failed = s->shown->failed = true;
    }
    return s->ends_later ? 0 : stream_end(s, reading);
}

/* Notes which rows of its batch are wanted. 0 or -ENOMEM. */
static int select_rows(struct stream *s, struct reading *reading)
{
    const struct source_numbers *names = named_numbers_of(&s->names, s->batch->source);
    static const struct time_span not_known = {1, 0};
    int r = 0;

    if (time_range_is_active(reading->times))
        r = time_range_settle(reading->times, reading->captures, &not_known);
    if (r < 0)
        return r;
    s->count = filter_apply(reading->filter, names, s->batch, s->row);
    s->count = time_range_apply(reading->times, s->batch, s->row, s->count);
    return 0;
}

/* The rows of its batch that are wanted, where that was not found before, as they are to be shown.
 * 0 or -ENOMEM. */
static int find_rows(struct stream *s, struct reading *reading)
{
    int r = 0;

    s->at = 0;
    s->selected = s->work ? s->work->row : s->row;
    s->count = s->work ? s->work->count : 0;
    if (!s->work)
        r = select_rows(s, reading);
    if (r < 0 || !reading->shown->anonymizer || s->count == 0)
        return r;
    r = anonymous_rows_make(&s->anonymous, reading->shown->anonymizer, s->batch, s->selected,
                            s->count);
    s->batch = &s->anonymous.batch;
    return r;
}

int stream_advance(struct stream *s, struct reading *reading)
{
    struct tlz_item item;
    int result;

    while ((result = ahead_next(&s->ahead, &item, &s->work)) > 0) {
        int r = learn(s, reading, &item);

        if (r < 0)
            return r;
        if (item.kind != TLZ_ITEM_ROWS || !(reading->kinds & KIND_BIT(item.batch->kind)))
            continue;
        s->batch = item.batch;
        s->offset = item.offset;
        r = find_rows(s, reading);
        if (r < 0)
            return r;
        if (s->count > 0)
            return 1;
    }
    return result == -EAGAIN ? result : stop(s, reading, &item, result);
}

void stream_close(struct stream *s)
{
    ahead_close(&s->ahead);
    s->source = source_free(s->source);
    named_numbers_close(&s->names);
    anonymous_rows_close(&s->anonymous);
    free(s->row);
    s->row = NULL;
}

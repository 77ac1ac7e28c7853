/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/read_ahead.h"

#include <errno.h>

#include "report/capture/captures.h"
#include "util/message.h"

/* What is learnt. */
struct ahead {
    struct captures captures;
    struct time_span rows;
};

static void widen(struct time_span *span, const struct tlz_skipped *skipped)
{
    if (skipped->first_us < span->first_us)
        span->first_us = skipped->first_us;
    if (skipped->last_us > span->last_us)
        span->last_us = skipped->last_us;
}

/* Reads to the end, or to where something is wrong. 0 or -ENOMEM. */
static int learn_all(struct ahead *ahead, struct capture *capture, struct tlz_reader *reader)
{
    struct tlz_item item;
    struct fact fact;
    int r;

    tlz_reader_window(reader, 1, 0);
    while ((r = tlz_reader_next(reader, &item)) > 0) {
        r = captures_learn(&ahead->captures, capture, &item, &fact);
        if (r < 0)
            return r;
        if (item.kind == TLZ_ITEM_SKIPPED)
            widen(&ahead->rows, &item.skipped);
    }
    return r == -ENOMEM ? r : 0;
}

/* 1 when all is learnt that can be, of a bad input nothing; 0 when it cannot be read twice; or
 * -ENOMEM. */
static int learn_input(struct ahead *ahead, struct capture *capture, const struct source_type *type,
                       struct input *input)
{
    struct tlz_reader *reader = NULL;
    struct tlz_input bytes;
    void *state;
    int r;

    if (input->fd < 0)
        return 1;
    if (type != &source_tlz || !input_is_file(input))
        return 0;
    r = type->open(&bytes, &state, input);
    if (r == 0 && !bytes.read_at)
        return 0;
    if (r == 0)
        r = tlz_reader_open(&reader, &bytes);
    if (r == 0)
        r = learn_all(ahead, capture, reader);
    tlz_reader_free(reader);
    input->bytes = 0;
    return r == -ENOMEM ? r : 1;
}

/* 0 and whether it was all of them, or -ENOMEM. */
static int learn_inputs(struct ahead *ahead, const struct source_type *type, struct inputs *inputs,
                        bool *ret_all)
{
    int r = captures_open(&ahead->captures, inputs->count);

    *ret_all = true;
    for (size_t i = 0; r >= 0 && i < inputs->count; i++) {
        r = learn_input(ahead, &ahead->captures.capture[i], type, &inputs->input[i]);
        *ret_all &= r > 0;
    }
    return r < 0 ? r : 0;
}

int read_ahead_for_times(struct time_range *times, const struct source_type *type,
                         struct inputs *inputs)
{
    struct ahead ahead = {.rows = {.first_us = UINT64_MAX}};
    bool all = true;
    int r = 0;

    if (!time_range_is_active(times))
        return EXIT_OK;
    if (time_range_needs_captures(times))
        r = learn_inputs(&ahead, type, inputs, &all);
    if (r == 0 && all)
        r = time_range_settle(times, &ahead.captures, &ahead.rows);
    captures_close(&ahead.captures);
    if (r < 0) {
        message_error("%s", tlz_strerror(r));
        return EXIT_FAILED;
    }
    if (times->is_settled && times->end_us <= times->from_us)
        return message_usage("--until is not after --since");
    return EXIT_OK;
}

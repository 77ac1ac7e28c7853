/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/histogram.h"

#include <errno.h>
#include <stdlib.h>

#include "report/view/grid.h"
#include "util/missing.h"

#define ROOM_FIRST 1024

enum histogram_form histogram_form_of(enum tlz_field field)
{
    switch (tlz_fields[field].type) {
    case TLZ_TYPE_COUNT:
        return field == TLZ_FAMILY || field == TLZ_ERROR ? HISTOGRAM_VALUES : HISTOGRAM_NUMBERS;
    case TLZ_TYPE_BYTES:
        return HISTOGRAM_SIZES;
    case TLZ_TYPE_TIME:
        return HISTOGRAM_TIMES;
    case TLZ_TYPE_DURATION:
    case TLZ_TYPE_MS:
        return HISTOGRAM_DURATIONS;
    default:
        return HISTOGRAM_VALUES;
    }
}

int histogram_open(struct histogram *h, enum histogram_form form, enum tlz_field field)
{
    *h = (struct histogram){.form = form, .field = field};
    if (form == HISTOGRAM_VALUES)
        return flow_codes_open(&h->codes);
    scale_make(&h->scale, form == HISTOGRAM_NUMBERS ? SCALE_NUMBERS
                          : form == HISTOGRAM_SIZES ? SCALE_SIZES
                                                    : SCALE_DURATIONS);
    if (form == HISTOGRAM_TIMES)
        return 0;
    h->counted = h->scale.count;
    h->counts = calloc(h->counted, sizeof *h->counts);
    return h->counts ? 0 : -ENOMEM;
}

void histogram_close(struct histogram *h)
{
    free(h->counts);
    free(h->order);
    free(h->times);
    flow_codes_close(&h->codes);
    *h = (struct histogram){0};
}

/* Room for one more number in an array of `count`. */
static int make_room(struct histogram *h, uint64_t **array, size_t count)
{
    size_t room = h->room ? 2 * h->room : ROOM_FIRST;
    uint64_t *grown;

    if (count < h->room)
        return 0;
    grown = reallocarray(*array, room, sizeof *grown);
    if (!grown)
        return -ENOMEM;
    *array = grown;
    h->room = room;
    return 0;
}

/* A new code's count is the next one. */
int histogram_add(struct histogram *h, const union tlz_value *value)
{
    uint32_t code;

    if (flow_codes_find(&h->codes, value, 1, &code) < 0 || make_room(h, &h->counts, h->counted) < 0)
        return -ENOMEM;
    if (code > h->counted)
        h->counts[h->counted++] = 0;
    h->counts[code - 1]++;
    h->present++;
    return 0;
}

int histogram_add_number(struct histogram *h, uint64_t value)
{
    if (h->form == HISTOGRAM_VALUES) {
        union tlz_value bytes = {.bytes = {{0}}};

        bytes.u = value;
        return histogram_add(h, &bytes);
    }
    if (h->form == HISTOGRAM_TIMES) {
        if (make_room(h, &h->times, h->present) < 0)
            return -ENOMEM;
        h->times[h->present] = value;
    } else {
        h->counts[scale_step(&h->scale, value)]++;
    }
    h->present++;
    return 0;
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The least round step of which there are not too many. */
static void choose_step(struct histogram *h)
{
    uint64_t span = h->times[h->present - 1] - h->times[0];
    size_t i = 1;

    while (span / h->scale.edge[i] >= HISTOGRAM_TIMES_MAX)
        i++;
    h->step_us = h->scale.edge[i];
}

/* Of times, how many are in the step that begins at next_us; moves on to the next one. */
static void take_times(struct histogram *h, struct histogram_step *ret)
{
    *ret = (struct histogram_step){.from.u = h->next_us};
    h->next_us = ret->to = grid_next(h->step_us, h->next_us);
    ret->has_to = ret->to != GRID_END;
    while (h->at < h->present && h->times[h->at] < ret->to) {
        ret->count++;
        h->at++;
    }
}

static void begin_times(struct histogram *h)
{
    h->at = 0;
    h->next_us = grid_start(h->step_us, h->times[0]);
}

static void finish_times(struct histogram *h)
{
    struct histogram_step step;

    qsort(h->times, h->present, sizeof *h->times, compare_numbers);
    choose_step(h);
    begin_times(h);
    while (histogram_next(h, &step))
        h->greatest = step.count > h->greatest ? step.count : h->greatest;
    begin_times(h);
}

/* Most often first, and of those that come as often the least value. */
static int compare_codes(const void *a, const void *b, void *histogram)
{
    const struct histogram *h = histogram;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint64_t x_count = h->counts[x - 1], y_count = h->counts[y - 1];
    const union tlz_value *x_value = flow_codes_value(&h->codes, x);
    const union tlz_value *y_value = flow_codes_value(&h->codes, y);

    if (x_count != y_count)
        return x_count > y_count ? -1 : 1;
    if (tlz_type_is_bytes(tlz_fields[h->field].type))
        return memcmp(&x_value->bytes, &y_value->bytes, sizeof x_value->bytes);
    return (x_value->u > y_value->u) - (x_value->u < y_value->u);
}

static int order_codes(struct histogram *h)
{
    h->order = calloc(h->counted + 1, sizeof *h->order);
    if (!h->order)
        return -ENOMEM;
    for (size_t i = 0; i < h->counted; i++)
        h->order[i] = (uint32_t)i + 1;
    qsort_r(h->order, h->counted, sizeof *h->order, compare_codes, h);
    return 0;
}

int histogram_finish(struct histogram *h)
{
    if (h->present == 0)
        return 0;
    if (h->form == HISTOGRAM_TIMES) {
        finish_times(h);
        return 0;
    }
    for (size_t i = 0; i < h->counted; i++)
        h->greatest = h->counts[i] > h->greatest ? h->counts[i] : h->greatest;
    if (h->form == HISTOGRAM_VALUES)
        return order_codes(h);
    while (h->counts[h->at] == 0)
        h->at++;
    while (h->counts[h->counted - 1] == 0)
        h->counted--;
    return 0;
}

bool histogram_next(struct histogram *h, struct histogram_step *ret)
{
    size_t at = h->at;

    if (h->present == 0 || at >= (h->form == HISTOGRAM_TIMES ? h->present : h->counted))
        return false;
    if (h->form == HISTOGRAM_TIMES) {
        take_times(h, ret);
        return true;
    }
    h->at++;
    if (h->form == HISTOGRAM_VALUES) {
        *ret = (struct histogram_step){.from = *flow_codes_value(&h->codes, h->order[at]),
                                       .count = h->counts[h->order[at] - 1]};
        return true;
    }
    *ret = (struct histogram_step){
        .from.u = h->scale.edge[at], .has_to = at + 1 < h->scale.count, .count = h->counts[at]};
    if (ret->has_to)
        ret->to = h->scale.edge[at + 1];
    return true;
}

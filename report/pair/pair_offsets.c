/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/pair/pair_offsets.h"

#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"

int pair_offsets_open(struct pair_offsets *offsets)
{
    return flow_codes_open(&offsets->codes);
}

void pair_offsets_close(struct pair_offsets *offsets)
{
    flow_codes_close(&offsets->codes);
    free(offsets->between);
    free(offsets->sample);
    *offsets = (struct pair_offsets){0};
}

static union tlz_value code_value(uint32_t host, uint32_t other)
{
    uint32_t low = host < other ? host : other, high = host < other ? other : host;
    union tlz_value value = {.bytes = {{0}}};

    value.u = (uint64_t)high << 32 | low;
    return value;
}

const struct pair_between *pair_offsets_look(const struct pair_offsets *offsets, uint32_t host,
                                             uint32_t other)
{
    const union tlz_value value = code_value(host, other);
    uint32_t code = flow_codes_look(&offsets->codes, &value);

    return code == FLOW_CODE_ABSENT ? NULL : &offsets->between[code - 1];
}

/* The number of these two, which is the next where they are new. 0 or -ENOMEM. */
static int find(struct pair_offsets *offsets, uint32_t host, uint32_t other, uint32_t *ret)
{
    const union tlz_value value = code_value(host, other);
    uint32_t code;

    if (flow_codes_find(&offsets->codes, &value, 1, &code) < 0)
        return -ENOMEM;
    *ret = code - 1;
    if (code <= offsets->count)
        return 0;
    if (recording_grow(&offsets->between, offsets->count, sizeof *offsets->between) < 0)
        return -ENOMEM;
    offsets->between[offsets->count++] = (struct pair_between){
        .host = host < other ? host : other, .other = host < other ? other : host};
    return 0;
}

static int add_sample(struct pair_offsets *offsets, uint32_t between, int64_t us)
{
    if (recording_grow(&offsets->sample, offsets->sample_count, sizeof *offsets->sample) < 0)
        return -ENOMEM;
    offsets->sample[offsets->sample_count++] = (struct pair_sample){between, us};
    return 0;
}

static void narrow(struct pair_offset *o, const struct pair_offset *by)
{
    if (by->has_most && (!o->has_most || by->most < o->most))
        o->most = by->most;
    if (by->has_least && (!o->has_least || by->least > o->least))
        o->least = by->least;
    o->has_most |= by->has_most;
    o->has_least |= by->has_least;
}

int pair_offsets_add(struct pair_offsets *offsets, uint32_t client_host, uint32_t server_host,
                     const struct pair_offset *offset)
{
    struct pair_offset o = client_host <= server_host ? *offset : pair_offset_turned(offset);
    uint32_t between;

    if (find(offsets, client_host, server_host, &between) < 0)
        return -ENOMEM;
    offsets->between[between].sessions++;
    narrow(&offsets->between[between].offset, &o);
    return o.is_known ? add_sample(offsets, between, o.us) : 0;
}

static int compare_samples(const void *a, const void *b)
{
    const struct pair_sample *x = a, *y = b;

    if (x->between != y->between)
        return x->between < y->between ? -1 : 1;
    return (x->us > y->us) - (x->us < y->us);
}

static uint64_t distance(int64_t a, int64_t b)
{
    return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* The distance from the median that half of the sorted samples keep to: of those on its left and on
 * its right the nearest are taken in turn. */
static uint64_t spread(const struct pair_sample *s, size_t count, size_t middle)
{
    size_t left = middle, right = middle;
    uint64_t reach = 0;

    for (size_t taken = 1; taken < (count + 1) / 2; taken++) {
        bool is_left =
            left > 0 && (right + 1 == count || distance(s[left - 1].us, s[middle].us) <=
                                                   distance(s[right + 1].us, s[middle].us));

        if (is_left)
            left--;
        else
            right++;
        reach = distance(s[is_left ? left : right].us, s[middle].us);
    }
    return reach;
}

void pair_offsets_settle(struct pair_offsets *offsets)
{
    size_t i = 0;

    if (offsets->sample_count > 0)
        qsort(offsets->sample, offsets->sample_count, sizeof *offsets->sample, compare_samples);
    while (i < offsets->sample_count) {
        const struct pair_sample *s = &offsets->sample[i];
        struct pair_between *between = &offsets->between[s->between];
        size_t count = 0;

        while (i + count < offsets->sample_count && s[count].between == s->between)
            count++;
        between->first_sample = i;
        between->samples = count;
        between->offset.us = s[(count - 1) / 2].us;
        between->offset.is_known = true;
        pair_offset_keep_to_bounds(&between->offset);
        between->spread_us = spread(s, count, (count - 1) / 2);
        i += count;
    }
}

void pair_offsets_begin_again(struct pair_offsets *offsets)
{
    offsets->sample_count = 0;
    for (size_t i = 0; i < offsets->count; i++) {
        struct pair_between *b = &offsets->between[i];

        *b = (struct pair_between){.host = b->host, .other = b->other};
    }
}

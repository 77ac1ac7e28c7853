/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/quantiles.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/missing.h"

/* Steps in a power of two, as a power of two. */
#define STEP_BITS 6

#define ROOM_FIRST 4

/*
 * A step in use is a number: which step it is, and below that how many numbers are in it. So steps
 * in order are numbers in order. A capture has a byte a session, and no file 2^52 bytes.
 */
#define COUNT_BITS 52
#define COUNT_MAX  ((UINT64_C(1) << COUNT_BITS) - 1)

static_assert(QUANTILES_STEPS == (64 - STEP_BITS - 1) * (1 << STEP_BITS) + (2 << STEP_BITS),
              "a step for every number");
static_assert(QUANTILES_STEPS <= 1 << (64 - COUNT_BITS), "a step's number has room");

static bool is_exact(const struct quantiles *q)
{
    return q->count <= QUANTILES_EXACT;
}

/* By how many bits the numbers of a step differ. */
static unsigned int width_bits(uint64_t value)
{
    return 63 - STEP_BITS - (unsigned int)__builtin_clzll(value | 1 << STEP_BITS);
}

static uint64_t step_of(uint64_t value)
{
    unsigned int bits = width_bits(value);

    return ((uint64_t)bits << STEP_BITS) + (value >> bits);
}

/* The number in the middle of it. */
static uint64_t middle_of(uint64_t step)
{
    unsigned int bits = step < 2 << STEP_BITS ? 0 : (unsigned int)(step >> STEP_BITS) - 1;
    uint64_t least = (step - ((uint64_t)bits << STEP_BITS)) << bits;

    return least + ((UINT64_C(1) << bits) - 1) / 2;
}

/* How many of those held are less than a number. */
static uint32_t rank_of(const struct quantiles *q, uint64_t number)
{
    uint32_t from = 0, size = q->used;

    while (size > 0) {
        uint32_t half = (size + 1) / 2;

        from += half * (q->held[from + half - 1] < number);
        size -= half;
    }
    return from;
}

/* Room for one more. */
static int make_room(struct quantiles *q)
{
    uint32_t room = q->room ? q->room + (q->room + 1) / 2 : ROOM_FIRST;
    uint64_t *held;

    if (q->used < q->room)
        return 0;
    if (room > QUANTILES_STEPS)
        room = QUANTILES_STEPS;
    held = reallocarray(q->held, room, sizeof *held);
    if (!held)
        return -ENOMEM;
    q->held = held;
    q->room = room;
    return 0;
}

static int insert(struct quantiles *q, uint32_t at, uint64_t number)
{
    int r = make_room(q);

    if (r < 0)
        return r;
    memmove(&q->held[at + 1], &q->held[at], (q->used - at) * sizeof *q->held);
    q->held[at] = number;
    q->used++;
    return 0;
}

/* Numbers in a step: `count` more of them. */
static int add_to_step(struct quantiles *q, uint64_t step, uint64_t count)
{
    uint64_t first = step << COUNT_BITS;
    uint32_t at = rank_of(q, first);

    if (at == q->used || q->held[at] >> COUNT_BITS != step)
        return insert(q, at, first + count);
    if (count > COUNT_MAX - (q->held[at] & COUNT_MAX))
        count = COUNT_MAX - (q->held[at] & COUNT_MAX);
    q->held[at] += count;
    return 0;
}

/* From numbers to the steps in which they are, which are no more. */
static void make_steps(struct quantiles *q)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i < q->used; i++) {
        uint64_t step = step_of(q->held[i]);

        if (used > 0 && q->held[used - 1] >> COUNT_BITS == step)
            q->held[used - 1]++;
        else
            q->held[used++] = (step << COUNT_BITS) + 1;
    }
    q->used = used;
}

/* Goes on with numbers of which there are `count`, from `min` to `max`. */
static void note(struct quantiles *q, uint64_t count, uint64_t min, uint64_t max)
{
    if (q->count == 0 || min < q->min)
        q->min = min;
    if (q->count == 0 || max > q->max)
        q->max = max;
    q->count += count;
}

int quantiles_add(struct quantiles *q, uint64_t value)
{
    int r;

    if (q->count < QUANTILES_EXACT) {
        r = insert(q, rank_of(q, value), value);
    } else {
        r = make_room(q);
        if (r == 0 && is_exact(q))
            make_steps(q);
        if (r == 0)
            r = add_to_step(q, step_of(value), 1);
    }
    if (r == 0)
        note(q, 1, value, value);
    return r;
}

int quantiles_merge(struct quantiles *q, const struct quantiles *from)
{
    int r = 0;

    if (is_exact(from)) {
        for (uint32_t i = 0; r == 0 && i < from->used; i++)
            r = quantiles_add(q, from->held[i]);
        return r;
    }
    if (is_exact(q))
        make_steps(q);
    note(q, from->count, from->min, from->max);
    for (uint32_t i = 0; r == 0 && i < from->used; i++)
        r = add_to_step(q, from->held[i] >> COUNT_BITS, from->held[i] & COUNT_MAX);
    return r;
}

/* The number of that rank, from 1. */
static uint64_t at_rank(const struct quantiles *q, uint64_t rank)
{
    uint64_t value = q->max;

    if (is_exact(q))
        return q->held[rank - 1];
    for (uint32_t i = 0; i < q->used; i++) {
        uint64_t count = q->held[i] & COUNT_MAX;

        if (rank <= count) {
            value = middle_of(q->held[i] >> COUNT_BITS);
            break;
        }
        rank -= count;
    }
    if (value < q->min)
        return q->min;
    return value > q->max ? q->max : value;
}

bool quantiles_at(const struct quantiles *q, uint32_t part, uint32_t of, uint64_t *ret)
{
    uint64_t rank;

    assert(of > 0 && part <= of);
    if (q->count == 0)
        return false;
    /* count * part / of, rounded up, and never too large for 64 bits */
    rank = q->count / of * part + (q->count % of * part + of - 1) / of;
    *ret = rank <= 1 ? q->min : rank == q->count ? q->max : at_rank(q, rank);
    return true;
}

void quantiles_free(struct quantiles *q)
{
    free(q->held);
    *q = (struct quantiles){0};
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/number_set.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "util/wide.h"

#define SLOTS_FIRST 16

/* The slot of the number, or the free one where it belongs. */
static uint64_t *find_slot(const struct number_set *set, uint64_t number)
{
    uint64_t hash = wide_mix(number ^ set->seed[0], set->seed[1] | 1);
    size_t i = (hash ^ hash >> 32) & (set->slot_count - 1);

    while (set->slots[i] && set->slots[i] != number)
        i = (i + 1) & (set->slot_count - 1);
    return &set->slots[i];
}

/* Kept at most half full. */
static int make_room(struct number_set *set)
{
    struct number_set grown = *set;

    if (set->slots && 2 * (set->used + 1) <= set->slot_count)
        return 0;
    if (!set->slots && getrandom(grown.seed, sizeof grown.seed, 0) != sizeof grown.seed)
        return -errno;
    grown.slot_count = set->slots ? 2 * set->slot_count : SLOTS_FIRST;
    grown.slots = calloc(grown.slot_count, sizeof *grown.slots);
    if (!grown.slots)
        return -ENOMEM;
    for (size_t i = 0; set->slots && i < set->slot_count; i++)
        if (set->slots[i])
            *find_slot(&grown, set->slots[i]) = set->slots[i];
    free(set->slots);
    *set = grown;
    return 0;
}

int number_set_add(struct number_set *set, uint64_t number)
{
    uint64_t *slot;
    int r;

    if (number == 0) {
        set->has_zero = true;
        return 0;
    }
    r = make_room(set);
    if (r < 0)
        return r;
    slot = find_slot(set, number);
    set->used += *slot == 0;
    *slot = number;
    return 0;
}

bool number_set_has(const struct number_set *set, uint64_t number)
{
    if (number == 0)
        return set->has_zero;
    return set->slots && *find_slot(set, number) == number;
}

void number_set_free(struct number_set *set)
{
    free(set->slots);
    *set = (struct number_set){0};
}

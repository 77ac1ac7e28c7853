/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_codes.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "report/capture/recording.h"
#include "util/wide.h"

#define SLOTS_FIRST 256

int flow_seed(uint64_t ret[2])
{
    if (getrandom(ret, 2 * sizeof *ret, 0) != 2 * sizeof *ret)
        return -errno;
    ret[1] |= 1;
    return 0;
}

int flow_codes_open(struct flow_codes *codes)
{
    *codes = (struct flow_codes){.slot_count = SLOTS_FIRST};
    codes->slots = calloc(SLOTS_FIRST, sizeof *codes->slots);
    return codes->slots ? flow_seed(codes->seed) : -ENOMEM;
}

void flow_codes_close(struct flow_codes *codes)
{
    free(codes->values);
    free(codes->slots);
    *codes = (struct flow_codes){0};
}

static uint64_t hash(const struct flow_codes *codes, const union tlz_value *value)
{
    uint64_t words[2];

    memcpy(words, value, sizeof words);
    words[0] = wide_mix(words[0] ^ codes->seed[0], codes->seed[1]);
    return wide_mix(words[1] ^ words[0], codes->seed[1]);
}

/* The slot of the value, or the free one where it belongs. */
static uint32_t *find_slot(const struct flow_codes *codes, const union tlz_value *value,
                           uint64_t value_hash)
{
    size_t i = value_hash & (codes->slot_count - 1);

    while (codes->slots[i] &&
           memcmp(&codes->values[codes->slots[i] - 1], value, sizeof *value) != 0)
        i = (i + 1) & (codes->slot_count - 1);
    return &codes->slots[i];
}

static int grow_slots(struct flow_codes *codes)
{
    uint32_t *slots = calloc(2 * codes->slot_count, sizeof *slots);

    if (!slots)
        return -ENOMEM;
    free(codes->slots);
    codes->slots = slots;
    codes->slot_count *= 2;
    for (size_t i = 0; i < codes->count; i++)
        *find_slot(codes, &codes->values[i], hash(codes, &codes->values[i])) = (uint32_t)i + 1;
    return 0;
}

static int find(struct flow_codes *codes, const union tlz_value *value, uint64_t value_hash,
                uint32_t *ret)
{
    uint32_t *slot = find_slot(codes, value, value_hash);

    if (!*slot) {
        if (codes->count == UINT32_MAX ||
            recording_grow(&codes->values, codes->count, sizeof *codes->values) < 0)
            return -ENOMEM;
        codes->values[codes->count] = *value;
        *slot = (uint32_t)++codes->count;
    }
    *ret = *slot;
    return 0;
}

int flow_codes_find(struct flow_codes *codes, const union tlz_value *value, size_t count,
                    uint32_t *ret)
{
    uint64_t hashes[FLOW_CODES_ROWS];
    int r = 0;

    while (2 * (codes->count + count) > codes->slot_count)
        if (grow_slots(codes) < 0)
            return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash(codes, &value[i]);
        __builtin_prefetch(&codes->slots[hashes[i] & (codes->slot_count - 1)]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t code = codes->slots[hashes[i] & (codes->slot_count - 1)];

        if (code)
            __builtin_prefetch(&codes->values[code - 1]);
    }
    for (size_t i = 0; r == 0 && i < count; i++)
        r = find(codes, &value[i], hashes[i], &ret[i]);
    return r;
}

uint32_t flow_codes_look(const struct flow_codes *codes, const union tlz_value *value)
{
    return *find_slot(codes, value, hash(codes, value));
}

struct ranked {
    union tlz_value value;
    uint32_t code;
};

static int compare_bytes(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return memcmp(&x->value, &y->value, sizeof x->value);
}

static int compare_integers(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return (x->value.u > y->value.u) - (x->value.u < y->value.u);
}

uint32_t *flow_codes_ranks(const struct flow_codes *codes, bool is_bytes)
{
    struct ranked *ranked = calloc(codes->count + 1, sizeof *ranked);
    uint32_t *ranks = calloc(codes->count + 1, sizeof *ranks);

    if (!ranked || !ranks) {
        free(ranked);
        free(ranks);
        return NULL;
    }
    for (size_t i = 0; i < codes->count; i++)
        ranked[i] = (struct ranked){codes->values[i], (uint32_t)i + 1};
    qsort(ranked, codes->count, sizeof *ranked, is_bytes ? compare_bytes : compare_integers);
    for (size_t i = 0; i < codes->count; i++)
        ranks[ranked[i].code] = (uint32_t)i + 1;
    free(ranked);
    return ranks;
}

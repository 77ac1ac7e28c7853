/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow_table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#define SLOTS_FIRST 1024

static_assert(sizeof(struct flow_key) == 64, "a key has no padding");

int flow_table_open(struct flow_table *table)
{
    *table = (struct flow_table){.slot_count = SLOTS_FIRST};
    table->slots = calloc(SLOTS_FIRST, sizeof *table->slots);
    if (!table->slots)
        return -ENOMEM;
    /* A capture made for it must not be able to choose keys that fall into one slot. */
    if (getrandom(table->seed, sizeof table->seed, 0) != sizeof table->seed)
        return -errno;
    return 0;
}

void flow_table_close(struct flow_table *table)
{
    free(table->flows);
    free(table->slots);
    *table = (struct flow_table){0};
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash(const struct flow_table *table, const struct flow_key *key)
{
    uint64_t words[sizeof *key / sizeof(uint64_t)];
    uint64_t h = table->seed[0];

    memcpy(words, key, sizeof words);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        h = mix(h ^ words[i], table->seed[1] | 1) + table->seed[0];
    return h ^ h >> 32;
}

/* The slot of the key, or the free one where it belongs. */
static uint32_t *find_slot(const struct flow_table *table, const struct flow_key *key)
{
    size_t i = hash(table, key) & (table->slot_count - 1);

    while (table->slots[i] && memcmp(&table->flows[table->slots[i] - 1].key, key, sizeof *key) != 0)
        i = (i + 1) & (table->slot_count - 1);
    return &table->slots[i];
}

static int grow_slots(struct flow_table *table)
{
    uint32_t *slots = calloc(2 * table->slot_count, sizeof *slots);

    if (!slots)
        return -ENOMEM;
    free(table->slots);
    table->slots = slots;
    table->slot_count *= 2;
    for (size_t i = 0; i < table->count; i++)
        *find_slot(table, &table->flows[i].key) = (uint32_t)i + 1;
    return 0;
}

static int grow_flows(struct flow_table *table)
{
    size_t capacity = table->capacity ? 2 * table->capacity : SLOTS_FIRST / 2;
    struct flow *flows = reallocarray(table->flows, capacity, sizeof *flows);

    if (!flows || capacity > UINT32_MAX)
        return -ENOMEM;
    table->flows = flows;
    table->capacity = capacity;
    return 0;
}

struct flow *flow_table_find(struct flow_table *table, const struct flow_key *key)
{
    uint32_t *slot = find_slot(table, key);

    if (*slot)
        return &table->flows[*slot - 1];
    if (table->count == table->capacity && grow_flows(table) < 0)
        return NULL;
    if (2 * (table->count + 1) > table->slot_count) {
        if (grow_slots(table) < 0)
            return NULL;
        slot = find_slot(table, key);
    }
    table->flows[table->count] = (struct flow){.key = *key};
    *slot = (uint32_t)++table->count;
    return &table->flows[table->count - 1];
}

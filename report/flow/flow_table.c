/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/flow/flow_codes.h"
#include "util/missing.h"
#include "util/wide.h"

#define SLOTS_FIRST 1024
#define LINE_WORDS  8 /* of a line of cache */

int flow_table_open(struct flow_table *table, size_t keys, const uint64_t *words, size_t count)
{
    size_t key_words = (keys + 1) / 2;

    *table = (struct flow_table){.keys = keys,
                                 .key_words = key_words,
                                 .stride = key_words + count,
                                 .slot_count = SLOTS_FIRST};
    table->fresh = calloc(count + 1, sizeof *table->fresh);
    table->slots = calloc(SLOTS_FIRST, sizeof *table->slots);
    if (!table->fresh || !table->slots)
        return -ENOMEM;
    memcpy(table->fresh, words, count * sizeof *words);
    return flow_seed(table->seed);
}

void flow_table_close(struct flow_table *table)
{
    free(table->fresh);
    free(table->records);
    free(table->slots);
    *table = (struct flow_table){0};
}

static uint64_t hash(const struct flow_table *table, const uint64_t *key)
{
    uint64_t h = table->seed[0];

    for (size_t i = 0; i < table->key_words; i++)
        h = wide_mix(h ^ key[i], table->seed[1]) + table->seed[0];
    return h;
}

static bool is_equal(const struct flow_table *table, const uint64_t *a, const uint64_t *b)
{
    uint64_t different = 0;

    for (size_t i = 0; i < table->key_words; i++)
        different |= a[i] ^ b[i];
    return different == 0;
}

static uint64_t *record_of(const struct flow_table *table, uint64_t slot)
{
    return &table->records[((slot & UINT32_MAX) - 1) * table->stride];
}

static uint64_t slot_of(uint64_t h, size_t flow)
{
    return (h & ~(uint64_t)UINT32_MAX) | (flow + 1);
}

static int grow_slots(struct flow_table *table)
{
    size_t count = 2 * table->slot_count;
    uint64_t *slots = calloc(count, sizeof *slots);

    if (!slots)
        return -ENOMEM;
    for (size_t flow = 0; flow < table->count; flow++) {
        uint64_t h = hash(table, &table->records[flow * table->stride]);
        size_t i = h & (count - 1);

        while (slots[i])
            i = (i + 1) & (count - 1);
        slots[i] = slot_of(h, flow);
    }
    free(table->slots);
    table->slots = slots;
    table->slot_count = count;
    return 0;
}

/* Room for so many more, so that none of them moves what is there. */
static int make_room(struct flow_table *table, size_t rows)
{
    size_t capacity = 2 * table->capacity + FLOW_TABLE_ROWS;
    uint64_t *records;

    while (2 * (table->count + rows) > table->slot_count)
        if (grow_slots(table) < 0)
            return -ENOMEM;
    if (table->count + rows <= table->capacity)
        return 0;
    if (capacity > UINT32_MAX)
        return -ENOMEM;
    records = reallocarray(table->records, capacity, table->stride * sizeof *records);
    if (!records)
        return -ENOMEM;
    table->records = records;
    table->capacity = capacity;
    return 0;
}

static uint64_t *add_record(struct flow_table *table, const uint64_t *key)
{
    uint64_t *record = &table->records[table->count++ * table->stride];

    memcpy(record, key, table->key_words * sizeof *record);
    memcpy(record + table->key_words, table->fresh,
           (table->stride - table->key_words) * sizeof *record);
    return record;
}

/* There is room for one more. */
static uint64_t *find_record(struct flow_table *table, const uint64_t *key, uint64_t h)
{
    size_t i = h & (table->slot_count - 1);
    const uint64_t tag = slot_of(h, 0) - 1;

    for (; table->slots[i]; i = (i + 1) & (table->slot_count - 1)) {
        uint64_t *record = record_of(table, table->slots[i]);

        if ((table->slots[i] & ~(uint64_t)UINT32_MAX) == tag && is_equal(table, record, key))
            return record;
    }
    table->slots[i] = slot_of(h, table->count);
    return add_record(table, key);
}

int flow_table_find(struct flow_table *table, const uint64_t *key, size_t rows,
                    uint64_t **ret_words)
{
    uint64_t h[FLOW_TABLE_ROWS];
    const size_t words = table->key_words;

    if (make_room(table, rows) < 0)
        return -ENOMEM;
    for (size_t i = 0; i < rows; i++) {
        h[i] = hash(table, &key[i * words]);
        __builtin_prefetch(&table->slots[h[i] & (table->slot_count - 1)]);
    }
    for (size_t i = 0; i < rows; i++) {
        uint64_t slot = table->slots[h[i] & (table->slot_count - 1)];
        const uint64_t *record = slot ? record_of(table, slot) : NULL;

        for (size_t word = 0; slot && word < table->stride; word += LINE_WORDS)
            __builtin_prefetch(record + word, 1);
        if (slot)
            __builtin_prefetch(record + table->stride - 1, 1);
    }
    for (size_t i = 0; i < rows; i++)
        ret_words[i] = find_record(table, &key[i * words], h[i]) + words;
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flows: a hash table that grows with the number of flows and not of sessions. A flow is a record
 * of words: the codes of its keys, two in a word, and behind them what is counted of it.
 */
#ifndef REPORT_FLOW_FLOW_TABLE_H
#define REPORT_FLOW_FLOW_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "report/flow/flow_key.h"

/* So many sessions are looked up at once, so that memory is fetched for all of them meanwhile. */
#define FLOW_TABLE_ROWS 256

#define FLOW_KEY_WORDS_MAX ((FLOW_KEYS_MAX + 1) / 2)

struct flow_table {
    size_t keys;      /* codes in a record */
    size_t key_words; /* the words that they take */
    size_t stride;    /* all words of a record */
    uint64_t *fresh;  /* a new one's, behind the codes */
    uint64_t *records;
    size_t count, capacity; /* of them, in order of arrival */
    uint64_t *slots;        /* part of the hash, and a record's number plus 1; 0 = free */
    size_t slot_count;      /* a power of two */
    uint64_t seed[2];
};

/* Flows of so many keys, which begin with these words, of which there is a copy. 0 or a negative
 * errno. */
int flow_table_open(struct flow_table *table, size_t keys, const uint64_t *words, size_t count);
void flow_table_close(struct flow_table *table);

/*
 * The flows of up to FLOW_TABLE_ROWS sessions, whose keys are key_words words each, as in a record.
 * 0 and for each the words of its flow behind the codes, valid until the next call; or -ENOMEM.
 */
int flow_table_find(struct flow_table *table, const uint64_t *key, size_t rows,
                    uint64_t **ret_words);

static inline uint32_t flow_table_code(const struct flow_table *table, size_t flow, size_t key)
{
    return (uint32_t)(table->records[flow * table->stride + key / 2] >> (32 * (key % 2)));
}

static inline uint64_t *flow_table_words(const struct flow_table *table, size_t flow)
{
    return &table->records[flow * table->stride + table->key_words];
}

#endif

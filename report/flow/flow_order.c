/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_order.h"

#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"
#include "report/flow/flow_compared.h"
#include "util/missing.h"

/* What decides most often, beside each other: sessions and bytes, or of those compared the score
 * and sessions; then the first two keys. */
struct ranked {
    uint64_t first, second, keys;
    uint32_t flow;
};

static int compare_values(enum tlz_type type, const union tlz_value *a, const union tlz_value *b)
{
    if (tlz_type_is_bytes(type))
        return memcmp(&a->bytes, &b->bytes, sizeof a->bytes);
    return (a->u > b->u) - (a->u < b->u);
}

int flow_compare_keys(const struct flow_groups *a, size_t flow_a, const struct flow_groups *b,
                      size_t flow_b)
{
    int r = 0;

    for (size_t k = 0; r == 0 && k < a->query->keys; k++) {
        uint32_t x = flow_table_code(&a->table, flow_a, k);
        uint32_t y = flow_table_code(&b->table, flow_b, k);

        if (x == FLOW_CODE_ABSENT || y == FLOW_CODE_ABSENT)
            r = (y == FLOW_CODE_ABSENT) - (x == FLOW_CODE_ABSENT);
        else if (a != b || x != y)
            r = compare_values(tlz_fields[a->query->key[k].field].type,
                               flow_codes_value(&a->codes[k], x),
                               flow_codes_value(&b->codes[k], y));
    }
    return r;
}

static int compare(const void *a, const void *b, void *groups)
{
    const struct ranked *x = a, *y = b;

    if (x->first != y->first)
        return x->first > y->first ? -1 : 1;
    if (x->second != y->second)
        return x->second > y->second ? -1 : 1;
    if (x->keys != y->keys)
        return x->keys < y->keys ? -1 : 1;
    return flow_compare_keys(groups, x->flow, groups, y->flow);
}

/* The cell of that total, or NULL where it is not shown. */
static const struct flow_cell *total_cell(const struct flow_groups *g, enum tlz_field field)
{
    for (size_t i = 0; i < g->cells; i++)
        if (g->cell[i].column->figure == FLOW_OF_SUM && g->cell[i].column->field == field)
            return &g->cell[i];
    return NULL;
}

static uint64_t bytes_of(const uint64_t *words, const struct flow_cell *tx,
                         const struct flow_cell *rx)
{
    return tx && rx ? add_saturated(words[tx->at], words[rx->at]) : 0;
}

static uint64_t sessions_of_sides(const struct flow_groups *g, const uint64_t *words)
{
    return words[FLOW_WORD_SESSIONS] + words[g->measures.words + FLOW_WORD_SESSIONS];
}

/* The rank of a key's value among all, in the upper or lower half of where keys are ranked. */
static int rank_key(const struct flow_groups *g, size_t k, struct ranked *ranked, size_t count)
{
    bool is_bytes = tlz_type_is_bytes(tlz_fields[g->query->key[k].field].type);
    uint32_t *ranks = flow_codes_ranks(&g->codes[k], is_bytes);

    if (!ranks)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        uint64_t of_key = ranks[flow_table_code(&g->table, ranked[i].flow, k)];

        ranked[i].keys |= of_key << (k == 0 ? 32 : 0);
    }
    free(ranks);
    return 0;
}

static int rank(const struct flow_groups *g, const uint32_t *list, size_t count, struct ranked *ret)
{
    const struct flow_cell *tx = total_cell(g, TLZ_TX_BYTES), *rx = total_cell(g, TLZ_RX_BYTES);
    int r = 0;

    for (size_t i = 0; i < count; i++) {
        const uint32_t flow = list ? list[i] : (uint32_t)i;
        const uint64_t *words = flow_table_words(&g->table, flow);

        if (g->query->is_compared)
            ret[i] =
                (struct ranked){flow_compared(g, flow).score, sessions_of_sides(g, words), 0, flow};
        else
            ret[i] = (struct ranked){words[FLOW_WORD_SESSIONS], bytes_of(words, tx, rx), 0, flow};
    }
    /* Of few flows, looking at their keys takes less than ranking all keys. */
    for (size_t k = 0; count > g->table.count / 16 && r == 0 && k < g->query->keys && k < 2; k++)
        r = rank_key(g, k, ret, count);
    return r;
}

int flow_order(const struct flow_groups *g, const uint32_t *list, size_t count, uint32_t **ret)
{
    struct ranked *ranked = calloc(count + 1, sizeof *ranked);
    uint32_t *order = calloc(count + 1, sizeof *order);

    if (!ranked || !order || rank(g, list, count, ranked) < 0) {
        free(ranked);
        free(order);
        return -ENOMEM;
    }
    qsort_r(ranked, count, sizeof *ranked, compare, (void *)g);
    for (size_t i = 0; i < count; i++)
        order[i] = ranked[i].flow;
    free(ranked);
    *ret = order;
    return 0;
}

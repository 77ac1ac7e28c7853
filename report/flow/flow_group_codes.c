/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_group_codes.h"

#include <errno.h>

#include "format/block.h"

/* The value of a row, with 0 in all of its bytes that an integer has not. */
static union tlz_value value_at(const struct tlz_column *c, uint32_t row)
{
    union tlz_value value = {.bytes = {{0}}};

    if (c->bytes)
        value.bytes = c->bytes[row];
    else
        value.u = c->u[row];
    return value;
}

static bool has_value(const struct tlz_column *c, uint32_t row)
{
    return (c->u || c->bytes) && (!c->present || (c->present[row / 64] >> (row % 64) & 1));
}

/* The codes of rows that stand for others. 0 or -ENOMEM. */
static int find_codes(struct flow_groups *g, size_t k, const struct tlz_column *c,
                      const uint32_t *row, size_t count, uint32_t *ret)
{
    union tlz_value value[FLOW_TABLE_ROWS];
    uint32_t code[FLOW_TABLE_ROWS];
    size_t values = 0;

    for (size_t i = 0; i < count; i++)
        if (has_value(c, row[i]))
            value[values++] = flow_key_value(&g->query->key[k], value_at(c, row[i]), &g->step[k]);
    if (values > 0 && flow_codes_find(&g->codes[k], value, values, code) < 0)
        return -ENOMEM;
    values = 0;
    for (size_t i = 0; i < count; i++)
        ret[i] = has_value(c, row[i]) ? code[values++] : FLOW_CODE_ABSENT;
    return 0;
}

/* The codes of rows with entries: an entry is looked up once in a batch. */
static int code_entries(struct flow_groups *g, size_t k, const struct tlz_column *c,
                        const uint32_t *row, uint32_t count, uint32_t *ret)
{
    uint32_t *memo = &g->memo[k * TLZ_ROWS_MAX];
    uint32_t fresh[FLOW_TABLE_ROWS], code[FLOW_TABLE_ROWS];
    size_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (memo[c->entry[row[i]]] == 0) {
            memo[c->entry[row[i]]] = 1;
            fresh[n++] = row[i];
        }
    }
    if (n > 0 && find_codes(g, k, c, fresh, n, code) < 0)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        memo[c->entry[fresh[i]]] = code[i] + 1;
    for (uint32_t i = 0; i < count; i++)
        ret[i] = memo[c->entry[row[i]]] - 1;
    return 0;
}

static bool is_same(const struct tlz_column *c, uint32_t a, uint32_t b)
{
    if (has_value(c, a) != has_value(c, b))
        return false;
    return c->bytes ? !memcmp(&c->bytes[a], &c->bytes[b], sizeof *c->bytes)
                    : !c->u || c->u[a] == c->u[b];
}

/* The codes of other rows: a value that comes again and again is looked up once. */
static int code_rows(struct flow_groups *g, size_t k, const struct tlz_column *c,
                     const uint32_t *row, uint32_t count, uint32_t *ret)
{
    uint32_t fresh[FLOW_TABLE_ROWS], code[FLOW_TABLE_ROWS], from[FLOW_TABLE_ROWS];
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || !is_same(c, row[i - 1], row[i]))
            fresh[n++] = row[i];
        from[i] = n - 1;
    }
    if (n > 0 && find_codes(g, k, c, fresh, n, code) < 0)
        return -ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        ret[i] = code[from[i]];
    return 0;
}

int flow_group_codes_find(struct flow_groups *g, size_t k, const struct tlz_column *c,
                          const uint32_t *row, uint32_t count, uint32_t *ret)
{
    return c->entry ? code_entries(g, k, c, row, count, ret) : code_rows(g, k, c, row, count, ret);
}

void flow_group_codes_forget(struct flow_groups *g, const struct tlz_batch *batch)
{
    for (size_t k = 0; k < g->query->keys; k++) {
        const struct tlz_column *c = &batch->column[g->query->key[k].field];

        if (c->entry)
            memset(&g->memo[k * TLZ_ROWS_MAX], 0, c->entries * sizeof *g->memo);
    }
}

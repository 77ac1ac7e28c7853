/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_group_keys.h"

#include <errno.h>
#include <stdlib.h>

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

/* Where the code of a key is in the words of a record. */
static uint64_t place_code(size_t k, uint32_t code)
{
    return (uint64_t)code << (32 * (k % 2));
}

/* The joint of a column's entries, a new one where none of its keys came before. 0 or -ENOMEM. */
static int find_joint(struct flow_groups *g, const struct tlz_column *c, struct flow_joint **ret)
{
    struct flow_joint *j = g->joint;

    while (j < g->joint + g->joints && j->entry != c->entry)
        j++;
    *ret = j;
    if (j < g->joint + g->joints)
        return 0;
    if (!j->parts)
        j->parts = calloc(TLZ_ROWS_MAX, g->table.key_words * sizeof *j->parts);
    if (!j->is_known)
        j->is_known = malloc(TLZ_ROWS_MAX);
    if (!j->parts || !j->is_known)
        return -ENOMEM;
    j->entry = c->entry;
    j->keys = 0;
    memset(j->is_known, 0, c->entries);
    g->joints++;
    return 0;
}

int flow_group_keys_begin(struct flow_groups *g, const struct tlz_batch *batch)
{
    g->joints = 0;
    for (size_t k = 0; k < g->query->keys; k++) {
        const struct tlz_column *c = &batch->column[g->query->key[k].field];
        struct flow_joint *j;

        if (!c->entry)
            continue;
        if (find_joint(g, c, &j) < 0)
            return -ENOMEM;
        j->keys |= 1u << k;
    }
    return 0;
}

void flow_group_keys_close(struct flow_groups *g)
{
    for (size_t i = 0; i < FLOW_KEYS_MAX; i++) {
        free(g->joint[i].parts);
        free(g->joint[i].is_known);
    }
}

/* The parts of entries that were not known yet, of which these are rows. */
static int add_parts(struct flow_groups *g, const struct tlz_batch *batch, struct flow_joint *j,
                     const uint32_t *row, uint32_t count)
{
    const size_t words = g->table.key_words;
    uint32_t code[FLOW_TABLE_ROWS];

    for (uint32_t i = 0; i < count; i++)
        memset(&j->parts[j->entry[row[i]] * words], 0, words * sizeof *j->parts);
    for (size_t k = 0; count > 0 && k < g->query->keys; k++) {
        const struct tlz_column *c = &batch->column[g->query->key[k].field];

        if (!(j->keys >> k & 1))
            continue;
        if (find_codes(g, k, c, row, count, code) < 0)
            return -ENOMEM;
        for (uint32_t i = 0; i < count; i++)
            j->parts[j->entry[row[i]] * words + k / 2] |= place_code(k, code[i]);
    }
    return 0;
}

/* Adds what the keys of a joint say of rows: of each entry it is found once in a batch. */
static int join_entries(struct flow_groups *g, const struct tlz_batch *batch, struct flow_joint *j,
                        const uint32_t *row, uint32_t count, uint64_t *ret)
{
    const size_t words = g->table.key_words;
    uint32_t fresh[FLOW_TABLE_ROWS], n = 0;

    for (uint32_t i = 0; i < count; i++) {
        fresh[n] = row[i];
        n += !j->is_known[j->entry[row[i]]];
        j->is_known[j->entry[row[i]]] = true;
    }
    if (add_parts(g, batch, j, fresh, n) < 0)
        return -ENOMEM;
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t *part = &j->parts[j->entry[row[i]] * words];

        for (size_t word = 0; word < words; word++)
            ret[i * words + word] |= part[word];
    }
    return 0;
}

/* Adds what a key without entries says. */
static int join_rows(struct flow_groups *g, const struct tlz_batch *batch, size_t k,
                     const uint32_t *row, uint32_t count, uint64_t *ret)
{
    uint32_t code[FLOW_TABLE_ROWS];
    int r = code_rows(g, k, &batch->column[g->query->key[k].field], row, count, code);

    for (uint32_t i = 0; r == 0 && i < count; i++)
        ret[i * g->table.key_words + k / 2] |= place_code(k, code[i]);
    return r;
}

int flow_group_keys_find(struct flow_groups *g, const struct tlz_batch *batch, const uint32_t *row,
                         uint32_t count, uint64_t *ret)
{
    int r = 0;

    memset(ret, 0, count * g->table.key_words * sizeof *ret);
    for (size_t i = 0; r == 0 && i < g->joints; i++)
        r = join_entries(g, batch, &g->joint[i], row, count, ret);
    for (size_t k = 0; r == 0 && k < g->query->keys; k++)
        if (!batch->column[g->query->key[k].field].entry)
            r = join_rows(g, batch, k, row, count, ret);
    return r;
}

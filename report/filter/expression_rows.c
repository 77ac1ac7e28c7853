/* SPDX-License-Identifier: BSD-2-Clause */
/* Evaluates an expression on the columns of a batch: 64 rows a word, without a branch a row. */
#include "format/block.h"
#include "format/vector.h"
#include "report/filter/expression_program.h"

#define STACK_WORDS (TLZ_ROWS_MAX / 64)

static size_t word_count(const struct tlz_batch *batch)
{
    return (batch->rows + 63) / 64;
}

/* How many rows the word has. */
static uint32_t rows_of_word(const struct tlz_batch *batch, size_t word)
{
    uint32_t left = batch->rows - (uint32_t)word * 64;

    return left < 64 ? left : 64;
}

static uint64_t all_of_word(const struct tlz_batch *batch, size_t word)
{
    return ~UINT64_C(0) >> (64 - rows_of_word(batch, word));
}

/* Leaves of the bits those of rows in which the column has a value. */
static void keep_present(const struct tlz_batch *batch, const struct tlz_column *column,
                         uint64_t *bits)
{
    for (size_t w = 0; w < word_count(batch); w++)
        bits[w] &=
            column->present ? column->present[w] & all_of_word(batch, w) : all_of_word(batch, w);
}

static void put_none(const struct tlz_batch *batch, uint64_t *bits)
{
    memset(bits, 0, word_count(batch) * sizeof *bits);
}

static bool is_empty(const struct tlz_column *column)
{
    return !column->u && !column->bytes;
}

/* Eight answers, of which each is 0 or 1 in a byte, as eight bits. */
static uint64_t gather(const uint8_t *answers)
{
    uint64_t bytes = 0;

    for (int i = 0; i < 8; i++)
        bytes |= (uint64_t)answers[i] << (8 * i);
    return bytes * UINT64_C(0x0102040810204080) >> 56;
}

static uint64_t gather_word(const uint8_t *answers)
{
    uint64_t word = 0;

    for (int i = 0; i < 8; i++)
        word |= gather(answers + 8 * i) << (8 * i);
    return word;
}

VECTOR_LOOPS static void in_range(const uint64_t *values, uint32_t count, struct range range,
                                  uint8_t *answers)
{
    uint64_t size = range.high - range.low;

    for (uint32_t i = 0; i < count; i++)
        answers[i] |= values[i] - range.low <= size;
}

static void put_ranges(const struct expression *e, const struct step *step,
                       const struct tlz_batch *batch, uint64_t *bits)
{
    const uint64_t *values = batch->column[step->field].u;

    for (size_t w = 0; w < word_count(batch); w++) {
        uint8_t answers[64] = {0};

        for (uint32_t i = step->first; i < step->first + step->count; i++)
            if (e->ranges[i].low <= e->ranges[i].high)
                in_range(values + w * 64, rows_of_word(batch, w), e->ranges[i], answers);
        bits[w] = gather_word(answers);
    }
}

static void load(const struct tlz_bytes *bytes, uint64_t half[2])
{
    memcpy(half, bytes->b, 2 * sizeof *half);
}

/* True for the mapped form of an IPv4 address. */
static bool is_mapped(const uint64_t half[2])
{
    static const uint8_t prefix[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const uint8_t mask[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
    uint64_t p, m;

    memcpy(&p, prefix + 8, sizeof p);
    memcpy(&m, mask + 8, sizeof m);
    return half[0] == 0 && (half[1] & m) == p;
}

static void in_net(const struct tlz_bytes *values, uint32_t count, const struct net *net,
                   uint8_t *answers)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t half[2];

        load(&values[i], half);
        answers[i] |= !(((half[0] & net->mask[0]) ^ net->value[0]) |
                        ((half[1] & net->mask[1]) ^ net->value[1])) &&
                      !(net->is_v6 && is_mapped(half));
    }
}

static void put_nets(const struct expression *e, const struct step *step,
                     const struct tlz_batch *batch, uint64_t *bits)
{
    const struct tlz_bytes *values = batch->column[step->field].bytes;

    for (size_t w = 0; w < word_count(batch); w++) {
        uint8_t answers[64] = {0};

        for (uint32_t i = step->first; i < step->first + step->count; i++)
            in_net(values + w * 64, rows_of_word(batch, w), &e->nets[i], answers);
        bits[w] = gather_word(answers);
    }
}

/* Only of rows that have a value: a name elsewhere may be any. */
static void put_pattern(const struct expression *e, const struct step *step,
                        const struct tlz_batch *batch, uint64_t *bits)
{
    const struct tlz_bytes *values = batch->column[step->field].bytes;
    struct pattern *pattern = e->patterns[step->first];

    for (size_t w = 0; w < word_count(batch); w++) {
        bits[w] = 0;
        for (uint32_t i = 0; i < rows_of_word(batch, w); i++)
            bits[w] |= (uint64_t)pattern_matches_name(pattern, &values[w * 64 + i]) << i;
    }
}

/* Integers: less, equal. */
VECTOR_LOOPS static void compare_integers(const uint64_t *a, const uint64_t *b, uint32_t count,
                                          enum comparison comparison, uint8_t *answers)
{
    bool is_equal = comparison == COMPARE_EQUAL || comparison == COMPARE_NOT_EQUAL;
    bool is_turned = comparison == COMPARE_GREATER || comparison == COMPARE_LESS_EQUAL;
    const uint64_t *x = is_turned ? b : a, *y = is_turned ? a : b;

    for (uint32_t i = 0; i < count; i++)
        answers[i] = is_equal ? x[i] == y[i] : x[i] < y[i];
}

static void compare_bytes(const struct tlz_bytes *a, const struct tlz_bytes *b, uint32_t count,
                          uint8_t *answers)
{
    for (uint32_t i = 0; i < count; i++)
        answers[i] = !memcmp(&a[i], &b[i], sizeof *a);
}

static void put_fields(const struct step *step, const struct tlz_batch *batch, uint64_t *bits)
{
    const struct tlz_column *a = &batch->column[step->field], *b = &batch->column[step->other];

    if (is_empty(b)) {
        put_none(batch, bits);
        return;
    }
    for (size_t w = 0; w < word_count(batch); w++) {
        uint8_t answers[64] = {0};

        if (a->u)
            compare_integers(a->u + w * 64, b->u + w * 64, rows_of_word(batch, w), step->comparison,
                             answers);
        else
            compare_bytes(a->bytes + w * 64, b->bytes + w * 64, rows_of_word(batch, w), answers);
        bits[w] = gather_word(answers);
    }
    /* These are what the loops above answer; the others are the opposite. */
    if (step->comparison != COMPARE_EQUAL && step->comparison != COMPARE_LESS &&
        step->comparison != COMPARE_GREATER)
        for (size_t w = 0; w < word_count(batch); w++)
            bits[w] = ~bits[w];
    keep_present(batch, b, bits);
}

static void put_leaf(const struct expression *e, const struct step *step,
                     const struct tlz_batch *batch, uint64_t *bits)
{
    const struct tlz_column *column = &batch->column[step->field];

    if (is_empty(column)) {
        put_none(batch, bits);
        return;
    }
    if (step->kind == STEP_HAS)
        memset(bits, 0xff, word_count(batch) * sizeof *bits);
    else if (step->kind == STEP_RANGES)
        put_ranges(e, step, batch, bits);
    else if (step->kind == STEP_NETS)
        put_nets(e, step, batch, bits);
    else if (step->kind == STEP_PATTERN)
        put_pattern(e, step, batch, bits);
    else
        put_fields(step, batch, bits);
    for (size_t w = 0; step->is_other && w < word_count(batch); w++)
        bits[w] = ~bits[w];
    keep_present(batch, column, bits);
}

/* Bitmaps of the stack: a is below b. */
static void combine(enum step_kind kind, const struct tlz_batch *batch, uint64_t *a,
                    const uint64_t *b)
{
    for (size_t w = 0; w < word_count(batch); w++)
        a[w] = kind == STEP_AND ? a[w] & b[w] : a[w] | b[w];
}

static void negate(const struct tlz_batch *batch, uint64_t *bits)
{
    for (size_t w = 0; w < word_count(batch); w++)
        bits[w] = ~bits[w] & all_of_word(batch, w);
}

const uint64_t *expression_rows(struct expression *e, const struct tlz_batch *batch)
{
    uint64_t *top = e->stack;

    for (size_t i = 0; i < e->step_count; i++) {
        const struct step *step = &e->steps[i];

        if (step->kind == STEP_NOT) {
            negate(batch, top - STACK_WORDS);
        } else if (step->kind == STEP_AND || step->kind == STEP_OR) {
            top -= STACK_WORDS;
            combine(step->kind, batch, top - STACK_WORDS, top);
        } else {
            put_leaf(e, step, batch, top);
            top += STACK_WORDS;
        }
    }
    return e->stack;
}

void expression_narrow(struct expression *e, struct expression *other,
                       const struct tlz_batch *batch)
{
    combine(STEP_AND, batch, e->stack, expression_rows(other, batch));
}

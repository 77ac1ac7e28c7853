/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_measures.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/capture/recording.h"
#include "util/message.h"

#define QUANTILES_WORDS ((sizeof(struct quantiles) + sizeof(uint64_t) - 1) / sizeof(uint64_t))

static_assert(_Alignof(struct quantiles) <= _Alignof(uint64_t), "quantiles lie among words");

static_assert(TLZ_SESSION_FIELD_COUNT <= 64, "a bit for each field");

const struct flow_measure *flow_measures_find(const struct flow_measures *m, enum tlz_field field)
{
    size_t i = 0;

    while (i < m->count && m->measure[i].field != field)
        i++;
    return i < m->count ? &m->measure[i] : NULL;
}

void flow_measures_add(struct flow_measures *m, enum tlz_field field, enum flow_part part,
                       struct tlz_fieldset *fields)
{
    const struct flow_measure *known = flow_measures_find(m, field);
    struct flow_measure *measure = known ? (struct flow_measure *)known : &m->measure[m->count];

    if (!known)
        m->measure[m->count++] = (struct flow_measure){.field = field};
    measure->parts |= FLOW_PART_BIT(part);
    tlz_fieldset_add(fields, field);
    if (part == FLOW_RETRANS)
        tlz_fieldset_add(fields, TLZ_SENT_BYTES);
}

bool flow_has_failed(uint64_t end)
{
    const uint64_t failures = 1u << TLZ_END_RESET_HERE | 1u << TLZ_END_RESET_THERE |
                              1u << TLZ_END_REFUSED | 1u << TLZ_END_TIMED_OUT |
                              1u << TLZ_END_UNREACHABLE | 1u << TLZ_END_GAVE_UP |
                              1u << TLZ_END_UNACCEPTED;

    return end < 64 && failures >> end & 1;
}

/* Values of sessions, and the words of their flows. */
struct values {
    const struct tlz_batch *batch;
    uint32_t count;
    const uint32_t *row;
    const uint64_t *value;
    uint64_t *const *words;
};

/* Where they are put together, if they do not lie so already. */
struct values_room {
    uint32_t row[FLOW_MEASURES_ROWS];
    uint64_t value[FLOW_MEASURES_ROWS];
    uint64_t *words[FLOW_MEASURES_ROWS];
};

/* Each counts one part, which is at that word. 0 or -ENOMEM. */

static int count_values(const struct values *v, uint32_t at)
{
    for (uint32_t i = 0; i < v->count; i++)
        v->words[i][at]++;
    return 0;
}

static int count_sum(const struct values *v, uint32_t at)
{
    for (uint32_t i = 0; i < v->count; i++)
        v->words[i][at] = add_saturated(v->words[i][at], v->value[i]);
    return 0;
}

static void add(uint64_t *sum, uint64_t value)
{
    sum[1] += __builtin_add_overflow(sum[0], value, &sum[0]);
}

static int count_whole_sum(const struct values *v, uint32_t at)
{
    for (uint32_t i = 0; i < v->count; i++)
        add(&v->words[i][at], v->value[i]);
    return 0;
}

static int count_min(const struct values *v, uint32_t at)
{
    for (uint32_t i = 0; i < v->count; i++) {
        uint64_t *min = &v->words[i][at];

        *min = v->value[i] < *min ? v->value[i] : *min;
    }
    return 0;
}

static int count_max(const struct values *v, uint32_t at)
{
    for (uint32_t i = 0; i < v->count; i++) {
        uint64_t *max = &v->words[i][at];

        *max = v->value[i] > *max ? v->value[i] : *max;
    }
    return 0;
}

static int count_quantiles(const struct values *v, uint32_t at)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < v->count; i++)
        r = quantiles_add((struct quantiles *)&v->words[i][at], v->value[i]);
    return r;
}

static int count_failed(const struct values *v, uint32_t at)
{
    for (uint32_t i = 0; i < v->count; i++)
        v->words[i][at] += flow_has_failed(v->value[i]);
    return 0;
}

/* A session that sent again more than it sent at all says nothing. */
static int count_retrans(const struct values *v, uint32_t at)
{
    const struct tlz_column *sent = &v->batch->column[TLZ_SENT_BYTES];

    for (uint32_t i = 0; i < v->count; i++) {
        if (!tlz_batch_has(v->batch, TLZ_SENT_BYTES, v->row[i]) || v->value[i] > sent->u[v->row[i]])
            continue;
        add(&v->words[i][at], v->value[i]);
        add(&v->words[i][at + 2], sent->u[v->row[i]]);
    }
    return 0;
}

static const struct {
    uint32_t words;
    int (*count)(const struct values *v, uint32_t at);
} parts[FLOW_PARTS] = {
    [FLOW_COUNT] = {1, count_values},
    [FLOW_SUM] = {1, count_sum},
    [FLOW_WHOLE_SUM] = {2, count_whole_sum},
    [FLOW_MIN] = {1, count_min},
    [FLOW_MAX] = {1, count_max},
    [FLOW_QUANTILES] = {QUANTILES_WORDS, count_quantiles},
    [FLOW_FAILED] = {1, count_failed},
    [FLOW_RETRANS] = {4, count_retrans},
};

uint64_t *flow_measures_arrange(struct flow_measures *m)
{
    uint64_t *fresh;

    m->words = FLOW_WORDS_FIRST;
    for (size_t i = 0; i < m->count; i++) {
        for (enum flow_part part = 0; part < FLOW_PARTS; part++) {
            m->measure[i].at[part] = (uint32_t)m->words;
            if (m->measure[i].parts & FLOW_PART_BIT(part))
                m->words += parts[part].words;
        }
    }
    fresh = calloc(m->words, sizeof *fresh);
    for (size_t i = 0; fresh && i < m->count; i++)
        if (m->measure[i].parts & FLOW_PART_BIT(FLOW_MIN))
            fresh[m->measure[i].at[FLOW_MIN]] = UINT64_MAX;
    return fresh;
}

static bool is_known_of_all(const struct tlz_column *c)
{
    return (c->u || c->bytes) && !c->present;
}

/* Whether the rows are each behind the one before, with none left out. */
static bool are_in_one_piece(const uint32_t *row, uint32_t count)
{
    uint32_t gaps = 0;

    for (uint32_t i = 0; i < count; i++)
        gaps |= row[i] ^ (row[0] + i);
    return count > 0 && gaps == 0;
}

/* Of a field that every row has: 0 of bytes, which are only counted. */
static void take_all(const struct tlz_column *c, bool in_one_piece, struct values_room *room,
                     struct values *ret)
{
    ret->value = room->value;
    if (in_one_piece && c->u)
        ret->value = &c->u[ret->row[0]];
    else
        for (uint32_t i = 0; i < ret->count; i++)
            room->value[i] = c->u ? c->u[ret->row[i]] : 0;
}

/* Of another one, of the rows that have it; and notes that it is known of their flows. */
static void take_known(const struct tlz_column *c, uint64_t known, struct values_room *room,
                       struct values *ret)
{
    uint32_t n = 0;

    for (uint32_t i = 0; (c->u || c->bytes) && i < ret->count; i++) {
        uint32_t row = ret->row[i];

        if (!(c->present[row / 64] >> (row % 64) & 1))
            continue;
        ret->words[i][FLOW_WORD_KNOWN] |= known;
        room->row[n] = row;
        room->value[n] = c->u ? c->u[row] : 0;
        room->words[n++] = ret->words[i];
    }
    *ret = (struct values){ret->batch, n, room->row, room->value, room->words};
}

/* Counts the sessions, and notes what is known of all of them. */
static void count_sessions(const struct flow_measures *m, const struct tlz_batch *batch,
                           uint32_t count, uint64_t *const *words)
{
    uint64_t known = 0;

    for (size_t i = 0; i < m->count; i++)
        known |= (uint64_t)is_known_of_all(&batch->column[m->measure[i].field]) << i;
    for (uint32_t i = 0; i < count; i++) {
        words[i][FLOW_WORD_SESSIONS]++;
        words[i][FLOW_WORD_KNOWN] |= known;
    }
}

int flow_measures_count(const struct flow_measures *m, const struct tlz_batch *batch,
                        const uint32_t *row, uint32_t count, uint64_t *const *words)
{
    const bool in_one_piece = are_in_one_piece(row, count);
    struct values_room room;
    int r = 0;

    count_sessions(m, batch, count, words);
    for (size_t i = 0; r == 0 && i < m->count; i++) {
        const struct flow_measure *measure = &m->measure[i];
        const struct tlz_column *c = &batch->column[measure->field];
        struct values values = {batch, count, row, NULL, words};

        if (is_known_of_all(c))
            take_all(c, in_one_piece, &room, &values);
        else
            take_known(c, UINT64_C(1) << i, &room, &values);
        for (enum flow_part part = 0; r == 0 && part < FLOW_PARTS; part++)
            if (measure->parts & FLOW_PART_BIT(part))
                r = parts[part].count(&values, measure->at[part]);
    }
    return r;
}

void flow_say_saturated(void)
{
    message_warning("a sum is %" PRIu64 " or greater: that is shown instead", UINT64_MAX);
}

void flow_measures_free(const struct flow_measures *m, uint64_t *words)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->measure[i].parts & FLOW_PART_BIT(FLOW_QUANTILES))
            quantiles_free((struct quantiles *)&words[m->measure[i].at[FLOW_QUANTILES]]);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/summary.h"

#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"

#define SECOND_US UINT64_C(1000000)

/* Rows of failed sessions that are handed on at once. */
#define ROWS_AT_ONCE FLOW_MEASURES_ROWS

static const struct {
    enum tlz_field field;
    enum flow_part part;
} counted[] = {
    {TLZ_END, FLOW_FAILED},
    {TLZ_TX_BYTES, FLOW_WHOLE_SUM},
    {TLZ_RX_BYTES, FLOW_WHOLE_SUM},
    {TLZ_MS, FLOW_WHOLE_SUM},
    {TLZ_MS, FLOW_QUANTILES},
    {TLZ_MIN_RTT_US, FLOW_QUANTILES},
    {TLZ_RETRANS_BYTES, FLOW_RETRANS},
    {TLZ_RETRANS_BYTES, FLOW_WHOLE_SUM},
};

static void measure(struct flow_measures *m, struct tlz_fieldset *fields)
{
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        flow_measures_add(m, counted[i].field, counted[i].part, fields);
}

void summary_add_fields(struct tlz_fieldset *fields)
{
    struct flow_measures unused = {0};

    measure(&unused, fields);
    tlz_fieldset_add(fields, TLZ_CLOSE_US);
    tlz_fieldset_add(fields, TLZ_OWNER);
}

int summary_open(struct summary *s, struct summary_group *groups)
{
    struct tlz_fieldset unused = {0};
    int r;

    s->group = groups;
    measure(&s->measures, &unused);
    s->words = flow_measures_arrange(&s->measures);
    if (!s->words)
        return -ENOMEM;
    r = histogram_open(&s->ends, HISTOGRAM_VALUES, TLZ_END);
    if (r == 0)
        r = histogram_open(&s->seconds, HISTOGRAM_VALUES, TLZ_CLOSE_US);
    for (size_t i = 0; r == 0 && i < SUMMARY_GROUPS; i++)
        r = summary_group_open(&s->group[i]);
    return r;
}

void summary_close(struct summary *s)
{
    if (s->words)
        flow_measures_free(&s->measures, s->words);
    free(s->words);
    histogram_close(&s->ends);
    histogram_close(&s->seconds);
}

static uint64_t value_at(const struct tlz_batch *batch, enum tlz_field field, uint32_t row,
                         uint64_t absent)
{
    return tlz_batch_has(batch, field, row) ? batch->column[field].u[row] : absent;
}

/* A session that is open has not ended. */
static int add_end(struct summary *s, uint64_t us)
{
    if (s->ended == 0 || us < s->first_us)
        s->first_us = us;
    if (us > s->last_us)
        s->last_us = us;
    s->ended++;
    return histogram_add_number(&s->seconds, us / SECOND_US);
}

static int add_row(struct summary *s, const struct tlz_batch *batch, uint32_t row)
{
    uint64_t end = value_at(batch, TLZ_END, row, TLZ_END_UNKNOWN);
    int r;

    s->owner_unknown += value_at(batch, TLZ_OWNER, row, TLZ_OWNER_UNKNOWN) == TLZ_OWNER_UNKNOWN;
    r = histogram_add_number(&s->ends, end);
    if (end == TLZ_END_STILL_OPEN)
        s->still_open++;
    else if (r == 0)
        r = add_end(s, batch->column[TLZ_CLOSE_US].u[row]);
    return r;
}

/* Those that failed to the group of them. */
static int add_failed(struct summary *s, const struct rows *rows)
{
    uint32_t row[ROWS_AT_ONCE];
    struct rows failed = *rows;
    int r = 0;

    failed.row = row;
    failed.count = 0;
    for (uint32_t i = 0; r == 0 && i < rows->count; i++) {
        if (flow_has_failed(value_at(rows->batch, TLZ_END, rows->row[i], TLZ_END_UNKNOWN)))
            row[failed.count++] = rows->row[i];
        if (failed.count == ROWS_AT_ONCE || (i + 1 == rows->count && failed.count > 0)) {
            r = summary_group_add(&s->group[SUMMARY_FAILING], &failed);
            failed.count = 0;
        }
    }
    return r;
}

static int add_measures(struct summary *s, const struct rows *rows)
{
    uint64_t *words[ROWS_AT_ONCE];
    int r = 0;

    for (size_t i = 0; i < ROWS_AT_ONCE; i++)
        words[i] = s->words;
    for (uint32_t i = 0; r == 0 && i < rows->count; i += ROWS_AT_ONCE)
        r = flow_measures_count(&s->measures, rows->batch, rows->row + i,
                                rows->count - i < ROWS_AT_ONCE ? rows->count - i : ROWS_AT_ONCE,
                                words);
    return r;
}

int summary_add(struct summary *s, const struct rows *rows)
{
    int r = add_measures(s, rows);

    for (uint32_t i = 0; r == 0 && i < rows->count; i++)
        r = add_row(s, rows->batch, rows->row[i]);
    for (size_t i = 0; r == 0 && i < SUMMARY_GROUPS; i++)
        r = summary_groups[i].failed_only ? add_failed(s, rows)
                                          : summary_group_add(&s->group[i], rows);
    return r;
}

int summary_finish(struct summary *s)
{
    int r = histogram_finish(&s->ends);

    if (r == 0)
        r = histogram_finish(&s->seconds);
    for (size_t i = 0; r == 0 && i < SUMMARY_GROUPS; i++)
        r = summary_group_sort(&s->group[i]);
    return r;
}

bool summary_peak(struct summary *s, uint64_t *ret_second, uint64_t *ret_sessions)
{
    struct histogram_step step;

    if (!histogram_next(&s->seconds, &step))
        return false;
    *ret_second = step.from.u;
    *ret_sessions = step.count;
    return true;
}

static uint64_t word_at(const struct summary *s, enum tlz_field field, enum flow_part part)
{
    return s->words[flow_measures_find(&s->measures, field)->at[part]];
}

static wide_number whole_sum(const struct summary *s, enum tlz_field field)
{
    uint32_t at = flow_measures_find(&s->measures, field)->at[FLOW_WHOLE_SUM];

    return flow_sum_at(s->words, at, 0);
}

wide_number summary_whole(const struct summary *s, enum summary_column column)
{
    switch (column) {
    case SUMMARY_SESSIONS:
        return wide_of(s->words[FLOW_WORD_SESSIONS]);
    case SUMMARY_TX_BYTES:
        return whole_sum(s, TLZ_TX_BYTES);
    case SUMMARY_RX_BYTES:
        return whole_sum(s, TLZ_RX_BYTES);
    case SUMMARY_MS_SUM:
        return whole_sum(s, TLZ_MS);
    default:
        return wide_of(0);
    }
}

static struct cell sum_cell(const struct summary *s, enum tlz_field field)
{
    const struct flow_measure *measure = flow_measures_find(&s->measures, field);

    return (struct cell){.value.u = flow_sum_shown(whole_sum(s, field)),
                         .present = flow_measure_is_known(&s->measures, measure, s->words)};
}

static struct cell quantile_cell(const struct summary *s, enum tlz_field field, uint32_t percent)
{
    uint32_t at = flow_measures_find(&s->measures, field)->at[FLOW_QUANTILES];
    struct cell cell = {.present = false};

    cell.present = quantiles_at(flow_quantiles_at(s->words, at), percent, 100, &cell.value.u);
    return cell;
}

/* Sessions a second, between the first end and the last. */
static struct cell rate_cell(const struct summary *s)
{
    uint64_t us = s->last_us - s->first_us;

    if (s->ended == 0 || us == 0)
        return (struct cell){.present = false};
    return cell_rate(s->ended, us);
}

void summary_total(const struct summary *s, struct cell row[SUMMARY_COLUMNS])
{
    uint64_t sessions = s->words[FLOW_WORD_SESSIONS];
    uint64_t failed = word_at(s, TLZ_END, FLOW_FAILED);
    uint32_t retrans = flow_measures_find(&s->measures, TLZ_RETRANS_BYTES)->at[FLOW_RETRANS];

    row[SUMMARY_FROM_US] = (struct cell){.value.u = s->first_us, .present = s->ended > 0};
    row[SUMMARY_TO_US] = (struct cell){.value.u = s->last_us, .present = s->ended > 0};
    row[SUMMARY_SESSIONS] = cell_number(sessions);
    row[SUMMARY_RATE] = rate_cell(s);
    row[SUMMARY_FAILED] = cell_number(failed);
    row[SUMMARY_FAILED_SHARE] = cell_share(failed, sessions);
    row[SUMMARY_TX_BYTES] = sum_cell(s, TLZ_TX_BYTES);
    row[SUMMARY_RX_BYTES] = sum_cell(s, TLZ_RX_BYTES);
    row[SUMMARY_MS_SUM] = sum_cell(s, TLZ_MS);
    row[SUMMARY_MS_P50] = quantile_cell(s, TLZ_MS, 50);
    row[SUMMARY_MS_P99] = quantile_cell(s, TLZ_MS, 99);
    row[SUMMARY_MIN_RTT_P50] = quantile_cell(s, TLZ_MIN_RTT_US, 50);
    row[SUMMARY_MIN_RTT_P99] = quantile_cell(s, TLZ_MIN_RTT_US, 99);
    row[SUMMARY_RETRANS_BYTES] = sum_cell(s, TLZ_RETRANS_BYTES);
    row[SUMMARY_RETRANS_SHARE] =
        cell_share_of_sums(flow_sum_at(s->words, retrans, 0), flow_sum_at(s->words, retrans, 1));
    row[SUMMARY_STILL_OPEN] = cell_number(s->still_open);
    row[SUMMARY_OWNER_UNKNOWN] = cell_number(s->owner_unknown);
}

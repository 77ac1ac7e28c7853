/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/timeline_columns.h"

#include "report/capture/recording.h"
#include "report/view/grid.h"

enum {
    FROM_US,
    TO_US,
    ENDED,
    RATE,
    OPENED,
    FAILED,
    FAILED_SHARE,
    STILL_OPEN,
    TX_BYTES,
    RX_BYTES,
    BYTES_PER_SECOND,
    MS_P50,
    MS_P99,
    MIN_RTT_P50,
    RETRANS_SHARE,
    LOST,
    BAR,
    COLUMNS
};

/* Text has those that fit a line beside the bar. */
const struct column timeline_columns[COLUMNS] = {
    [FROM_US] = {"from_us", NULL, "when the step begins", TLZ_TYPE_TIME, .is_round = true},
    [TO_US] = {"to_us", NULL, "when the next one begins", TLZ_TYPE_TIME, .is_round = true,
               .is_detail = true},
    [ENDED] = {"ended", NULL,
               "sessions that ended in it; what follows is of them, where not said "
               "otherwise",
               TLZ_TYPE_COUNT},
    [RATE] = {"ended_per_second", "RATE/S", "the same, a second", COLUMN_RATE, .is_round = true},
    [OPENED] = {"opened", NULL, "sessions that were opened in it, of those that are shown",
                TLZ_TYPE_COUNT, .is_detail = true},
    [FAILED] = {"failed", NULL,
                "reset, refused, timed out, unreachable, given up or never accepted",
                TLZ_TYPE_COUNT, .is_detail = true},
    [FAILED_SHARE] = {"failed_share", "FAILED", "the same, of those that ended", COLUMN_SHARE},
    [STILL_OPEN] = {"still_open", NULL,
                    "sessions that were open when a recording ended, last seen in it",
                    TLZ_TYPE_COUNT, .is_detail = true},
    [TX_BYTES] = {"tx_bytes", NULL, "bytes sent, as tcplife counts", TLZ_TYPE_BYTES,
                  .is_detail = true},
    [RX_BYTES] = {"rx_bytes", NULL, "bytes received, as tcplife counts", TLZ_TYPE_BYTES,
                  .is_detail = true},
    [BYTES_PER_SECOND] = {"bytes_per_second", "BYTES/S", "bytes sent and received, a second",
                          TLZ_TYPE_BYTES},
    [MS_P50] = {"ms_p50", NULL, "the lifespan that half of them did not exceed", TLZ_TYPE_MS,
                .is_detail = true},
    [MS_P99] = {"ms_p99", NULL, "the lifespan that 99 of 100 did not exceed", TLZ_TYPE_MS},
    [MIN_RTT_P50] = {"min_rtt_us_p50", NULL,
                     "the smallest round-trip time that half of them did not exceed",
                     TLZ_TYPE_DURATION, .is_detail = true},
    [RETRANS_SHARE] = {"retrans_share", "RETRANS",
                       "payload that was retransmitted, of all that was sent", COLUMN_SHARE},
    [LOST] = {"lost", NULL, "sessions that the recorder lost, where it noticed in this step",
              TLZ_TYPE_COUNT},
    [BAR] = {"bar", NULL, "the sessions that ended, beside those of the greatest step", COLUMN_BAR},
};

const size_t timeline_column_count = COLUMNS;

/* What is counted for a column, if anything. */
static const struct {
    bool is_counted;
    enum tlz_field field;
    enum flow_part part;
} needs[COLUMNS][2] = {
    [FAILED] = {{true, TLZ_END, FLOW_FAILED}},
    [FAILED_SHARE] = {{true, TLZ_END, FLOW_FAILED}},
    [TX_BYTES] = {{true, TLZ_TX_BYTES, FLOW_WHOLE_SUM}},
    [RX_BYTES] = {{true, TLZ_RX_BYTES, FLOW_WHOLE_SUM}},
    [BYTES_PER_SECOND] = {{true, TLZ_TX_BYTES, FLOW_WHOLE_SUM},
                          {true, TLZ_RX_BYTES, FLOW_WHOLE_SUM}},
    [MS_P50] = {{true, TLZ_MS, FLOW_QUANTILES}},
    [MS_P99] = {{true, TLZ_MS, FLOW_QUANTILES}},
    [MIN_RTT_P50] = {{true, TLZ_MIN_RTT_US, FLOW_QUANTILES}},
    [RETRANS_SHARE] = {{true, TLZ_RETRANS_BYTES, FLOW_RETRANS}},
};

void timeline_column_measure(size_t column, struct flow_measures *m, struct tlz_fieldset *fields)
{
    for (size_t i = 0; i < 2; i++)
        if (needs[column][i].is_counted)
            flow_measures_add(m, needs[column][i].field, needs[column][i].part, fields);
    if (column == OPENED)
        tlz_fieldset_add(fields, TLZ_OPEN_US);
}

static const uint64_t *measured(const struct timeline_row *row)
{
    return row->words + TIMELINE_WORDS;
}

static uint64_t word_at(const struct timeline_row *row, enum tlz_field field, enum flow_part part)
{
    return measured(row)[flow_measures_find(row->measures, field)->at[part]];
}

/* A step without sessions has no bytes; one of sessions whose bytes are not known has none to
 * show. */
static bool has_bytes(const struct timeline_row *row, enum tlz_field field)
{
    return measured(row)[FLOW_WORD_SESSIONS] == 0 ||
           flow_measure_is_known(row->measures, flow_measures_find(row->measures, field),
                                 measured(row));
}

static wide_number sum_of(const struct timeline_row *row, enum tlz_field field)
{
    uint32_t at = flow_measures_find(row->measures, field)->at[FLOW_WHOLE_SUM];

    return flow_sum_at(measured(row), at, 0);
}

static struct cell bytes_cell(const struct timeline_row *row, enum tlz_field field)
{
    return (struct cell){.value.u = flow_sum_shown(sum_of(row, field)),
                         .present = has_bytes(row, field)};
}

/* Bytes each way together, a second of the step; rounded. */
static struct cell bytes_rate_cell(const struct timeline_row *row)
{
    uint64_t us = row->words[TIMELINE_TO] - row->words[TIMELINE_FROM];
    wide_number bytes = wide_add(sum_of(row, TLZ_TX_BYTES), sum_of(row, TLZ_RX_BYTES));

    return (struct cell){.value.u = flow_sum_shown(wide_rounded(bytes, 1000000, wide_of(us))),
                         .present = has_bytes(row, TLZ_TX_BYTES) && has_bytes(row, TLZ_RX_BYTES)};
}

static struct cell quantile_cell(const struct timeline_row *row, enum tlz_field field,
                                 uint32_t percent)
{
    struct cell cell = {.present = false};

    cell.present = quantiles_at(
        flow_quantiles_at(measured(row),
                          flow_measures_find(row->measures, field)->at[FLOW_QUANTILES]),
        percent, 100, &cell.value.u);
    return cell;
}

static struct cell retrans_cell(const struct timeline_row *row)
{
    uint32_t at = flow_measures_find(row->measures, TLZ_RETRANS_BYTES)->at[FLOW_RETRANS];

    return cell_share_of_sums(flow_sum_at(measured(row), at, 0), flow_sum_at(measured(row), at, 1));
}

bool timeline_is_sum(size_t column)
{
    return column == TX_BYTES || column == RX_BYTES || column == BYTES_PER_SECOND;
}

struct cell timeline_cell(const struct timeline_row *row, size_t column)
{
    uint64_t ended = measured(row)[FLOW_WORD_SESSIONS];

    switch (column) {
    case FROM_US:
        return cell_number(row->words[TIMELINE_FROM]);
    case TO_US:
        return (struct cell){.value.u = row->words[TIMELINE_TO],
                             .present = row->words[TIMELINE_TO] != GRID_END};
    case ENDED:
        return cell_number(ended);
    case RATE:
        return cell_rate(ended, row->words[TIMELINE_TO] - row->words[TIMELINE_FROM]);
    case OPENED:
        return cell_number(row->words[TIMELINE_OPENED]);
    case FAILED:
        return cell_number(word_at(row, TLZ_END, FLOW_FAILED));
    case FAILED_SHARE:
        return cell_share(word_at(row, TLZ_END, FLOW_FAILED), ended);
    case STILL_OPEN:
        return cell_number(row->words[TIMELINE_STILL_OPEN]);
    case TX_BYTES:
        return bytes_cell(row, TLZ_TX_BYTES);
    case RX_BYTES:
        return bytes_cell(row, TLZ_RX_BYTES);
    case BYTES_PER_SECOND:
        return bytes_rate_cell(row);
    case MS_P50:
        return quantile_cell(row, TLZ_MS, 50);
    case MS_P99:
        return quantile_cell(row, TLZ_MS, 99);
    case MIN_RTT_P50:
        return quantile_cell(row, TLZ_MIN_RTT_US, 50);
    case RETRANS_SHARE:
        return retrans_cell(row);
    case LOST:
        return cell_number(row->words[TIMELINE_LOST]);
    default:
        return cell_share(ended, row->most);
    }
}

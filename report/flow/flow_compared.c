/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_compared.h"

#include "report/capture/recording.h"
#include "report/text/append.h"
#include "util/message.h"

const struct flow_compared_part flow_compared_parts[] = {
    {TLZ_END, FLOW_FAILED},
    {TLZ_MS, FLOW_QUANTILES},
    {TLZ_TX_BYTES, FLOW_SUM},
    {TLZ_RX_BYTES, FLOW_SUM},
};

const size_t flow_compared_parts_count = sizeof flow_compared_parts / sizeof *flow_compared_parts;

/* The time from the first end to the last of those captures; 0 = not known. */
static uint64_t span_of(const struct captures *captures, size_t from, size_t end)
{
    uint64_t first = UINT64_MAX, last = 0;

    for (size_t i = from; i < end; i++) {
        const struct capture *c = &captures->capture[i];

        for (size_t j = 0; j < c->recording_count; j++) {
            const struct recording *r = c->recordings[j];

            if (r->rows[TLZ_SESSIONS] == 0)
                continue;
            first = r->first_us < first ? r->first_us : first;
            last = r->last_us > last ? r->last_us : last;
        }
    }
    return last > first ? last - first : 0;
}

static void say_spans(const uint64_t span_us[FLOW_SIDES])
{
    char after[24], before[24];

    *append_thousandths(after, span_us[FLOW_AFTER] / 1000) = '\0';
    *append_thousandths(before, span_us[FLOW_BEFORE] / 1000) = '\0';
    message_notice("sessions of %s s are compared with those of %s s: ratios of what is counted "
                   "are of what it is in a second",
                   after, before);
}

void flow_compared_spans(const struct view_plan *plan, uint64_t ret_us[FLOW_SIDES])
{
    ret_us[FLOW_AFTER] = span_of(plan->report.captures, 0, plan->report.first_before);
    ret_us[FLOW_BEFORE] =
        span_of(plan->report.captures, plan->report.first_before, plan->report.captures->count);
    if (ret_us[FLOW_AFTER] == 0 || ret_us[FLOW_BEFORE] == 0)
        ret_us[FLOW_AFTER] = ret_us[FLOW_BEFORE] = 1;
    else if (ret_us[FLOW_AFTER] != ret_us[FLOW_BEFORE])
        say_spans(ret_us);
}

static uint64_t part_at(const struct flow_groups *g, const uint64_t *words, enum tlz_field field,
                        enum flow_part part)
{
    return words[flow_measures_find(&g->measures, field)->at[part]];
}

struct flow_change flow_compared(const struct flow_groups *g, size_t flow)
{
    struct flow_totals totals[FLOW_SIDES];

    for (enum flow_side side = 0; side < FLOW_SIDES; side++) {
        const uint64_t *words = flow_table_words(&g->table, flow) + side * g->measures.words;
        uint32_t ms = flow_measures_find(&g->measures, TLZ_MS)->at[FLOW_QUANTILES];

        totals[side] = (struct flow_totals){
            .sessions = words[FLOW_WORD_SESSIONS],
            .failed = part_at(g, words, TLZ_END, FLOW_FAILED),
            .bytes = add_saturated(part_at(g, words, TLZ_TX_BYTES, FLOW_SUM),
                                   part_at(g, words, TLZ_RX_BYTES, FLOW_SUM)),
            .ms = flow_quantiles_at(words, ms),
        };
    }
    return flow_change_find(totals, g->span_us);
}

bool flow_is_counted_in_time(enum flow_figure figure)
{
    switch (figure) {
    case FLOW_SESSIONS:
    case FLOW_FAILURES:
    case FLOW_OF_COUNT:
    case FLOW_OF_SUM:
        return true;
    default:
        return false;
    }
}

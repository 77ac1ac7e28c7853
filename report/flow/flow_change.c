/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_change.h"

#include <math.h>
#include <stddef.h>

#include "util/wide.h"

#define ALIKE_PART 64 /* lifespans that differ by less than this part are alike */
#define PARTS      1000

/* A difference: its size, below 0 where there is less after, and its standard deviations. */
struct difference {
    double size, deviations;
    const char *more, *less;
};

static double ratio_of_spans(const uint64_t span_us[FLOW_SIDES])
{
    return (double)span_us[FLOW_AFTER] / (double)span_us[FLOW_BEFORE];
}

static struct difference compare_sessions(const struct flow_totals *t, double spans)
{
    double after = (double)t[FLOW_AFTER].sessions;
    double expected = (double)t[FLOW_BEFORE].sessions * spans;
    struct difference d = {.more = t[FLOW_BEFORE].sessions ? "more" : "new",
                           .less = t[FLOW_AFTER].sessions ? "less" : "gone"};

    d.size = (after - expected) / (after + expected);
    d.deviations = (after - expected) / sqrt(after + expected * spans);
    return d;
}

static struct difference compare_failed(const struct flow_totals *t)
{
    double n = (double)t[FLOW_AFTER].sessions, n_before = (double)t[FLOW_BEFORE].sessions;
    double failed = (double)t[FLOW_AFTER].failed, failed_before = (double)t[FLOW_BEFORE].failed;
    struct difference d = {.more = "fails-more", .less = "fails-less"};
    double part = (failed + failed_before) / (n + n_before);

    if (n == 0 || n_before == 0 || part == 0 || part == 1)
        return d;
    d.size = failed / n - failed_before / n_before;
    d.deviations = d.size / sqrt(part * (1 - part) * (1 / n + 1 / n_before));
    return d;
}

/* Which part of the numbers is less than that one. */
static double part_below(const struct quantiles *q, uint64_t limit)
{
    uint32_t from = 1, to = PARTS + 1; /* the first part whose quantile is not less is in between */

    while (from < to) {
        uint32_t middle = (from + to) / 2;
        uint64_t value = 0;

        quantiles_at(q, middle, PARTS, &value);
        if (value < limit)
            from = middle + 1;
        else
            to = middle;
    }
    return (double)(from - 1) / PARTS;
}

/* Which part takes longer than that, less the part that takes shorter. */
static double part_longer(const struct quantiles *q, uint64_t us)
{
    uint64_t alike = us / ALIKE_PART;

    return 1 - part_below(q, us + alike + 1) - part_below(q, us - alike);
}

static struct difference compare_ms(const struct flow_totals *t)
{
    const struct quantiles *after = t[FLOW_AFTER].ms, *before = t[FLOW_BEFORE].ms;
    struct difference d = {.more = "slower", .less = "faster"};
    uint64_t median;

    if (after->count == 0 || !quantiles_at(before, 1, 2, &median))
        return d;
    d.size = part_longer(after, median) - part_longer(before, median);
    d.size = d.size > 1 ? 1 : d.size < -1 ? -1 : d.size;
    d.deviations = d.size / sqrt(1 / (double)after->count + 1 / (double)before->count);
    return d;
}

static struct difference compare_bytes(const struct flow_totals *t, double spans)
{
    double n = (double)t[FLOW_AFTER].sessions, n_before = (double)t[FLOW_BEFORE].sessions;
    double after = (double)t[FLOW_AFTER].bytes, expected = (double)t[FLOW_BEFORE].bytes * spans;
    struct difference d = {.more = "more-bytes", .less = "less-bytes"};

    if (n == 0 || n_before == 0 || after + expected == 0)
        return d;
    d.size = (after - expected) / (after + expected);
    d.deviations = d.size / sqrt(1 / n + 1 / n_before);
    return d;
}

struct flow_change flow_change_find(const struct flow_totals totals[FLOW_SIDES],
                                    const uint64_t span_us[FLOW_SIDES])
{
    const double spans = ratio_of_spans(span_us);
    const struct difference differences[] = {
        compare_sessions(totals, spans),
        compare_failed(totals),
        compare_ms(totals),
        compare_bytes(totals, spans),
    };
    struct flow_change change = {.word = "same"};

    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
        const struct difference *d = &differences[i];
        double score = d->size * d->deviations * 1000 + 0.5;
        uint64_t thousandths = score < 0x1p63 ? (uint64_t)score : UINT64_C(1) << 63;

        if (thousandths <= change.score)
            continue;
        change.score = thousandths;
        change.word = d->size > 0 ? d->more : d->less;
    }
    return change;
}

uint64_t flow_change_ratio(uint64_t after, uint64_t before, const uint64_t span_us[FLOW_SIDES])
{
    uint64_t span = span_us[FLOW_AFTER], span_before = span_us[FLOW_BEFORE];
    wide_number part, whole;

    for (; (span | span_before) >> 40; span /= 2, span_before /= 2)
        ;
    part = wide_product(after, span_before ? span_before : 1);
    whole = wide_product(before, span ? span : 1);
    return wide_clamp(wide_rounded(part, 1000, whole));
}

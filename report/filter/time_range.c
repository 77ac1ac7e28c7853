/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/time_range.h"

#include <time.h>

#include "report/capture/captures.h"
#include "report/filter/local_time.h"
#include "report/text/zone.h"

#define SECOND_US UINT64_C(1000000)

/* What times of day are of. */
struct days {
    uint64_t now_us;
    struct time_span rows;
};

bool time_range_is_active(const struct time_range *range)
{
    return range->has_since || range->has_until;
}

bool time_range_has(const struct time_range *range, uint64_t us)
{
    if (!time_range_is_active(range))
        return true;
    return range->is_settled && us >= range->from_us && us < range->end_us;
}

static bool has(const struct time_range *range, enum typed_time_kind kind)
{
    return (range->has_since && range->since.kind == kind) ||
           (range->has_until && range->until.kind == kind);
}

bool time_range_needs_captures(const struct time_range *range)
{
    return has(range, TYPED_CLOCK) || (has(range, TYPED_DATE) && !range->zone->chosen);
}

static uint64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * SECOND_US + (uint64_t)t.tv_nsec / 1000;
}

/* Of what comes twice, that with which more is selected. */
static uint64_t wider(const struct local_time *times, bool is_until)
{
    return is_until ? times->last_us : times->first_us;
}

static uint64_t on_date(const struct typed_time *t, bool is_until)
{
    struct tm tm = {.tm_year = t->year - 1900, .tm_mon = t->month - 1, .tm_mday = t->day};
    struct local_time times = local_time_find(&tm, t->of_day_us);

    return wider(&times, is_until);
}

/* That time of day on the day of an instant, or so many days later. */
static struct local_time on_day_of(uint64_t us, int later, uint64_t of_day_us)
{
    time_t seconds = (time_t)(us / SECOND_US);
    struct tm tm;

    if (!localtime_r(&seconds, &tm))
        return (struct local_time){us, us};
    tm.tm_mday += later;
    return local_time_find(&tm, of_day_us);
}

static uint64_t last_until(uint64_t us, uint64_t of_day_us, bool is_until)
{
    struct local_time found = on_day_of(us, 0, of_day_us);

    if (found.first_us > us)
        found = on_day_of(us, -1, of_day_us);
    return found.last_us > us ? found.first_us : wider(&found, is_until);
}

static uint64_t first_after(uint64_t us, uint64_t of_day_us)
{
    uint64_t found = on_day_of(us, 0, of_day_us).last_us;

    return found > us ? found : on_day_of(us, 1, of_day_us).last_us;
}

/* A time of day, which is not after another that is typed. */
static uint64_t of_clock(const struct days *days, uint64_t of_day_us, bool is_until)
{
    struct local_time today = on_day_of(days->now_us, 0, of_day_us);

    if (days->rows.first_us > days->rows.last_us)
        return wider(&today, is_until);
    return last_until(days->rows.last_us, of_day_us, is_until);
}

static uint64_t settle(const struct typed_time *t, const struct days *days, bool is_until)
{
    switch (t->kind) {
    case TYPED_INSTANT:
        return t->unix_us;
    case TYPED_AGO:
        return t->ago_us < days->now_us ? days->now_us - t->ago_us : 0;
    case TYPED_DATE:
        return on_date(t, is_until);
    default:
        return of_clock(days, t->of_day_us, is_until);
    }
}

static uint64_t settle_until(const struct time_range *range, const struct days *days)
{
    const struct typed_time *t = &range->until;
    uint64_t us = settle(t, days, true);

    if (t->kind != TYPED_CLOCK)
        return us;
    if (range->has_since)
        return first_after(range->from_us, t->of_day_us);
    if (days->rows.first_us <= days->rows.last_us && us <= days->rows.first_us)
        return first_after(us, t->of_day_us);
    return us;
}

int time_range_settle(struct time_range *range, const struct captures *captures,
                      const struct time_span *rows)
{
    struct days days = {.now_us = now(), .rows = *rows};
    int r = 0;

    if (range->is_settled)
        return 0;
    if (has(range, TYPED_CLOCK) || has(range, TYPED_DATE))
        r = zone_choose(range->zone, captures);
    if (r < 0)
        return r;
    range->from_us = range->has_since ? settle(&range->since, &days, false) : 0;
    range->end_us = range->has_until ? settle_until(range, &days) : UINT64_MAX;
    range->is_settled = true;
    return 0;
}

void time_range_window(const struct time_range *range, uint64_t *from_us, uint64_t *to_us)
{
    if (!range->is_settled)
        return;
    if (range->from_us > *from_us)
        *from_us = range->from_us;
    if (range->end_us == 0) {
        *from_us = 1;
        *to_us = 0;
    } else if (range->end_us <= *to_us) {
        *to_us = range->end_us - 1;
    }
}

uint32_t time_range_apply(const struct time_range *range, const struct tlz_batch *batch,
                          uint32_t *rows, uint32_t count)
{
    enum tlz_field time = tlz_kinds[batch->kind].time;
    const uint64_t *values = batch->column[time].u;
    uint32_t kept = 0;

    if (!time_range_is_active(range) ||
        (batch->time_min_us >= range->from_us && batch->time_max_us < range->end_us))
        return count;
    for (uint32_t i = 0; i < count; i++)
        if (tlz_batch_has(batch, time, rows[i]) && values[rows[i]] >= range->from_us &&
            values[rows[i]] < range->end_us)
            rows[kept++] = rows[i];
    return kept;
}

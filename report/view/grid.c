/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/grid.h"

#include <time.h>

#define SECOND_US UINT64_C(1000000)

/* Steps are counted from the last Monday before 1970, so that no zone's time is less than 0. */
#define MONDAY_US (3 * 86400 * SECOND_US)

/* What a clock there shows more than UTC. */
static int64_t offset_at(uint64_t us)
{
    time_t seconds = (time_t)(us / SECOND_US);
    struct tm tm;

    return localtime_r(&seconds, &tm) ? tm.tm_gmtoff * (int64_t)SECOND_US : 0;
}

/* The first time after `from` with the offset of `to`. */
static uint64_t find_change(uint64_t from, uint64_t to)
{
    int64_t offset = offset_at(to);

    while (to - from > 1) {
        uint64_t middle = from + (to - from) / 2;

        if (offset_at(middle) == offset)
            to = middle;
        else
            from = middle;
    }
    return to;
}

/* What the clock shows, counted from that Monday. */
static uint64_t shown_at(uint64_t us)
{
    return us + MONDAY_US + (uint64_t)offset_at(us);
}

uint64_t grid_start(uint64_t step_us, uint64_t us)
{
    uint64_t shown = shown_at(us), into = shown % step_us;
    uint64_t change;

    if (into > us)
        return 0;
    if (offset_at(us - into) == offset_at(us))
        return us - into;
    /* Clocks were changed since. The step began before that, if they showed it then. */
    change = find_change(us - into, us);
    if (shown_at(change - 1) / step_us == shown / step_us)
        return grid_start(step_us, change - 1);
    return change;
}

uint64_t grid_next(uint64_t step_us, uint64_t start_us)
{
    uint64_t within = start_us, next, earlier;

    do {
        if (within > INT64_MAX - step_us)
            return GRID_END;
        within += step_us;
        next = grid_start(step_us, within);
    } while (next <= start_us);
    while ((earlier = grid_start(step_us, next - 1)) > start_us)
        next = earlier;
    return next;
}

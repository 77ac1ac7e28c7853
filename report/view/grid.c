/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/grid.h"

#include "report/text/zone.h"

#define SECOND_US UINT64_C(1000000)

/* Steps are counted from the last Monday before 1970, so that no zone's time is less than 0. */
#define MONDAY_US (3 * 86400 * SECOND_US)

static int64_t offset_at(uint64_t us)
{
    return zone_offset((int64_t)(us / SECOND_US));
}

/* What the clock shows, counted from that Monday. */
static uint64_t shown_at(uint64_t us)
{
    return us + MONDAY_US + (uint64_t)(offset_at(us) * (int64_t)SECOND_US);
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
    change = SECOND_US *
             (uint64_t)zone_change((int64_t)((us - into) / SECOND_US), (int64_t)(us / SECOND_US));
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

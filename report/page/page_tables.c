/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page_tables.h"

const struct column page_head_columns[PAGE_HEAD_COLUMNS] = {
    [PAGE_VERSION] = {"version", NULL, "the program that made the page", COLUMN_TEXT},
    [PAGE_COMMAND] = {"command", NULL, "how it was started, without --html", COLUMN_TEXT},
    [PAGE_STEP_US] = {"step_us", NULL, "the length of a step of time", TLZ_TYPE_DURATION},
    [PAGE_SESSIONS] = {"sessions", NULL, "how many", TLZ_TYPE_COUNT},
    [PAGE_FLOWS] = {"flows", NULL, "how many flows they are", TLZ_TYPE_COUNT},
    [PAGE_FLOWS_SHOWN] = {"flows_shown", NULL, "how many of them have a row of their own",
                          TLZ_TYPE_COUNT},
};

static const struct column end_columns[] = {
    {"end", NULL, "how sessions ended", TLZ_TYPE_ENUM, TLZ_ENUM_END},
    {"is_failed", NULL, "it counts as failed", TLZ_TYPE_BOOL},
};

static const struct column scale_columns[] = {
    {"from_us", NULL, "the least duration in it", TLZ_TYPE_DURATION},
};

static const struct column offset_columns[] = {
    {"from_us", NULL, "from when on", TLZ_TYPE_TIME},
    {"offset", NULL, "what clocks show more than UTC", COLUMN_TEXT},
    {"name", NULL, "what that is called there", COLUMN_TEXT},
};

static const struct column step_columns[] = {
    {"from_us", NULL, "when it begins", TLZ_TYPE_TIME},
    {"to_us", NULL, "when the next one does", TLZ_TYPE_TIME},
    {"lost", NULL, "sessions whose loss was noticed in it", TLZ_TYPE_COUNT},
};

const struct column page_flow_columns[PAGE_FLOW_COLUMNS] = {
    {"held", NULL, "sessions that are in the texts that follow", TLZ_TYPE_COUNT},
    [1 + PAGE_SERIES_STEPS] = {"steps", NULL, "in which steps of time there are any", COLUMN_TEXT},
    [1 + PAGE_SERIES_ENDS] = {"ends", NULL, "how they ended, in each of these", COLUMN_TEXT},
    [1 + PAGE_SERIES_TX] = {"tx", NULL, "bytes sent", COLUMN_TEXT},
    [1 + PAGE_SERIES_RX] = {"rx", NULL, "bytes received", COLUMN_TEXT},
    [1 + PAGE_SERIES_MS] = {"ms", NULL, "lifespans", COLUMN_TEXT},
    [1 + PAGE_SERIES_RTT] = {"rtt", NULL, "smallest round-trip times", COLUMN_TEXT},
};

const struct column page_session_column = {"flow", NULL, "the place of its row in flows, from 0",
                                           TLZ_TYPE_COUNT};

/* Pointers to each of them. */
static const struct column *const head[] = {&page_head_columns[0], &page_head_columns[1],
                                            &page_head_columns[2], &page_head_columns[3],
                                            &page_head_columns[4], &page_head_columns[5]};
static const struct column *const ends[] = {&end_columns[0], &end_columns[1]};
static const struct column *const scale[] = {&scale_columns[0]};
static const struct column *const offsets[] = {&offset_columns[0], &offset_columns[1],
                                               &offset_columns[2]};
static const struct column *const steps[] = {&step_columns[0], &step_columns[1], &step_columns[2]};

struct table page_table(enum page_table_name name)
{
    static const struct {
        const char *name;
        const struct column *const *columns;
        size_t count;
    } tables[PAGE_TABLES] = {
        [PAGE_HEAD] = {"page", head, PAGE_HEAD_COLUMNS},
        [PAGE_END_LIST] = {"ends", ends, 2},
        [PAGE_SCALE] = {"scale", scale, 1},
        [PAGE_OFFSETS] = {"offsets", offsets, 3},
        [PAGE_STEPS] = {"steps", steps, 3},
    };

    return (struct table){
        .name = tables[name].name, .columns = tables[name].columns, .count = tables[name].count};
}

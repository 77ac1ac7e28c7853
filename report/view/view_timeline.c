/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A row a step of time: what ended in it, and how. Steps in which there is nothing are rows, too;
 * where they would be too many, the runs of them for which there is no room are left out and said.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/capture/recording.h"
#include "report/view/grid.h"
#include "report/view/timeline_columns.h"
#include "report/view/view.h"
#include "util/message.h"
#include "util/parse.h"

/* Empty steps that are shown: a week of 10s has 60,480. */
#define EMPTY_MAX 100000

/* A hundred years. */
#define STEP_MAX_US (UINT64_C(36525) * 86400 * 1000000)

/* Sessions that are counted at once. */
#define ROWS_AT_ONCE FLOW_MEASURES_ROWS

struct query {
    uint64_t step_us;
};

struct view_timeline {
    const struct view_plan *plan;
    struct flow_measures measures;
    uint64_t *fresh;
    struct timeline timeline;
    bool reads_opens;
    uint32_t *order;
    uint64_t *empty; /* words of a step without sessions */
    uint64_t most;
    uint64_t empty_shown, runs_left_out;
    bool is_saturated; /* a sum was too great to be shown */
    struct cell *cells;
};

static int timeline_ask(struct view_plan *plan, const char *argument)
{
    struct query *q;
    uint64_t step_us;

    if (parse_duration_with_unit(argument, &step_us) < 0 || step_us == 0 || step_us > STEP_MAX_US)
        return message_usage("--timeline wants the length of a step, such as 10s, 1m, 1h or 1d "
                             "(36525d at most), not '%s'",
                             argument);
    q = plan->query = calloc(1, sizeof *q);
    if (!q)
        return -ENOMEM;
    q->step_us = step_us;
    if (column_set_add_all(&plan->set, timeline_columns, timeline_column_count) < 0)
        return -ENOMEM;
    plan->set.listed--; /* the bar is for text alone */
    return 0;
}

/* What the columns need; the fields that are read. */
static void measure(const struct view_plan *plan, struct flow_measures *m,
                    struct tlz_fieldset *fields)
{
    tlz_fieldset_add(fields, TLZ_CLOSE_US);
    tlz_fieldset_add(fields, TLZ_END);
    for (size_t i = 0; i < plan->cells; i++)
        timeline_column_measure(plan->choice[i], m, fields);
}

static void add_fields(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS])
{
    struct flow_measures measures = {0};

    measure(plan, &measures, &fields[TLZ_SESSIONS]);
}

static void view_free(void *state)
{
    struct view_timeline *v = state;

    if (!v)
        return;
    timeline_close(&v->timeline);
    free(v->fresh);
    free(v->empty);
    free(v->order);
    free(v->cells);
    free(v);
}

static int open_parts(struct view_timeline *v)
{
    const struct view_plan *plan = v->plan;
    const struct query *q = plan->query;
    struct tlz_fieldset fields = {0};

    measure(plan, &v->measures, &fields);
    v->reads_opens = tlz_fieldset_has(&fields, TLZ_OPEN_US);
    v->fresh = flow_measures_arrange(&v->measures);
    v->cells = calloc(plan->cells, sizeof *v->cells);
    v->empty = calloc(TIMELINE_WORDS + v->measures.words, sizeof *v->empty);
    if (!v->fresh || !v->cells || !v->empty)
        return -ENOMEM;
    memcpy(v->empty + TIMELINE_WORDS, v->fresh, v->measures.words * sizeof *v->fresh);
    return timeline_open(&v->timeline, q->step_us, &v->measures, v->fresh);
}

static int view_open(void **ret_state, const struct view_plan *plan)
{
    struct view_timeline *v = calloc(1, sizeof *v);
    int r;

    if (!v)
        return -ENOMEM;
    v->plan = plan;
    r = open_parts(v);
    if (r < 0) {
        view_free(v);
        return r;
    }
    *ret_state = v;
    return 0;
}

static int count_open(struct view_timeline *v, const struct tlz_batch *batch, uint32_t row)
{
    uint32_t step;
    int r;

    if (!v->reads_opens || !tlz_batch_has(batch, TLZ_OPEN_US, row))
        return 0;
    r = timeline_find(&v->timeline, batch->column[TLZ_OPEN_US].u[row], &step);
    if (r == 0)
        timeline_words(&v->timeline, step)[TIMELINE_OPENED]++;
    return r;
}

static bool is_still_open(const struct tlz_batch *batch, uint32_t row)
{
    return tlz_batch_has(batch, TLZ_END, row) &&
           batch->column[TLZ_END].u[row] == TLZ_END_STILL_OPEN;
}

/* Up to ROWS_AT_ONCE rows: steps are found before words are, since a new step may move them. */
static int count_rows(struct view_timeline *v, const struct tlz_batch *batch, const uint32_t *row,
                      uint32_t count)
{
    uint32_t ended[ROWS_AT_ONCE], step[ROWS_AT_ONCE], n = 0;
    uint64_t *words[ROWS_AT_ONCE];

    for (uint32_t i = 0; i < count; i++) {
        uint64_t close_us = batch->column[TLZ_CLOSE_US].u[row[i]];

        if (count_open(v, batch, row[i]) < 0 || timeline_find(&v->timeline, close_us, &step[n]) < 0)
            return -ENOMEM;
        if (is_still_open(batch, row[i]))
            timeline_words(&v->timeline, step[n])[TIMELINE_STILL_OPEN]++;
        else
            ended[n++] = row[i];
    }
    for (uint32_t i = 0; i < n; i++)
        words[i] = timeline_words(&v->timeline, step[i]) + TIMELINE_WORDS;
    return flow_measures_count(&v->measures, batch, ended, n, words);
}

static int view_rows(void *state, const struct rows *rows)
{
    struct view_timeline *v = state;
    int r = zone_choose(v->plan->report.zone, v->plan->report.captures);

    for (uint32_t i = 0; r == 0 && i < rows->count; i += ROWS_AT_ONCE)
        r = count_rows(v, rows->batch, rows->row + i,
                       rows->count - i < ROWS_AT_ONCE ? rows->count - i : ROWS_AT_ONCE);
    return r;
}

/* Losses count in the step in which they were noticed, as far as it is among those asked for. */
static int count_losses(struct view_timeline *v, const struct recording *recording)
{
    for (size_t i = 0; i < recording->loss_count; i++) {
        const struct tlz_loss *loss = &recording->losses[i];
        uint32_t step;
        uint64_t *lost;

        if (loss->kind != TLZ_SESSIONS || loss->to_us > INT64_MAX ||
            !time_range_has(v->plan->report.times, loss->to_us))
            continue;
        if (timeline_find(&v->timeline, loss->to_us, &step) < 0)
            return -ENOMEM;
        lost = &timeline_words(&v->timeline, step)[TIMELINE_LOST];
        *lost = add_saturated(*lost, loss->count);
    }
    return 0;
}

static int count_all_losses(struct view_timeline *v)
{
    const struct captures *captures = v->plan->report.captures;
    int r = captures_have_losses(captures, KIND_BIT(TLZ_SESSIONS))
                ? zone_choose(v->plan->report.zone, captures)
                : 0;

    for (size_t i = 0; i < captures->count; i++)
        for (size_t j = 0; r == 0 && j < captures->capture[i].recording_count; j++)
            r = count_losses(v, captures->capture[i].recordings[j]);
    return r;
}

static int write_row(struct view_timeline *v, const uint64_t *words)
{
    struct timeline_row row = {.measures = &v->measures, .words = words, .most = v->most};

    for (size_t i = 0; i < v->plan->cells; i++) {
        v->cells[i] = timeline_cell(&row, v->plan->choice[i]);
        v->is_saturated |= v->cells[i].present && v->cells[i].value.u == UINT64_MAX &&
                           timeline_is_sum(v->plan->choice[i]);
    }
    return sink_row(v->plan->sink, &(struct row){.cells = v->cells});
}

/* True when the steps from one time to another, which are empty, are not too many. */
static bool has_room(const struct view_timeline *v, uint64_t from_us, uint64_t to_us)
{
    return (to_us - from_us) / v->timeline.step_us <= EMPTY_MAX - v->empty_shown;
}

static int write_empty(struct view_timeline *v, uint64_t from_us, uint64_t to_us)
{
    int r = 0;

    if (!has_room(v, from_us, to_us)) {
        v->runs_left_out++;
        return 0;
    }
    for (uint64_t us = from_us; r == 0 && us < to_us; us = v->empty[TIMELINE_TO]) {
        v->empty[TIMELINE_FROM] = us;
        v->empty[TIMELINE_TO] = grid_next(v->timeline.step_us, us);
        v->empty_shown += v->empty_shown < EMPTY_MAX;
        r = write_row(v, v->empty);
    }
    return r;
}

static void find_most(struct view_timeline *v)
{
    for (uint32_t i = 0; i < v->timeline.count; i++) {
        uint64_t ended = timeline_words(&v->timeline, i)[TIMELINE_WORDS + FLOW_WORD_SESSIONS];

        v->most = ended > v->most ? ended : v->most;
    }
}

/* Nothing was in it, but that a session was opened, which ended later. */
static bool is_only_opened(const struct view_timeline *v, size_t place)
{
    const uint64_t *words = timeline_words(&v->timeline, v->order[place]);

    return words[TIMELINE_WORDS + FLOW_WORD_SESSIONS] == 0 && words[TIMELINE_STILL_OPEN] == 0 &&
           words[TIMELINE_LOST] == 0;
}

/* From the first step in which more was to the last, whether opened sessions are counted or not:
 * from >= end if there is none. */
static void find_steps(const struct view_timeline *v, uint64_t *ret_from, uint64_t *ret_end)
{
    size_t first = 0, end = v->timeline.count;

    while (first < end && is_only_opened(v, first))
        first++;
    while (first < end && is_only_opened(v, end - 1))
        end--;
    *ret_from = GRID_END;
    *ret_end = 0;
    if (first == end)
        return;
    *ret_from = timeline_words(&v->timeline, v->order[first])[TIMELINE_FROM];
    *ret_end = timeline_words(&v->timeline, v->order[end - 1])[TIMELINE_TO];
}

/* And to the bounds that were asked for, as far as there is room for what is empty up to them. */
static void find_span(const struct view_timeline *v, uint64_t *ret_from, uint64_t *ret_end)
{
    const struct time_range *times = v->plan->report.times;
    uint64_t step_us = v->timeline.step_us, from, end;

    find_steps(v, ret_from, ret_end);
    if (!times->is_settled)
        return;
    from = times->has_since ? grid_start(step_us, times->from_us) : *ret_from;
    end = times->has_until && times->end_us > 0
              ? grid_next(step_us, grid_start(step_us, times->end_us - 1))
              : *ret_end;
    if (*ret_from >= *ret_end && from < end && has_room(v, from, end)) {
        *ret_from = from;
        *ret_end = end;
    }
    if (from < *ret_from && has_room(v, from, *ret_from))
        *ret_from = from;
    if (end > *ret_end && has_room(v, *ret_end, end))
        *ret_end = end;
}

static int write_steps(struct view_timeline *v)
{
    const struct timeline *t = &v->timeline;
    uint64_t at, end;
    int r = 0;

    find_span(v, &at, &end);
    for (size_t i = 0; r == 0 && i < t->count; i++) {
        const uint64_t *words = timeline_words(t, v->order[i]);

        if (words[TIMELINE_FROM] < at || words[TIMELINE_FROM] >= end)
            continue;
        r = write_empty(v, at, words[TIMELINE_FROM]);
        if (r == 0)
            r = write_row(v, words);
        at = words[TIMELINE_TO];
    }
    return r == 0 && at < end ? write_empty(v, at, end) : r;
}

static int view_finish(void *state)
{
    struct view_timeline *v = state;
    int r = count_all_losses(v);

    if (r < 0)
        return r;
    if (v->plan->report.times->is_settled)
        r = zone_choose(v->plan->report.zone, v->plan->report.captures);
    if (r < 0)
        return r;
    v->order = timeline_order(&v->timeline);
    if (!v->order)
        return -ENOMEM;
    find_most(v);
    r = write_steps(v);
    if (r == 0 && v->is_saturated)
        flow_say_saturated();
    if (r == 0 && v->runs_left_out > 0)
        message_warning("--timeline: %" PRIu64 " runs of steps in which there is nothing are left "
                        "out, since there are more than %d such steps; take a longer step, or cut "
                        "them off by --since and --until",
                        v->runs_left_out, EMPTY_MAX);
    return r;
}

const struct view_type view_timeline = {
    .name = "timeline",
    .option = "--timeline",
    .kinds = KIND_BIT(TLZ_SESSIONS),
    .ask = timeline_ask,
    .forget = free,
    .add_fields = add_fields,
    .open = view_open,
    .rows = view_rows,
    .finish = view_finish,
    .free = view_free,
};

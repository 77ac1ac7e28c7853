/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/capture/recording.h"
#include "report/view/grid.h"

#define COLUMNS_MAX 32
#define SECOND_US   UINT64_C(1000000)

static int write_cells(const struct view_page *v, const struct cell *cells)
{
    return sink_row(v->plan->sink, &(struct row){.cells = cells});
}

static struct cell text_cell(const char *text)
{
    return text ? cell_text(text, strlen(text)) : (struct cell){.present = false};
}

static int write_head(struct view_page *v)
{
    const struct page *page = &v->page;
    struct cell cells[PAGE_HEAD_COLUMNS];
    uint64_t sessions = 0;

    for (size_t i = 0; i < page->flows.table.count; i++)
        sessions += flow_table_words(&page->flows.table, i)[FLOW_WORD_SESSIONS];
    cells[PAGE_VERSION] = text_cell("tcplife-report " PROGRAM_VERSION);
    cells[PAGE_COMMAND] = text_cell(v->plan->report.command);
    cells[PAGE_STEP_US] = cell_number(page->cube.step_us);
    cells[PAGE_SESSIONS] = cell_number(sessions);
    cells[PAGE_FLOWS] = cell_number(page->flows.table.count);
    cells[PAGE_FLOWS_SHOWN] = cell_number(v->shown.flows);
    return write_cells(v, cells);
}

static int write_summary(struct view_page *v)
{
    int r = sink_begin(v->plan->sink, &v->query->part[PAGE_SUMMARY].table);

    return r == 0 ? view_summary.finish(v->summary) : r;
}

static int begin(const struct view_page *v, enum page_table_name name)
{
    struct table table = page_table(name);

    return sink_begin(v->plan->sink, &table);
}

static int write_ends(struct view_page *v)
{
    int r = begin(v, PAGE_END_LIST);

    for (uint64_t end = 0; r == 0 && end < PAGE_ENDS_LAST && tlz_enum_name(TLZ_ENUM_END, end);
         end++) {
        struct cell cells[] = {cell_number(end), cell_number(flow_has_failed(end))};

        r = write_cells(v, cells);
    }
    return r;
}

static int write_scale(struct view_page *v)
{
    int r = begin(v, PAGE_SCALE);

    for (size_t i = 0; r == 0 && i < v->page.scale.count && i < PAGE_LETTERS; i++) {
        struct cell cell = cell_number(v->page.scale.edge[i]);

        r = write_cells(v, &cell);
    }
    return r;
}

/* "+02:00" from that second on. */
static int write_offset(struct view_page *v, uint64_t second)
{
    time_t t = (time_t)second;
    long offset = (long)zone_offset((int64_t)second);
    long minutes = labs(offset) / 60;
    char text[16], name[32] = "";
    struct tm tm;

    if (localtime_r(&t, &tm))
        strftime(name, sizeof name, "%Z", &tm);
    snprintf(text, sizeof text, "%c%02ld:%02ld", offset < 0 ? '-' : '+', minutes / 60 % 100,
             minutes % 60);
    return write_cells(
        v, (struct cell[]){cell_number(second * SECOND_US), text_cell(text), text_cell(name)});
}

/* At the beginning, and wherever clocks are changed between steps. */
static int write_offsets(struct view_page *v)
{
    const struct page_shown *shown = &v->shown;
    int r = begin(v, PAGE_OFFSETS);

    for (size_t i = 0; r == 0 && i < shown->step_count; i++) {
        int64_t second = (int64_t)(shown->steps[i] / SECOND_US);
        int64_t before = i ? (int64_t)(shown->steps[i - 1] / SECOND_US) : 0;

        if (i == 0)
            r = write_offset(v, (uint64_t)second);
        else if (zone_offset(before) != zone_offset(second))
            r = write_offset(v, (uint64_t)zone_change(before, second));
    }
    return r;
}

/* Losses count in the step in which they were noticed. */
static void count_losses(const struct view_page *v, const struct recording *recording,
                         uint64_t *lost)
{
    const struct page_shown *shown = &v->shown;

    for (size_t i = 0; i < recording->loss_count; i++) {
        const struct tlz_loss *loss = &recording->losses[i];
        size_t step = shown->step_count;

        while (step > 0 && shown->steps[step - 1] > loss->to_us)
            step--;
        if (loss->kind == TLZ_SESSIONS && step > 0 &&
            loss->to_us < grid_next(v->page.cube.step_us, shown->steps[shown->step_count - 1]) &&
            time_range_has(v->plan->report.times, loss->to_us))
            lost[step - 1] = add_saturated(lost[step - 1], loss->count);
    }
}

static int write_steps(struct view_page *v)
{
    const struct captures *captures = v->plan->report.captures;
    const struct page_shown *shown = &v->shown;
    uint64_t *lost = calloc(shown->step_count + 1, sizeof *lost);
    int r = lost ? begin(v, PAGE_STEPS) : -ENOMEM;

    for (size_t i = 0; r == 0 && i < captures->count; i++)
        for (size_t j = 0; j < captures->capture[i].recording_count; j++)
            count_losses(v, captures->capture[i].recordings[j], lost);
    for (size_t i = 0; r == 0 && i < shown->step_count; i++) {
        uint64_t to_us = grid_next(v->page.cube.step_us, shown->steps[i]);

        r = write_cells(v, (struct cell[]){cell_number(shown->steps[i]),
                                           {.value.u = to_us, .present = to_us != GRID_END},
                                           cell_number(lost[i])});
    }
    free(lost);
    return r;
}

/* A table that has the columns of a plan, and these behind them. */
static int begin_longer(const struct view_page *v, const struct view_plan *plan,
                        const struct column *more, size_t more_count,
                        const struct column *columns[COLUMNS_MAX])
{
    struct table table = {
        .name = plan->type->name, .columns = columns, .count = plan->cells + more_count};

    for (size_t i = 0; i < plan->cells; i++)
        columns[i] = plan->columns[i];
    for (size_t i = 0; i < more_count; i++)
        columns[plan->cells + i] = &more[i];
    return sink_begin(v->plan->sink, &table);
}

static void fill_series(const struct page_series *series, struct cell *cells)
{
    cells[0] = cell_number(series->sessions);
    for (size_t t = 0; t < PAGE_SERIES_TEXTS; t++)
        cells[1 + t] = text_cell(joined_text_whole(&series->text[t]));
}

/* The others are the last row, which has no keys. */
static int write_flows(struct view_page *v)
{
    const struct view_plan *plan = &v->query->part[PAGE_BY_FLOW];
    const struct column *columns[COLUMNS_MAX];
    struct cell cells[COLUMNS_MAX];
    int r = begin_longer(v, plan, page_flow_columns, PAGE_FLOW_COLUMNS, columns);

    for (size_t i = 0; r == 0 && i <= v->shown.flows; i++) {
        memset(cells, 0, sizeof cells);
        if (i < v->shown.flows)
            flow_groups_cells_of(&v->page.flows, v->shown.flow[i], cells);
        fill_series(&v->shown.series[i], &cells[plan->cells]);
        r = write_cells(v, cells);
    }
    if (r == 0)
        flow_groups_say(&v->page.flows);
    return r;
}

/* The place of a flow's row; SIZE_MAX = it has none. */
static size_t row_of(const struct view_page *v, uint32_t flow)
{
    size_t i = 0;

    while (i < v->shown.flows && v->shown.flow[i] != flow)
        i++;
    return i < v->shown.flows ? i : SIZE_MAX;
}

static int write_session(struct view_page *v, struct page_session *session)
{
    size_t fields = v->page.sessions.fields, row = row_of(v, session->flow);
    struct cell cells[COLUMNS_MAX] = {{.present = false}};

    if (session->is_written)
        return 0;
    session->is_written = true;
    for (size_t i = 0; i < fields; i++) {
        cells[i].present = session->present >> i & 1;
        cells[i].value.bytes = session->value[i].bytes;
    }
    cells[fields] = (struct cell){.value.u = row, .present = row != SIZE_MAX};
    return write_cells(v, cells);
}

static int write_list(struct view_page *v, const struct page_ranked *ranked, size_t count)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++)
        r = write_session(v, ranked[i].session);
    return r;
}

static int write_sessions(struct view_page *v)
{
    const struct page_sessions *s = &v->page.sessions;
    const struct column *columns[COLUMNS_MAX];
    int r = begin_longer(v, &v->query->part[PAGE_BY_SESSION], &page_session_column, 1, columns);

    for (size_t rank = 0; r == 0 && rank < PAGE_RANKS; rank++)
        r = write_list(v, s->all[rank], s->all_count[rank]);
    for (size_t i = 0; r == 0 && i < v->shown.flows; i++) {
        const struct page_flow_lists *lists =
            v->shown.flow[i] < s->flows ? s->flow[v->shown.flow[i]] : NULL;

        for (size_t rank = 0; r == 0 && lists && rank < PAGE_RANKS; rank++)
            r = write_list(v, lists->ranked[rank], lists->count[rank]);
    }
    return r;
}

int page_rows_write(struct view_page *v)
{
    int (*const parts[])(struct view_page *) = {write_head,  write_summary, write_ends,
                                                write_scale, write_offsets, write_steps,
                                                write_flows, write_sessions};
    int r = 0;

    for (size_t i = 0; r == 0 && i < sizeof parts / sizeof *parts; i++)
        r = parts[i](v);
    return r;
}

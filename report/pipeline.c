/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/pipeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "report/capture/shown_captures.h"
#include "report/input/follow.h"
#include "report/input/merge.h"
#include "report/input/read_ahead.h"
#include "report/input/selection.h"
#include "report/interrupt.h"
#include "report/jobs/workers.h"
#include "report/made_by.h"
#include "report/sink/journal_entries.h"
#include "report/sink/sorter.h"
#include "report/stages.h"
#include "report/text/zone.h"
#include "report/verdict.h"
#include "report/view/shown_views.h"
#include "report/view/view_columns.h"
#include "util/joined_text.h"
#include "util/message.h"

struct pipeline {
    const struct report_options *options;
    struct confinement confinement;
    struct inputs inputs;
    struct captures captures;
    struct shown_captures shown;
    struct zone zone; /* in which times are shown */
    struct time_range times;
    struct shown_views views;
    struct joined_text made_by, command;
    struct sink_setup setup;
    struct sink *sink; /* the format */
    struct stages stages;
    struct workers workers;
    struct reading reading;
    struct merge merge;
    struct follow *follow; /* instead, or NULL */
    bool live;             /* somebody may be waiting for each row */
};

static void pipeline_close(struct pipeline *p)
{
    workers_stop(&p->workers);
    merge_close(&p->merge);
    follow_free(p->follow);
    workers_close(&p->workers);
    shown_views_close(&p->views);
    stages_close(&p->stages);
    sink_free(p->sink);
    captures_close(&p->captures);
    shown_captures_close(&p->shown);
    inputs_close(&p->inputs);
    confine_close(&p->confinement);
    joined_text_free(&p->made_by);
    joined_text_free(&p->command);
}

static int fail(int error)
{
    if (error != -ECANCELED)
        message_error("%s", tlz_strerror(error));
    return EXIT_FAILED;
}

/* What the sink could not do. A reader that went away is nobody's fault and not worth a word. */
static int fail_in_sink(const struct pipeline *p, int error)
{
    if (error == -EPIPE)
        return EXIT_OK;
    if (error == -ECANCELED)
        return EXIT_FAILED;
    message_error("%s: %s", report_options_output_name(p->options), tlz_strerror(error));
    return EXIT_FAILED;
}

/* Opens sinks and views; EXIT_OK or the status after saying what is wrong. */
static int open_output(struct pipeline *p)
{
    const struct report_options *o = p->options;
    int r = describe_making(&p->made_by, &p->command, o, &p->inputs);

    if (r < 0)
        return fail(r);
    p->setup = (struct sink_setup){
        .captures = p->shown.captures,
        .inputs = &p->inputs,
        .look = o->look,
        .with_meta = o->with_meta,
        .sorted = p->stages.key != SORTER_NO_KEY,
        .path = report_options_output(o),
        .force = o->force,
        .level = o->level,
        .made_by = p->made_by.bytes,
        .anonymized = p->shown.anonymizer ? anonymizer_key_name(p->shown.anonymizer) : NULL,
        .confinement = &p->confinement,
    };
    p->setup.look.zone = &p->zone;
    r = o->sink->open(&p->sink, &p->setup);
    if (r < 0)
        return fail_in_sink(p, r);
    stages_choose(&p->stages, o, &p->views, p->inputs.count);
    r = stages_open(&p->stages, o, &p->views, p->sink, &p->confinement);
    p->views.report = (struct view_report){
        p->shown.captures,     p->inputs.first_before, &p->times, &p->zone, o->top,
        describe_selection(o), p->command.bytes};
    if (r == 0)
        r = shown_views_open(&p->views);
    return r < 0 ? fail(r) : EXIT_OK;
}

/* What is done with rows as they are decoded: those that go straight to the format are written. */
static struct row_work_plan plan_work(const struct pipeline *p)
{
    bool writes =
        p->options->view->is_rows && p->views.view[0].plan.sink == p->sink && !p->shown.anonymizer;

    return (struct row_work_plan){.filter = &p->options->filter,
                                  .times = &p->times,
                                  .views = writes ? &p->views : NULL,
                                  .sink = p->sink,
                                  .kinds = shown_views_kinds(&p->views)};
}

/* EXIT_OK when there is something to read, or the status. */
static int open_sources(struct pipeline *p)
{
    const struct row_work_plan work = plan_work(p);
    size_t open = 1;
    int r = 0;

    p->reading = (struct reading){.type = p->options->input,
                                  .filter = &p->options->filter,
                                  .times = &p->times,
                                  .captures = &p->captures,
                                  .shown = &p->shown,
                                  .sink = p->views.view[0].plan.sink,
                                  .kinds = shown_views_kinds(&p->views)};
    p->merge.by_time = p->inputs.count > 1 && !p->options->view->is_whole &&
                       !p->options->view->is_unordered && !p->stages.by_time;
    if (p->options->view->is_rows && p->stages.key == SORTER_NO_KEY && !p->live)
        r = merge_plan(&p->merge, p->options->input, &p->inputs);
    selection_choose(&p->reading.selection, p->options, &p->views, &p->times,
                     p->merge.by_time || p->stages.by_time);
    selection_bound(&p->reading.selection, &p->views, stages_bound(&p->stages), p->stages.key);
    if (!p->options->view->is_whole && !p->follow)
        p->reading.pool = workers_pool(&p->workers, &p->reading.selection, &work, p->live);
    if (!p->follow && !p->options->quiet)
        progress_begin(&p->reading.progress, &p->inputs, &p->captures,
                       report_options_output(p->options));
    if (r == 0 && !p->follow)
        r = merge_open(&p->merge, &p->reading, &p->inputs, &open);
    if (r < 0)
        return fail(r);
    return open > 0 ? EXIT_OK : EXIT_FAILED;
}

/* True when an input could not be read to its end, or nothing in it could be. */
static bool has_failed_input(const struct pipeline *p)
{
    for (size_t i = 0; i < p->captures.count; i++)
        if (capture_is_empty_of_good(&p->captures.capture[i]))
            return true;
    return p->reading.failed;
}

/* Rows from the sources to the sink, and its end. 0 or an error. */
static int pump(struct pipeline *p)
{
    struct sink *sink = p->views.view[0].plan.sink;
    struct rows rows;
    int r = shown_views_begin(&p->views);

    while (r == 0) {
        if (p->live)
            r = sink_flush(sink);
        if (r == 0)
            r = p->follow ? follow_next(p->follow, &p->reading, &rows)
                          : merge_next(&p->merge, &rows);
        if (r <= 0)
            break;
        r = rows.part ? sink_take(p->sink, rows.part, rows.first, rows.count, rows.source)
                      : shown_views_rows(&p->views, &rows);
    }
    progress_clear(&p->reading.progress);
    if (r == 0)
        r = shown_views_finish(&p->views);
    /* A part of what was asked for may be shown, but is not left behind as if it were all. */
    if (r < 0 || (report_options_output(p->options) && has_failed_input(p)))
        return r;
    return sink_end(sink);
}

static int judge(const struct pipeline *p)
{
    stages_say(&p->stages);
    return verdict_say(&(struct verdict){.options = p->options,
                                         .captures = &p->captures,
                                         .kinds = shown_views_kinds(&p->views),
                                         .failed = p->reading.failed || p->inputs.failed ||
                                                   (p->follow && follow_has_failed(p->follow))});
}

/*
 * Gives up all that reading these inputs does not need. What the libraries open for themselves is
 * opened before; the zones alone are not, since a capture names one.
 */
static void confine(struct pipeline *p)
{
    tzset();
    if (p->options->input->prepare)
        p->options->input->prepare();
    confine_allow_read(&p->confinement, ZONE_DIRECTORY);
    confine_allow_read(&p->confinement, getenv("TZDIR"));
    for (size_t i = 0; i < p->inputs.count; i++)
        confine_allow_read(&p->confinement, p->inputs.input[i].name);
    if (p->follow)
        follow_allow(p->follow, &p->confinement);
    confine_enter_files(&p->confinement);
    workers_start(&p->workers, p->options->jobs, &p->inputs);
    confine_enter_calls(&p->confinement);
}

/* Lists what is to be read. 0 or an error. */
static int find_inputs(struct pipeline *p)
{
    const struct report_options *o = p->options;
    int r;

    if (o->follow)
        return follow_open(&p->follow, o->files, o->file_count, &p->captures);
    r = inputs_list(&p->inputs, o->files, o->file_count, o->input->suffix);
    if (r == 0)
        r = inputs_list_before(&p->inputs, o->compare, o->input->suffix);
    return r < 0 ? r : captures_open(&p->captures, p->inputs.count);
}

/* Opens it; EXIT_OK or the status. Which times are meant may depend on it. */
static int open_inputs(struct pipeline *p)
{
    inputs_open(&p->inputs);
    p->live = p->follow || inputs_are_live(&p->inputs);
    if (p->follow && time_range_needs_captures(&p->times))
        return EXIT_OK;
    if (p->live && !p->follow)
        interrupt_let_first_pass();
    if (p->inputs.failed && (report_options_output(p->options) || p->options->compare))
        return EXIT_FAILED;
    return read_ahead_for_times(&p->times, p->options->input, &p->inputs);
}

static int report(struct pipeline *p)
{
    int r = find_inputs(p);

    if (r < 0)
        return fail(r);
    r = inputs_refuse_output(&p->inputs, report_options_output(p->options));
    if (r == EXIT_OK)
        r = zone_ask(&p->zone, p->options->zone);
    if (r == EXIT_OK)
        r = shown_captures_open(&p->shown, &p->captures, p->options);
    if (r == EXIT_OK)
        r = open_output(p);
    if (r != EXIT_OK)
        return r;
    confine(p);
    r = open_inputs(p);
    if (r == EXIT_OK)
        r = open_sources(p);
    if (r != EXIT_OK)
        return r;
    r = pump(p);
    if (r < 0)
        return fail_in_sink(p, r);
    return judge(p);
}

/* Chooses the columns of the views. EXIT_OK, EXIT_USAGE, or a negative errno. */
static int plan(struct pipeline *p)
{
    const struct report_options *o = p->options;
    struct view_request request = {.type = o->view,
                                   .argument = o->view_argument,
                                   .is_compared = o->compare != NULL,
                                   .sink = o->sink,
                                   .style = o->style,
                                   .is_peers = o->has_style,
                                   .columns = o->columns,
                                   .sort = o->sort,
                                   .also = journal_columns,
                                   .also_count = o->journal ? journal_column_count : 0};
    struct view_request other = {.type = o->other_view, .sink = o->sink, .style = o->style};
    size_t unused_key;
    bool unused_order;
    int r = shown_views_add(&p->views, &request, &p->stages.key, &p->stages.ascending);

    if (r == 0 && o->other_view)
        r = shown_views_add(&p->views, &other, &unused_key, &unused_order);
    return r;
}

/* Says which columns there are. */
static int list(struct pipeline *p)
{
    int r;

    p->setup = (struct sink_setup){
        .captures = &p->captures, .inputs = &p->inputs, .look = {.zone = &p->zone}};
    r = p->options->sink->open(&p->sink, &p->setup);
    if (r < 0)
        return fail(r);
    r = list_columns(&p->views.view[0].plan.set, p->sink);
    return r < 0 ? fail_in_sink(p, r) : EXIT_OK;
}

int pipeline_run(const struct report_options *options)
{
    struct pipeline p = {
        .options = options, .times = options->times, .stages = {.key = SORTER_NO_KEY}};
    int status;

    p.times.zone = &p.zone;
    confine_begin(&p.confinement);
    status = plan(&p);
    if (status < 0)
        status = fail(status);
    else if (status == EXIT_OK)
        status = options->list_columns ? list(&p) : report(&p);
    pipeline_close(&p);
    return status;
}

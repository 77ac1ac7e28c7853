/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a page holds (--html): tables of its own, and those of other views, one after another. Their
 * size has a bound, however many sessions there are.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/page/page_rows.h"
#include "report/view/view.h"

static void forget(void *query)
{
    struct page_query *q = query;

    if (!q)
        return;
    for (size_t i = 0; i < PAGE_PARTS; i++)
        if (q->part[i].type)
            view_plan_close(&q->part[i]);
    free(q);
}

static int ask(struct view_plan *plan, const char *argument)
{
    static const struct view_request requests[PAGE_PARTS] = {
        [PAGE_SUMMARY] = {.type = &view_summary, .sink = &sink_json},
        [PAGE_BY_FLOW] = {.type = &view_flows,
                          .argument = PAGE_FLOW_KEYS,
                          .columns = PAGE_FLOW_FIGURES,
                          .sink = &sink_json},
        [PAGE_BY_SESSION] = {.type = &view_sessions,
                             .style = &style_bcc,
                             .columns = PAGE_SESSION_FIELDS,
                             .sink = &sink_json},
    };
    struct page_query *q = plan->query = calloc(1, sizeof *q);
    size_t unused_key;
    bool unused_order;
    int r = q ? 0 : -ENOMEM;

    (void)argument;
    for (size_t i = 0; r == 0 && i < PAGE_PARTS; i++)
        r = view_plan_open(&q->part[i], &unused_key, &unused_order, &requests[i]);
    if (r == 0)
        ((struct flow_query *)q->part[PAGE_BY_FLOW].query)->keeps_whole_sums = true;
    return r == 0 ? column_set_add_all(&plan->set, page_head_columns, PAGE_HEAD_COLUMNS) : r;
}

static void add_fields(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS])
{
    const struct page_query *q = plan->query;

    for (size_t i = 0; i < PAGE_PARTS; i++)
        q->part[i].type->add_fields(&q->part[i], fields);
    tlz_fieldset_add(&fields[TLZ_SESSIONS], TLZ_CLOSE_US);
    tlz_fieldset_add(&fields[TLZ_SESSIONS], TLZ_END);
}

static void view_free(void *state)
{
    struct view_page *v = state;

    if (!v)
        return;
    view_summary.free(v->summary);
    page_close(&v->page);
    page_choice_close(&v->choice);
    page_shown_close(&v->shown);
    free(v);
}

static int view_open(void **ret_state, const struct view_plan *plan)
{
    struct view_page *v = calloc(1, sizeof *v);
    struct page_query *q = plan->query;
    int r;

    if (!v)
        return -ENOMEM;
    v->plan = plan;
    v->query = q;
    q->part[PAGE_SUMMARY].sink = plan->sink;
    q->part[PAGE_SUMMARY].report = plan->report;
    q->part[PAGE_SUMMARY].report.top = PAGE_SUMMARY_TOP;
    r = view_summary.open(&v->summary, &q->part[PAGE_SUMMARY]);
    if (r == 0)
        r = page_open(&v->page, &q->part[PAGE_BY_FLOW], &q->part[PAGE_BY_SESSION]);
    if (r < 0) {
        view_free(v);
        return r;
    }
    *ret_state = v;
    return 0;
}

static int view_rows(void *state, const struct rows *rows)
{
    struct view_page *v = state;
    int r = zone_choose(v->plan->report.zone, v->plan->report.captures);

    if (r == 0)
        r = view_summary.rows(v->summary, rows);
    return r == 0 ? page_add(&v->page, rows) : r;
}

static int view_finish(void *state)
{
    struct view_page *v = state;
    int r = zone_choose(v->plan->report.zone, v->plan->report.captures);

    if (r == 0)
        r = page_choice_open(&v->choice, &v->page.flows);
    if (r == 0)
        r = page_choice_show(&v->choice, &v->page.cube,
                             v->plan->report.top ? v->plan->report.top : PAGE_FLOWS_MAX, &v->shown);
    return r == 0 ? page_rows_write(v) : r;
}

const struct view_type view_page = {
    .name = "page",
    .option = "--html",
    .kinds = KIND_BIT(TLZ_SESSIONS),
    .is_unordered = true,
    .has_lists = true,
    .ask = ask,
    .forget = forget,
    .add_fields = add_fields,
    .open = view_open,
    .rows = view_rows,
    .finish = view_finish,
    .free = view_free,
};

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/shown_views.h"

int shown_views_add(struct shown_views *v, const struct view_request *request, size_t *ret_key,
                    bool *ret_ascending)
{
    int r = view_plan_open(&v->view[v->count].plan, ret_key, ret_ascending, request);

    v->count += r == 0;
    return r;
}

int shown_views_open(struct shown_views *v)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < v->count; i++) {
        v->view[i].plan.report = v->report;
        r = v->view[i].plan.type->open(&v->view[i].state, &v->view[i].plan);
    }
    return r;
}

void shown_views_close(struct shown_views *v)
{
    for (size_t i = 0; i < v->count; i++) {
        v->view[i].plan.type->free(v->view[i].state);
        view_plan_close(&v->view[i].plan);
    }
    *v = (struct shown_views){0};
}

int shown_views_again(struct shown_views *ret, const struct shown_views *v, struct sink *sink)
{
    *ret = (struct shown_views){.report = v->report, .count = v->count};
    for (size_t i = 0; i < v->count; i++) {
        ret->view[i].plan = v->view[i].plan;
        ret->view[i].plan.sink = sink;
    }
    return shown_views_open(ret);
}

void shown_views_close_again(struct shown_views *v)
{
    for (size_t i = 0; i < v->count; i++)
        v->view[i].plan.type->free(v->view[i].state);
    *v = (struct shown_views){0};
}

unsigned int shown_views_kinds(const struct shown_views *v)
{
    unsigned int kinds = 0;

    for (size_t i = 0; i < v->count; i++)
        kinds |= v->view[i].plan.type->kinds;
    return kinds;
}

void shown_views_add_fields(const struct shown_views *v, struct tlz_fieldset fields[TLZ_KINDS])
{
    for (size_t i = 0; i < v->count; i++)
        v->view[i].plan.type->add_fields(&v->view[i].plan, fields);
}

int shown_views_begin(struct shown_views *v)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < v->count; i++)
        r = sink_begin(v->view[i].plan.sink, &v->view[i].plan.table);
    return r;
}

int shown_views_rows(struct shown_views *v, const struct rows *rows)
{
    size_t i = 0;

    while (i + 1 < v->count && v->view[i].plan.table.kind != rows->batch->kind)
        i++;
    return v->view[i].plan.type->rows(v->view[i].state, rows);
}

int shown_views_finish(struct shown_views *v)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < v->count; i++)
        r = v->view[i].plan.type->finish(v->view[i].state);
    return r;
}

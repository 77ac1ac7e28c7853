/* SPDX-License-Identifier: BSD-2-Clause */
/* The views of a report: one, or of rows of captures one for each kind, into one sink. */
#ifndef REPORT_VIEW_SHOWN_VIEWS_H
#define REPORT_VIEW_SHOWN_VIEWS_H

#include "report/view/view.h"

struct shown_views {
    struct {
        struct view_plan plan; /* its sink is set by the caller before it is opened */
        void *state;
    } view[TLZ_KINDS]; /* the first is the one that is sorted */
    size_t count;
    struct view_report report; /* set by the caller before it is opened */
};

/* Adds a view: view_plan_open(). Zeroed = none. */
int shown_views_add(struct shown_views *v, const struct view_request *request, size_t *ret_key,
                    bool *ret_ascending);

/* Opens them. 0 or -ENOMEM. */
int shown_views_open(struct shown_views *v);

/* Frees all of it, in any state. */
void shown_views_close(struct shown_views *v);

/* The same views, opened once more, whose rows go to another sink, in whichever thread. 0 or
 * -ENOMEM; shown_views_close_again() in both cases. They outlive it. */
int shown_views_again(struct shown_views *ret, const struct shown_views *v, struct sink *sink);
void shown_views_close_again(struct shown_views *v);

/* The kinds of rows that are shown, of KIND_BIT(), and the fields of each that are read. */
unsigned int shown_views_kinds(const struct shown_views *v);
void shown_views_add_fields(const struct shown_views *v, struct tlz_fieldset fields[TLZ_KINDS]);

/* Tells the sink of the tables; hands rows to the view of their kind; ends. 0 or an error. */
int shown_views_begin(struct shown_views *v);
int shown_views_rows(struct shown_views *v, const struct rows *rows);
int shown_views_finish(struct shown_views *v);

#endif

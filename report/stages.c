/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/stages.h"

#include "report/sink/journal_entries.h"
#include "report/sink/sorter.h"
#include "report/style/peer_rows.h"

void stages_choose(struct stages *s, const struct report_options *options,
                   const struct shown_views *views, size_t captures)
{
    s->by_time =
        s->key != SORTER_NO_KEY && options->view->is_rows && views->count == 1 && captures > 1;
}

/* Each of these puts a sink before *first where it is wanted. 0 or an error. */

static int open_journal(struct stages *s, const struct report_options *options,
                        const struct view_plan *plan, struct confinement *confinement,
                        struct sink **first)
{
    int r;

    if (!options->journal)
        return 0;
    r = journal_entries_open(&s->journal, *first, plan->columns, plan->cells, confinement);
    *first = s->journal;
    return r;
}

static int open_sorter(struct stages *s, const struct report_options *options,
                       struct view_plan *plan, struct sink **first)
{
    struct sorter_options wanted = {.columns = plan->columns,
                                    .cells = plan->cells,
                                    .key = s->key,
                                    .ascending = s->ascending,
                                    .by_time = s->by_time,
                                    .top = options->top};
    int r;

    if ((s->key == SORTER_NO_KEY && options->top == 0) || options->view->has_lists)
        return 0;
    r = sorter_open(&s->sorter, *first, &wanted);
    *first = s->sorter;
    if (s->key != SORTER_NO_KEY)
        plan->kept = (struct view_kept){s->key, s->ascending, options->top};
    return r;
}

static int open_peer_rows(struct stages *s, const struct report_options *options,
                          const struct view_plan *plan, struct sink **first)
{
    int r;

    if (!options->has_style)
        return 0;
    r = peer_rows_open(&s->peer_rows, *first, plan->table.layout);
    *first = s->peer_rows;
    return r;
}

int stages_open(struct stages *s, const struct report_options *options, struct shown_views *views,
                struct sink *format, struct confinement *confinement)
{
    struct view_plan *plan = &views->view[0].plan;
    struct sink *first = format;
    int r = open_journal(s, options, plan, confinement, &first);

    if (r == 0)
        r = open_sorter(s, options, plan, &first);
    if (r == 0)
        r = open_peer_rows(s, options, plan, &first);
    plan->sink = first;
    for (size_t i = 1; i < views->count; i++)
        views->view[i].plan.sink = format;
    return r;
}

void stages_close(struct stages *s)
{
    sink_free(s->peer_rows);
    sink_free(s->sorter);
    sink_free(s->journal);
}

const struct sink *stages_bound(const struct stages *s)
{
    return s->peer_rows ? NULL : s->sorter;
}

void stages_say(const struct stages *s)
{
    if (s->peer_rows)
        peer_rows_say(s->peer_rows);
}

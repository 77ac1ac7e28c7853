/* SPDX-License-Identifier: BSD-2-Clause */
/* One page of what matters first: rows of sections, each of which has its own cells. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/capture/recording.h"
#include "report/view/summary.h"
#include "report/view/summary_hosts.h"
#include "report/view/view.h"
#include "util/message.h"

/* How long its lists are, if --top does not say it. */
#define TOP 3

/* What its lists are of, and ordered by. */
static const struct list {
    enum summary_section section;
    enum summary_group_name group;
    enum summary_column rank, rank_also; /* of the sum of both */
} lists[] = {
    {SUMMARY_FAILURES, SUMMARY_FAILING, SUMMARY_SESSIONS, SUMMARY_COLUMNS},
    {SUMMARY_BY_BYTES, SUMMARY_TALKERS, SUMMARY_TX_BYTES, SUMMARY_RX_BYTES},
    {SUMMARY_BY_SESSIONS, SUMMARY_TALKERS, SUMMARY_SESSIONS, SUMMARY_COLUMNS},
    {SUMMARY_BY_TIME, SUMMARY_TALKERS, SUMMARY_MS_SUM, SUMMARY_COLUMNS},
    {SUMMARY_SLOW, SUMMARY_SERVICES, SUMMARY_MS_P50, SUMMARY_COLUMNS},
    {SUMMARY_RETRANS, SUMMARY_REMOTES, SUMMARY_RETRANS_BYTES, SUMMARY_COLUMNS},
};

/* What was asked: flows by keys, as far as they are known before the first session. */
struct query {
    struct summary_group group[SUMMARY_GROUPS];
};

struct view_summary {
    const struct view_plan *plan;
    struct summary summary;
    struct cell total[SUMMARY_COLUMNS];
    struct summary_best *best;
    size_t top;
    struct cell *cells;
    bool is_saturated; /* a sum was too great to be shown */
};

static void forget(void *query)
{
    struct query *q = query;

    if (!q)
        return;
    for (size_t i = 0; i < SUMMARY_GROUPS; i++)
        summary_group_close(&q->group[i]);
    free(q);
}

static int ask(struct view_plan *plan, const char *argument)
{
    struct query *q = plan->query = calloc(1, sizeof *q);
    int r = q ? 0 : -ENOMEM;

    (void)argument;
    for (size_t i = 0; r == 0 && i < SUMMARY_GROUPS; i++)
        r = summary_group_plan(&q->group[i], &summary_groups[i]);
    return r == 0 ? column_set_add_all(&plan->set, summary_columns, SUMMARY_COLUMNS) : r;
}

static void add_fields(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS])
{
    const struct query *q = plan->query;

    summary_add_fields(&fields[TLZ_SESSIONS]);
    for (size_t i = 0; i < SUMMARY_GROUPS; i++)
        summary_group_add_fields(&q->group[i], &fields[TLZ_SESSIONS]);
}

static void view_free(void *state)
{
    struct view_summary *v = state;

    if (!v)
        return;
    summary_close(&v->summary);
    free(v->best);
    free(v->cells);
    free(v);
}

static int view_open(void **ret_state, const struct view_plan *plan)
{
    struct view_summary *v = calloc(1, sizeof *v);
    struct query *q = plan->query;
    int r;

    if (!v)
        return -ENOMEM;
    v->plan = plan;
    v->top = plan->report.top ? plan->report.top : TOP;
    v->cells = calloc(plan->cells, sizeof *v->cells);
    r = v->cells ? summary_open(&v->summary, q->group) : -ENOMEM;
    if (r < 0) {
        view_free(v);
        return r;
    }
    *ret_state = v;
    return 0;
}

static int view_rows(void *state, const struct rows *rows)
{
    return summary_add(&((struct view_summary *)state)->summary, rows);
}

static bool is_sum(size_t column)
{
    return column == SUMMARY_TX_BYTES || column == SUMMARY_RX_BYTES || column == SUMMARY_MS_SUM ||
           column == SUMMARY_RETRANS_BYTES;
}

static int write_row(struct view_summary *v, enum summary_section section, struct cell *row)
{
    const char *name = summary_section_names[section];

    row[SUMMARY_SECTION] = cell_text(name, strlen(name));
    for (size_t i = 0; i < v->plan->cells; i++) {
        v->cells[i] = row[v->plan->choice[i]];
        v->is_saturated |=
            v->cells[i].present && v->cells[i].value.u == UINT64_MAX && is_sum(v->plan->choice[i]);
    }
    return sink_row(v->plan->sink, &(struct row){.cells = v->cells});
}

static int write_total(struct view_summary *v)
{
    uint64_t lost = 0;

    for (size_t i = 0; i < v->plan->report.captures->count; i++)
        lost =
            add_saturated(lost, capture_lost(&v->plan->report.captures->capture[i], TLZ_SESSIONS));
    summary_total(&v->summary, v->total);
    v->total[SUMMARY_LOST] = cell_number(lost);
    return write_row(v, SUMMARY_TOTAL, v->total);
}

static int write_peak(struct view_summary *v)
{
    struct cell row[SUMMARY_COLUMNS] = {{.present = false}};
    uint64_t second, sessions;

    if (!summary_peak(&v->summary, &second, &sessions))
        return 0;
    row[SUMMARY_FROM_US] = cell_number(second * 1000000);
    row[SUMMARY_TO_US] = cell_number((second + 1) * 1000000);
    row[SUMMARY_SESSIONS] = cell_number(sessions);
    row[SUMMARY_RATE] = cell_rate(sessions, 1000000);
    return write_row(v, SUMMARY_PEAK, row);
}

static int write_host(struct view_summary *v, const struct summary_host *host)
{
    struct cell row[SUMMARY_COLUMNS] = {{.present = false}};
    bool any = host->last_us > 0;

    row[SUMMARY_NAME] = host->name;
    row[SUMMARY_FROM_US] = (struct cell){.value.u = host->first_us, .present = any};
    row[SUMMARY_TO_US] = (struct cell){.value.u = host->last_us, .present = any};
    row[SUMMARY_SESSIONS] = cell_number(host->sessions);
    row[SUMMARY_RECORDINGS] = cell_number(host->recordings);
    row[SUMMARY_LOST] = cell_number(host->lost);
    return write_row(v, SUMMARY_HOST, row);
}

static int write_text(struct view_summary *v, enum summary_section section, struct cell text)
{
    struct cell row[SUMMARY_COLUMNS] = {{.present = false}};

    row[SUMMARY_NAME] = text;
    return text.present ? write_row(v, section, row) : 0;
}

/* As many as its lists are long; --info has all of them. */
static int write_hosts(struct view_summary *v)
{
    struct summary_host *host;
    size_t count;
    int r = summary_hosts(v->plan->report.captures, TLZ_META_HOST, &host, &count);

    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < count && i < v->top; i++)
        r = write_host(v, &host[i]);
    free(host);
    return r;
}

static int write_recorder_filters(struct view_summary *v)
{
    struct summary_host *host;
    size_t count;
    int r = summary_hosts(v->plan->report.captures, TLZ_META_FILTERS, &host, &count);

    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < count && i < v->top; i++)
        r = write_text(v, SUMMARY_RECORDER_FILTER, host[i].name);
    free(host);
    return r;
}

static int write_selection(struct view_summary *v)
{
    const char *selection = v->plan->report.selection;

    if (!selection)
        return 0;
    return write_text(v, SUMMARY_FILTER, cell_text(selection, strlen(selection)));
}

static int write_ends(struct view_summary *v)
{
    struct histogram *ends = &v->summary.ends;
    struct histogram_step step;
    int r = 0;

    while (r == 0 && histogram_next(ends, &step)) {
        struct cell row[SUMMARY_COLUMNS] = {{.present = false}};

        row[SUMMARY_END] = cell_number(step.from.u);
        row[SUMMARY_SESSIONS] = cell_number(step.count);
        row[SUMMARY_SHARE] = cell_share(step.count, ends->present);
        r = write_row(v, SUMMARY_ENDS, row);
    }
    return r;
}

/* The part of the total, where what it is ordered by adds up. */
static struct cell list_share(const struct view_summary *v, const struct list *list,
                              wide_number rank)
{
    if (list->section == SUMMARY_SLOW || list->section == SUMMARY_RETRANS)
        return (struct cell){.present = false};
    return cell_share_of_sums(rank, wide_add(summary_whole(&v->summary, list->rank),
                                             summary_whole(&v->summary, list->rank_also)));
}

static int write_list(struct view_summary *v, const struct list *list)
{
    struct summary_group *group = &v->summary.group[list->group];
    size_t flows = group->groups.table.count, count;
    int r = 0;

    free(v->best);
    v->best = calloc((flows < v->top ? flows : v->top) + 1, sizeof *v->best);
    if (!v->best)
        return -ENOMEM;
    count = summary_group_best(group, list->rank, list->rank_also, v->best,
                               flows < v->top ? flows : v->top);
    for (size_t i = 0; r == 0 && i < count; i++) {
        struct cell row[SUMMARY_COLUMNS];

        summary_group_cells(group, v->best[i].place, row);
        row[SUMMARY_SHARE] = list_share(v, list, v->best[i].rank);
        r = write_row(v, list->section, row);
    }
    return r;
}

struct loss_total {
    uint64_t count, from_us, to_us;
};

static void add_loss(struct loss_total *total, const struct tlz_loss *loss)
{
    if (total->count == 0 || loss->from_us < total->from_us)
        total->from_us = loss->from_us;
    if (loss->to_us > total->to_us)
        total->to_us = loss->to_us;
    total->count = add_saturated(total->count, loss->count);
}

/* Of all recordings, by cause; a cause of a newer version is an unknown one. */
static void add_losses(const struct captures *captures, struct loss_total total[CAPTURES_CAUSES])
{
    for (size_t i = 0; i < captures->count; i++) {
        for (size_t j = 0; j < captures->capture[i].recording_count; j++) {
            const struct recording *recording = captures->capture[i].recordings[j];

            for (size_t k = 0; k < recording->loss_count; k++) {
                const struct tlz_loss *loss = &recording->losses[k];

                if (loss->kind == TLZ_SESSIONS && loss->count > 0)
                    add_loss(&total[loss->cause < CAPTURES_CAUSES ? loss->cause : TLZ_LOSS_UNKNOWN],
                             loss);
            }
        }
    }
}

static int write_losses(struct view_summary *v)
{
    struct loss_total total[CAPTURES_CAUSES] = {{0}};
    int r = 0;

    add_losses(v->plan->report.captures, total);
    for (size_t cause = 0; r == 0 && cause < CAPTURES_CAUSES; cause++) {
        struct cell row[SUMMARY_COLUMNS] = {{.present = false}};
        const char *name = tlz_loss_cause_name((enum tlz_loss_cause)cause);

        if (total[cause].count == 0)
            continue;
        row[SUMMARY_NAME] = cell_text(name, strlen(name));
        row[SUMMARY_LOST] = cell_number(total[cause].count);
        row[SUMMARY_FROM_US] = cell_number(total[cause].from_us);
        row[SUMMARY_TO_US] = cell_number(total[cause].to_us);
        r = write_row(v, SUMMARY_LOSSES, row);
    }
    return r;
}

static int view_finish(void *state)
{
    struct view_summary *v = state;
    int (*const before[])(struct view_summary *) = {
        write_total, write_peak, write_hosts, write_recorder_filters, write_selection, write_ends};
    int r = summary_finish(&v->summary);

    /* A page is no table of times, by which the sink would know. */
    if (r == 0 && v->plan->table.layout)
        r = zone_choose(v->plan->report.zone, v->plan->report.captures);

    for (size_t i = 0; r == 0 && i < sizeof before / sizeof *before; i++)
        r = before[i](v);
    for (size_t i = 0; r == 0 && i < sizeof lists / sizeof *lists; i++)
        r = write_list(v, &lists[i]);
    if (r == 0)
        r = write_losses(v);
    if (r == 0 && v->is_saturated)
        flow_say_saturated();
    return r;
}

const struct view_type view_summary = {
    .name = "summary",
    .option = "--summary",
    .kinds = KIND_BIT(TLZ_SESSIONS),
    .has_lists = true,
    .ask = ask,
    .forget = forget,
    .page = &summary_page,
    .add_fields = add_fields,
    .open = view_open,
    .rows = view_rows,
    .finish = view_finish,
    .free = view_free,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the values of a field are spread: a row a step of it, of numbers that grow by powers, of
 * times that are equal; of names and what is like them a row a value. Sessions without a value are
 * counted in the last row.
 */
#include <errno.h>
#include <stdlib.h>

#include "report/text/nearest.h"
#include "report/view/histogram.h"
#include "report/view/view.h"
#include "util/message.h"

enum { FROM, TO, SESSIONS, SHARE, CUMULATIVE, BAR, COLUMNS };

/* What was asked. */
struct query {
    enum tlz_field field;
    enum histogram_form form;
    struct column columns[COLUMNS];
    size_t id[COLUMNS]; /* by the place in the set */
};

struct view_histogram {
    const struct view_plan *plan;
    struct histogram histogram;
    struct cell *cells;
    uint64_t counted; /* sessions in the rows written so far */
};

static const struct column common[COLUMNS] = {
    [FROM] = {.heading = "FROM", .help = "the least value of the step", .is_round = true},
    [TO] = {.heading = "TO",
            .help = "the first value behind it; absent = there is no greater one",
            .is_round = true},
    [SESSIONS] = {"sessions", NULL, "how many have such a value", TLZ_TYPE_COUNT},
    [SHARE] = {"share", NULL, "of those that have a value", COLUMN_SHARE},
    [CUMULATIVE] = {"cumulative", NULL, "the same, of this row and all above it", COLUMN_SHARE},
    [BAR] = {"bar", NULL, "the sessions, beside those of the greatest row", COLUMN_BAR},
};

/* Names say their unit. */
static const char *edge_name(enum tlz_type type, size_t edge)
{
    switch (type) {
    case TLZ_TYPE_BYTES:
        return edge == FROM ? "from_bytes" : "to_bytes";
    case TLZ_TYPE_MS:
        return edge == FROM ? "from_ms" : "to_ms";
    case TLZ_TYPE_TIME:
    case TLZ_TYPE_DURATION:
        return edge == FROM ? "from_us" : "to_us";
    default:
        return edge == FROM ? "from" : "to";
    }
}

/* Of a row a value the first column is the field's own. */
static void make_columns(struct query *q)
{
    const struct tlz_field_info *info = &tlz_fields[q->field];

    memcpy(q->columns, common, sizeof common);
    for (size_t edge = FROM; edge <= TO; edge++) {
        q->columns[edge].type = (int)info->type;
        q->columns[edge].name = edge_name(info->type, edge);
    }
    q->columns[TO].is_detail = q->form == HISTOGRAM_TIMES;
    if (q->form == HISTOGRAM_VALUES)
        q->columns[FROM] = (struct column){.name = info->name,
                                           .help = info->help,
                                           .type = (int)info->type,
                                           .enumeration = info->enumeration};
}

static int fill_set(struct view_plan *plan, struct query *q)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < COLUMNS; i++) {
        if (i == TO && q->form == HISTOGRAM_VALUES)
            continue;
        q->id[plan->set.count] = i;
        r = column_set_add(&plan->set, &q->columns[i]);
    }
    plan->set.shown = plan->set.count;
    plan->set.listed = plan->set.count - 1; /* the bar is for text alone */
    return r;
}

static int say_no_field(const char *name)
{
    const struct tlz_kind_info *info = &tlz_kinds[TLZ_SESSIONS];
    struct nearest near;

    nearest_begin(&near, name, strlen(name));
    for (size_t i = 0; i < info->count; i++)
        nearest_try(&near, tlz_fields[info->order[i]].name);
    return message_usage("--histogram: sessions have no field '%.64s'%s%s%s; --sessions "
                         "--list-columns names them",
                         name, near.name ? ", but '" : "", near.name ? near.name : "",
                         near.name ? "'" : "");
}

static int histogram_ask(struct view_plan *plan, const char *argument)
{
    enum tlz_field field = tlz_field_by_name(TLZ_SESSIONS, argument, strlen(argument));
    struct query *q;

    if (field == TLZ_FIELD_COUNT)
        return say_no_field(argument);
    q = plan->query = calloc(1, sizeof *q);
    if (!q)
        return -ENOMEM;
    q->field = field;
    q->form = histogram_form_of(field);
    make_columns(q);
    return fill_set(plan, q);
}

static void add_fields(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS])
{
    const struct query *q = plan->query;

    tlz_fieldset_add(&fields[TLZ_SESSIONS], q->field);
}

static void view_free(void *state)
{
    struct view_histogram *v = state;

    if (!v)
        return;
    histogram_close(&v->histogram);
    free(v->cells);
    free(v);
}

static int view_open(void **ret_state, const struct view_plan *plan)
{
    const struct query *q = plan->query;
    struct view_histogram *v = calloc(1, sizeof *v);
    int r;

    if (!v)
        return -ENOMEM;
    v->plan = plan;
    v->cells = calloc(plan->cells, sizeof *v->cells);
    r = v->cells ? histogram_open(&v->histogram, q->form, q->field) : -ENOMEM;
    if (r < 0) {
        view_free(v);
        return r;
    }
    *ret_state = v;
    return 0;
}

static int view_rows(void *state, const struct rows *rows)
{
    struct view_histogram *v = state;
    const struct query *q = v->plan->query;
    const struct tlz_column *column = &rows->batch->column[q->field];
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < rows->count; i++) {
        uint32_t row = rows->row[i];

        if (!tlz_batch_has(rows->batch, q->field, row))
            v->histogram.absent++;
        else if (column->bytes)
            r = histogram_add(&v->histogram, &(union tlz_value){.bytes = column->bytes[row]});
        else
            r = histogram_add_number(&v->histogram, column->u[row]);
    }
    return r;
}

/* The cell of a step or, without one, of the sessions without a value. */
static struct cell make_cell(const struct view_histogram *v, size_t id,
                             const struct histogram_step *step)
{
    const struct histogram *h = &v->histogram;
    const struct query *q = v->plan->query;

    if (id == SESSIONS)
        return cell_number(step ? step->count : h->absent);
    if (!step)
        return (struct cell){.present = false};
    switch (id) {
    case FROM:
        return tlz_type_is_bytes(tlz_fields[q->field].type)
                   ? (struct cell){.value.bytes = step->from.bytes, .present = true}
                   : cell_number(step->from.u);
    case TO:
        return (struct cell){.value.u = step->to, .present = step->has_to};
    case SHARE:
        return cell_share(step->count, h->present);
    case CUMULATIVE:
        return cell_share(v->counted, h->present);
    default:
        return cell_share(step->count, h->greatest);
    }
}

static int write_row(struct view_histogram *v, const struct histogram_step *step)
{
    const struct query *q = v->plan->query;

    v->counted += step ? step->count : 0;
    for (size_t i = 0; i < v->plan->cells; i++)
        v->cells[i] = make_cell(v, q->id[v->plan->choice[i]], step);
    return sink_row(v->plan->sink, &(struct row){.cells = v->cells});
}

static int view_finish(void *state)
{
    struct view_histogram *v = state;
    struct histogram_step step;
    int r = 0;

    if (v->histogram.form == HISTOGRAM_TIMES && v->histogram.present > 0)
        r = zone_choose(v->plan->report.zone, v->plan->report.captures);
    if (r == 0)
        r = histogram_finish(&v->histogram);
    while (r == 0 && histogram_next(&v->histogram, &step))
        r = write_row(v, &step);
    if (r == 0 && v->histogram.absent > 0)
        r = write_row(v, NULL);
    return r;
}

const struct view_type view_histogram = {
    .name = "histogram",
    .option = "--histogram",
    .kinds = KIND_BIT(TLZ_SESSIONS),
    .ask = histogram_ask,
    .forget = free,
    .add_fields = add_fields,
    .open = view_open,
    .rows = view_rows,
    .finish = view_finish,
    .free = view_free,
};

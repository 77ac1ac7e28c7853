/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --flows=KEYS: keys, NUL, columns, NUL, what rows are made of. What is wrong is said once. What is
 * taken makes flows that are told apart by their keys and have, together, all rows; compared with
 * others, too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "fuzz_bytes.h"
#include "fuzz_message.h"
#include "report/flow/flow_query.h"
#include "report/sink/sorter.h"
#include "util/message.h"

#define ROWS       300
#define CELLS_MAX  64
#define VALUES_MAX 7 /* of a field that has few */

struct values {
    uint64_t u[TLZ_FIELD_COUNT][ROWS];
    struct tlz_bytes bytes[TLZ_FIELD_COUNT][ROWS];
    uint64_t present[TLZ_FIELD_COUNT][(ROWS + 63) / 64];
    uint64_t entry[ROWS];
};

/* A sink that knows the rows so far. */
struct watcher {
    struct sink sink;
    const struct view_plan *plan;
    struct cell last[CELLS_MAX];
    uint64_t sessions, rows;
};

static uint64_t random_number(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    return z ^ z >> 31;
}

/* A field's values, some of them absent; of some fields by entries. */
static void fill_column(struct values *v, struct tlz_batch *batch, enum tlz_field f, uint64_t *seed)
{
    bool by_entry = random_number(seed) % 2, is_bytes = tlz_type_is_bytes(tlz_fields[f].type);
    uint64_t shift = random_number(seed) % 64;

    for (uint32_t row = 0; row < ROWS; row++) {
        uint64_t own = by_entry ? v->entry[row] : random_number(seed);
        uint64_t from = own * 0xbf58476d1ce4e5b9 + f, number = random_number(&from);

        v->u[f][row] = (number % 2 ? number >> shift : number % VALUES_MAX) & tlz_fields[f].max;
        v->bytes[f][row] = (struct tlz_bytes){.b = {(uint8_t)(number % VALUES_MAX)}};
        if (tlz_fields[f].type == TLZ_TYPE_ADDRESS && number % 2)
            tlz_address_from_v4(&v->bytes[f][row], (const uint8_t *)&from);
        if (number % 5 != 0)
            v->present[f][row / 64] |= UINT64_C(1) << (row % 64);
        else
            v->u[f][row] = 0;
    }
    batch->column[f] = (struct tlz_column){.u = is_bytes ? NULL : v->u[f],
                                           .bytes = is_bytes ? v->bytes[f] : NULL,
                                           .present = v->present[f],
                                           .entry = by_entry ? v->entry : NULL,
                                           .entries = VALUES_MAX};
}

static bool are_equal(const struct column *column, const struct cell *a, const struct cell *b)
{
    if (a->present != b->present || !a->present)
        return a->present == b->present;
    return tlz_type_is_bytes((enum tlz_type)column->type) || column->type == COLUMN_NETWORK
               ? !memcmp(&a->value.bytes, &b->value.bytes, sizeof a->value.bytes)
               : a->value.u == b->value.u;
}

/* Flows of as many sessions stand in the order of their keys: no two beside each other are alike.
 */
static int watch_row(struct sink *sink, const struct row *row)
{
    struct watcher *w = (struct watcher *)sink;
    bool same = w->rows++ > 0;

    for (size_t i = 0; i < w->plan->cells; i++) {
        const struct flow_column *c = flow_query_column(w->plan, i);

        if (c->figure == FLOW_SESSIONS && !c->is_before && !c->is_ratio)
            w->sessions += row->cells[i].value.u;
        same &= are_equal(&c->column, &w->last[i], &row->cells[i]);
        w->last[i] = row->cells[i];
    }
    assert(!same);
    return 0;
}

static void group(struct view_plan *plan, const struct tlz_batch *batch)
{
    static const struct sink_type type = {.row = watch_row};
    static const struct captures none;
    static struct zone zone = {.chosen = true};
    struct watcher watcher = {.sink.type = &type, .plan = plan};
    const uint64_t second =
        ROWS - 1; /* of which there are fewer, or that others are compared with */
    uint32_t row[ROWS];
    void *flows;

    for (uint32_t i = 0; i < ROWS; i++)
        row[i] = i;
    plan->sink = &watcher.sink;
    plan->report.captures = &none;
    plan->report.zone = &zone;
    if (view_flows.open(&flows, plan) < 0)
        return;
    if (view_flows.rows(flows, &(struct rows){batch, row, ROWS, 1}) == 0 &&
        view_flows.rows(flows, &(struct rows){.batch = batch,
                                              .row = row + 1,
                                              .count = ROWS - 1,
                                              .is_before = plan->is_compared}) == 0 &&
        view_flows.finish(flows) == 0)
        assert(watcher.sessions == ROWS + (plan->is_compared ? 0 : second));
    view_flows.free(flows);
}

/* Opens a plan that has the keys and how many sessions there are, and the columns. */
static void try_query(const char *keys, const char *columns, bool is_compared,
                      const struct tlz_batch *batch)
{
    static char list[4096];
    struct view_request request = {.type = &view_flows,
                                   .argument = keys,
                                   .is_compared = is_compared,
                                   .sink = &sink_csv,
                                   .style = &style_bcc};
    struct view_plan plan;
    size_t key;
    bool ascending;
    int r, size;

    size = snprintf(list, sizeof list, "%s,sessions%s%s", keys, *columns ? "," : "", columns);
    request.columns = size < (int)sizeof list ? list : NULL;
    fuzz_errors = 0;
    r = view_plan_open(&plan, &key, &ascending, &request);
    assert(r == 0 || r == -ENOMEM || r == EXIT_USAGE);
    assert(fuzz_errors == (r == EXIT_USAGE));
    if (r != 0)
        return;
    assert(key == SORTER_NO_KEY);
    if (plan.cells <= CELLS_MAX && request.columns)
        group(&plan, batch);
    view_plan_close(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct values values;
    struct tlz_batch batch = {.kind = TLZ_SESSIONS, .rows = ROWS};
    char *text = calloc(1, size + 2);
    const char *columns;
    struct fuzz_bytes rest = {data, data + size};
    uint64_t seed;

    assert(text);
    memcpy(text, data, size);
    columns = text + strlen(text) + 1;
    rest.p += strlen(text) < size ? strlen(text) + 1 : size;
    rest.p += strnlen((const char *)rest.p, fuzz_left(&rest));
    seed = fuzz_take64(&rest);
    values = (struct values){0};
    for (uint32_t row = 0; row < ROWS; row++)
        values.entry[row] = random_number(&seed) % VALUES_MAX;
    TLZ_FOREACH_SESSION_FIELD(f)
        fill_column(&values, &batch, f, &seed);
    try_query(text, columns, false, &batch);
    try_query(text, columns, true, &batch);
    free(text);
    return 0;
}

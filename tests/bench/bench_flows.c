/* SPDX-License-Identifier: BSD-2-Clause */
/* The reporter's own flows, from the bytes of a capture to rows that nobody prints. */
#include <err.h>

#include "bench_read.h"
#include "report/view/view.h"

struct counter {
    struct sink sink;
    uint64_t rows;
};

static int count_row(struct sink *sink, const struct row *row)
{
    (void)row;
    ((struct counter *)sink)->rows++;
    return 0;
}

static void add_batch(void *flows, const struct tlz_batch *batch)
{
    static uint32_t row[TLZ_ROWS_MAX];

    for (uint32_t i = 0; i < batch->rows; i++)
        row[i] = i;
    must(view_flows.rows(flows, &(struct rows){batch, row, batch->rows, batch->source}), "flows");
}

static void read_by(struct bench_buffer *file, struct found *ret, const char *keys,
                    const char *columns)
{
    static const struct sink_type type = {.row = count_row};
    struct counter counter = {.sink.type = &type};
    struct view_request request = {.type = &view_flows,
                                   .argument = keys,
                                   .sink = &sink_csv,
                                   .style = &style_bcc,
                                   .columns = columns};
    struct view_plan plan;
    struct tlz_input input = buffer_input(file);
    struct tlz_fieldset fields[TLZ_KINDS] = {0};
    struct tlz_reader *reader;
    struct tlz_item item;
    size_t key;
    bool ascending;
    void *flows;
    int r;

    *ret = (struct found){0};
    must(view_plan_open(&plan, &key, &ascending, &request), "plan");
    plan.sink = &counter.sink;
    must(tlz_reader_open(&reader, &input), "reader");
    must(view_flows.open(&flows, &plan), "flows");
    view_flows.add_fields(&plan, fields);
    tlz_reader_select(reader, TLZ_SESSIONS, &fields[TLZ_SESSIONS]);
    while ((r = tlz_reader_next(reader, &item)) > 0) {
        if (!tlz_item_has(&item, TLZ_SESSIONS))
            continue;
        ret->rows += item.batch->rows;
        add_batch(flows, item.batch);
    }
    must(r, "read");
    must(view_flows.finish(flows), "flows");
    view_flows.free(flows);
    view_plan_close(&plan);
    tlz_reader_free(reader);
    ret->flows = counter.rows;
}

void read_flows(struct bench_buffer *file, struct found *ret)
{
    read_by(file, ret, NULL, NULL);
}

void read_flows_of_service(struct bench_buffer *file, struct found *ret)
{
    read_by(file, ret, "comm,raddr,service", "comm,raddr,service,sessions,tx_bytes,rx_bytes");
}

void read_flows_of_networks(struct bench_buffer *file, struct found *ret)
{
    read_by(file, ret, "comm,raddr/24",
            "comm,raddr/24,sessions,failed_share,ms_p50,ms_p99,tx_bytes_sum");
}

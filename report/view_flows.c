/* SPDX-License-Identifier: BSD-2-Clause */
/* A row a flow: what one program did with one service of one peer. */
#include <errno.h>
#include <stdlib.h>

#include "report/flow_table.h"
#include "report/recording.h"
#include "report/view.h"

enum {
    COMM,
    LADDR,
    RADDR,
    SERVICE,
    DIRECTION,
    SESSIONS,
    FAILED,
    TX_BYTES,
    RX_BYTES,
    MS_MIN,
    MS_MEAN,
    MS_MAX,
    FIRST_US,
    LAST_US,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [COMM] = {"comm", NULL, "the owner's command name", TLZ_TYPE_NAME},
    [LADDR] = {"laddr", NULL, "local address", TLZ_TYPE_ADDRESS},
    [RADDR] = {"raddr", NULL, "remote address", TLZ_TYPE_ADDRESS},
    [SERVICE] = {"service", NULL, "port of the side that listened", TLZ_TYPE_ID},
    [DIRECTION] = {"direction", "DIR", "who connected: out = this side, in = the other",
                   TLZ_TYPE_ENUM, TLZ_ENUM_DIRECTION},
    [SESSIONS] = {"sessions", NULL, "how many", TLZ_TYPE_COUNT},
    [FAILED] = {"failed", NULL,
                "of them, reset, refused, timed out, unreachable, given up or never accepted",
                TLZ_TYPE_COUNT},
    [TX_BYTES] = {"tx_bytes", NULL, "bytes sent, as tcplife counts", TLZ_TYPE_BYTES},
    [RX_BYTES] = {"rx_bytes", NULL, "bytes received, as tcplife counts", TLZ_TYPE_BYTES},
    [MS_MIN] = {"ms_min", NULL, "the shortest lifespan", TLZ_TYPE_MS},
    [MS_MEAN] = {"ms_mean", NULL, "the mean lifespan", TLZ_TYPE_MS},
    [MS_MAX] = {"ms_max", NULL, "the longest lifespan", TLZ_TYPE_MS},
    [FIRST_US] = {"first_us", NULL, "when the first was opened, of those of which it is known",
                  TLZ_TYPE_TIME},
    [LAST_US] = {"last_us", NULL, "when the last ended", TLZ_TYPE_TIME},
};

static const size_t column_count = COLUMNS;

/* The session fields that a flow is made of. */
static const enum tlz_field fields[] = {
    TLZ_COMM,     TLZ_LADDR,    TLZ_RADDR, TLZ_SERVICE, TLZ_DIRECTION, TLZ_END,
    TLZ_TX_BYTES, TLZ_RX_BYTES, TLZ_MS,    TLZ_OPEN_US, TLZ_CLOSE_US,
};

struct flows {
    const struct view_plan *plan;
    struct flow_table table;
    struct cell *cells;
};

static void add_fields(const struct view_plan *plan, struct tlz_fieldset sets[TLZ_KINDS])
{
    (void)plan;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        tlz_fieldset_add(&sets[TLZ_SESSIONS], fields[i]);
}

static void flows_free(void *state)
{
    struct flows *f = state;

    if (!f)
        return;
    flow_table_close(&f->table);
    free(f->cells);
    free(f);
}

static int flows_open(void **ret_state, const struct view_plan *plan)
{
    struct flows *f = calloc(1, sizeof *f);
    int r;

    if (!f)
        return -ENOMEM;
    f->plan = plan;
    f->cells = calloc(plan->cells, sizeof *f->cells);
    r = f->cells ? flow_table_open(&f->table) : -ENOMEM;
    if (r < 0) {
        flows_free(f);
        return r;
    }
    *ret_state = f;
    return 0;
}

/* The value and true, or false when it is absent. */
static bool number_at(const struct tlz_batch *batch, enum tlz_field field, uint32_t row,
                      uint64_t *ret)
{
    if (!tlz_batch_has(batch, field, row))
        return false;
    *ret = batch->column[field].u[row];
    return true;
}

static struct tlz_bytes bytes_at(const struct tlz_batch *batch, enum tlz_field field, uint32_t row)
{
    return tlz_batch_has(batch, field, row) ? batch->column[field].bytes[row]
                                            : (struct tlz_bytes){0};
}

static struct flow_key key_at(const struct tlz_batch *batch, uint32_t row)
{
    struct flow_key key = {
        .comm = bytes_at(batch, TLZ_COMM, row),
        .laddr = bytes_at(batch, TLZ_LADDR, row),
        .raddr = bytes_at(batch, TLZ_RADDR, row),
        .has_comm = tlz_batch_has(batch, TLZ_COMM, row),
    };
    uint64_t value;

    if (number_at(batch, TLZ_DIRECTION, row, &value))
        key.direction = (uint32_t)value;
    key.has_service = number_at(batch, TLZ_SERVICE, row, &value);
    if (key.has_service)
        key.service = (uint32_t)value;
    return key;
}

/* It did not come to an end that either side wanted. */
static bool has_failed(uint64_t end)
{
    switch (end) {
    case TLZ_END_RESET_HERE:
    case TLZ_END_RESET_THERE:
    case TLZ_END_REFUSED:
    case TLZ_END_TIMED_OUT:
    case TLZ_END_UNREACHABLE:
    case TLZ_END_GAVE_UP:
    case TLZ_END_UNACCEPTED:
        return true;
    default:
        return false;
    }
}

static void add(uint64_t *sum, uint64_t value)
{
    *sum = add_saturated(*sum, value);
}

static void add_ms(struct flow *flow, uint64_t us)
{
    if (flow->ms_count == 0 || us < flow->ms_min)
        flow->ms_min = us;
    if (us > flow->ms_max)
        flow->ms_max = us;
    flow->ms_sum += us;
    flow->ms_count++;
}

static void add_times(struct flow *flow, const struct tlz_batch *batch, uint32_t row)
{
    uint64_t us;

    if (number_at(batch, TLZ_OPEN_US, row, &us)) {
        if (flow->open_count == 0 || us < flow->first_us)
            flow->first_us = us;
        flow->open_count++;
    }
    if (number_at(batch, TLZ_CLOSE_US, row, &us) && us > flow->last_us)
        flow->last_us = us;
}

static void add_session(struct flow *flow, const struct tlz_batch *batch, uint32_t row)
{
    uint64_t value;

    add_times(flow, batch, row);
    flow->sessions++;
    if (number_at(batch, TLZ_END, row, &value))
        flow->failed += has_failed(value);
    if (number_at(batch, TLZ_TX_BYTES, row, &value)) {
        add(&flow->tx_bytes, value);
        flow->has_tx = true;
    }
    if (number_at(batch, TLZ_RX_BYTES, row, &value)) {
        add(&flow->rx_bytes, value);
        flow->has_rx = true;
    }
    if (number_at(batch, TLZ_MS, row, &value))
        add_ms(flow, value);
}

static int flows_rows(void *state, const struct rows *rows)
{
    struct flows *f = state;

    for (uint32_t i = 0; i < rows->count; i++) {
        struct flow_key key = key_at(rows->batch, rows->row[i]);
        struct flow *flow = flow_table_find(&f->table, &key);

        if (!flow)
            return -ENOMEM;
        add_session(flow, rows->batch, rows->row[i]);
    }
    return 0;
}

static int compare_keys(const struct flow_key *x, const struct flow_key *y)
{
    int r = memcmp(&x->comm, &y->comm, sizeof x->comm);

    r = r ? r : memcmp(&x->laddr, &y->laddr, sizeof x->laddr);
    r = r ? r : memcmp(&x->raddr, &y->raddr, sizeof x->raddr);
    r = r ? r : (x->service > y->service) - (x->service < y->service);
    return r ? r : (x->direction > y->direction) - (x->direction < y->direction);
}

/* Most sessions first, then most bytes, then the key: the same order every time. */
static int compare_flows(const void *a, const void *b)
{
    const struct flow *x = a, *y = b;
    uint64_t x_bytes = x->tx_bytes, y_bytes = y->tx_bytes;

    if (x->sessions != y->sessions)
        return x->sessions > y->sessions ? -1 : 1;
    add(&x_bytes, x->rx_bytes);
    add(&y_bytes, y->rx_bytes);
    if (x_bytes != y_bytes)
        return x_bytes > y_bytes ? -1 : 1;
    return compare_keys(&x->key, &y->key);
}

static struct cell bytes_cell(const struct tlz_bytes *bytes, bool present)
{
    return (struct cell){.value.bytes = *bytes, .present = present};
}

static struct cell number_cell(uint64_t value, bool present)
{
    return (struct cell){.value.u = value, .present = present};
}

static struct cell flow_cell(const struct flow *flow, size_t column)
{
    bool timed = flow->ms_count > 0;

    switch (column) {
    case COMM:
        return bytes_cell(&flow->key.comm, flow->key.has_comm);
    case LADDR:
        return bytes_cell(&flow->key.laddr, true);
    case RADDR:
        return bytes_cell(&flow->key.raddr, true);
    case SERVICE:
        return number_cell(flow->key.service, flow->key.has_service);
    case DIRECTION:
        return cell_number(flow->key.direction);
    case SESSIONS:
        return cell_number(flow->sessions);
    case FAILED:
        return cell_number(flow->failed);
    case TX_BYTES:
        return number_cell(flow->tx_bytes, flow->has_tx);
    case RX_BYTES:
        return number_cell(flow->rx_bytes, flow->has_rx);
    case MS_MIN:
        return number_cell(flow->ms_min, timed);
    case MS_MEAN:
        return number_cell(timed ? (uint64_t)(flow->ms_sum / flow->ms_count) : 0, timed);
    case MS_MAX:
        return number_cell(flow->ms_max, timed);
    case FIRST_US:
        return number_cell(flow->first_us, flow->open_count > 0);
    default:
        return cell_number(flow->last_us);
    }
}

static int flows_finish(void *state)
{
    struct flows *f = state;
    int r = 0;

    if (f->table.count > 0)
        qsort(f->table.flows, f->table.count, sizeof *f->table.flows, compare_flows);
    for (size_t i = 0; r == 0 && i < f->table.count; i++) {
        for (size_t j = 0; j < f->plan->cells; j++)
            f->cells[j] = flow_cell(&f->table.flows[i], f->plan->choice[j]);
        r = sink_row(f->plan->sink, &(struct row){.cells = f->cells});
    }
    return r;
}

const struct view_type view_flows = {
    .name = "flows",
    .option = "--flows",
    .kinds = KIND_BIT(TLZ_SESSIONS),
    .columns = columns,
    .column_count = &column_count,
    .add_fields = add_fields,
    .open = flows_open,
    .rows = flows_rows,
    .finish = flows_finish,
    .free = flows_free,
};

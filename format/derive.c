/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/derive.h"

#include <errno.h>

#include "format/block_column.h"

/* A column being made: an integer or bytes a row, and which rows have one. */
struct target {
    uint64_t *u;
    struct tlz_bytes *bytes;
    uint64_t *present;
};

static void set_integer(struct target *t, uint32_t row, uint64_t value)
{
    t->u[row] = value;
    bitmap_set(t->present, row);
}

static uint64_t value_at(const struct tlz_batch *batch, enum tlz_field f, uint32_t row)
{
    return batch->column[f].u[row];
}

/* What the lifespan of a session is made from. */
struct times {
    bool has_close, has_established, has_open;
    bool has_both; /* SYN_SENT and SYN_RECV: a simultaneous open */
    uint64_t close_us, established_us, open_us, syn_sent_us;
};

/*
 * From the birth of a session as bcc's tcplife has it: each state before FIN_WAIT1 in turn
 * overwrites it (tools/tcplife.py: `if (state < TCP_FIN_WAIT1) birth.update(...)`). False when it
 * is not known.
 */
static inline bool find_lifespan(const struct times *t, uint64_t *ret_us)
{
    uint64_t birth =
        t->has_established ? t->established_us : t->open_us + (t->has_both ? t->syn_sent_us : 0);

    *ret_us = t->close_us - birth;
    return t->has_close && (t->has_established || t->has_open) && birth <= t->close_us;
}

/* A value less a part of it. */
static inline bool find_rest(bool has_both, uint64_t all, uint64_t part, uint64_t *ret)
{
    *ret = all - part;
    return has_both && part <= all;
}

static uint64_t value_or_0(const struct tlz_batch *batch, enum tlz_field f, uint32_t row)
{
    return batch->column[f].u ? value_at(batch, f, row) : 0;
}

static void derive_ms(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    struct times t = {
        .has_close = tlz_batch_has(batch, TLZ_CLOSE_US, row),
        .has_established = tlz_batch_has(batch, TLZ_ESTABLISHED_US, row),
        .has_open = tlz_batch_has(batch, TLZ_OPEN_US, row),
        .has_both = tlz_batch_has(batch, TLZ_SYN_RECV_US, row) &&
                    tlz_batch_has(batch, TLZ_SYN_SENT_US, row),
        .close_us = value_or_0(batch, TLZ_CLOSE_US, row),
        .established_us = value_or_0(batch, TLZ_ESTABLISHED_US, row),
        .open_us = value_or_0(batch, TLZ_OPEN_US, row),
        .syn_sent_us = value_or_0(batch, TLZ_SYN_SENT_US, row),
    };
    uint64_t us;

    if (find_lifespan(&t, &us))
        set_integer(ret, row, us);
}

static const enum tlz_field source_pids[TLZ_OWNER_SOURCES] = {
    [TLZ_OWNER_CONNECT] = TLZ_CONNECT_PID, [TLZ_OWNER_IO] = TLZ_IO_PID,
    [TLZ_OWNER_CLOSE] = TLZ_CLOSER_PID,    [TLZ_OWNER_ACCEPT] = TLZ_ACCEPT_PID,
    [TLZ_OWNER_LISTEN] = TLZ_LISTEN_PID,   [TLZ_OWNER_TASK_FILE] = TLZ_TASK_FILE_PID,
};

static const enum tlz_field source_comms[TLZ_OWNER_SOURCES] = {
    [TLZ_OWNER_CONNECT] = TLZ_CONNECT_COMM, [TLZ_OWNER_IO] = TLZ_IO_COMM,
    [TLZ_OWNER_CLOSE] = TLZ_CLOSER_COMM,    [TLZ_OWNER_ACCEPT] = TLZ_ACCEPT_COMM,
    [TLZ_OWNER_LISTEN] = TLZ_LISTEN_COMM,   [TLZ_OWNER_TASK_FILE] = TLZ_TASK_FILE_COMM,
};

/* The rule of field.h: the first source that is known. */
static enum tlz_owner owner_at(const struct tlz_batch *batch, uint32_t row)
{
    enum tlz_owner source = 0;

    while (source < TLZ_OWNER_UNKNOWN && !tlz_batch_has(batch, source_pids[source], row))
        source++;
    return source;
}

static void derive_owner(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    set_integer(ret, row, owner_at(batch, row));
}

static void derive_pid(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    enum tlz_owner source = owner_at(batch, row);

    if (source != TLZ_OWNER_UNKNOWN)
        set_integer(ret, row, value_at(batch, source_pids[source], row));
}

static void derive_comm(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    enum tlz_owner source = owner_at(batch, row);

    if (source == TLZ_OWNER_UNKNOWN || !tlz_batch_has(batch, source_comms[source], row))
        return;
    ret->bytes[row] = batch->column[source_comms[source]].bytes[row];
    bitmap_set(ret->present, row);
}

static void derive_family(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    if (tlz_batch_has(batch, TLZ_LADDR, row))
        set_integer(ret, row, (uint64_t)tlz_address_family(&batch->column[TLZ_LADDR].bytes[row]));
}

static void derive_rest(const struct tlz_batch *batch, uint32_t row, enum tlz_field all,
                        enum tlz_field part, struct target *ret)
{
    uint64_t rest;

    if (find_rest(tlz_batch_has(batch, all, row) && tlz_batch_has(batch, part, row),
                  value_or_0(batch, all, row), value_or_0(batch, part, row), &rest))
        set_integer(ret, row, rest);
}

/* bytes_sent counts payload each time that it is sent (net/ipv4/tcp_output.c, Linux 6.18). */
static void derive_tx_payload(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    derive_rest(batch, row, TLZ_SENT_BYTES, TLZ_RETRANS_BYTES, ret);
}

/* bytes_received counts the peer's FIN as one byte (tcp_rcv_nxt_update(), net/ipv4/tcp_input.c,
 * Linux 6.18). */
static void derive_rx_payload(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    derive_rest(batch, row, TLZ_RX_BYTES, TLZ_FIN_RECEIVED, ret);
}

/* The port of the side that listened is stored as `service` alone. */
static void derive_port(const struct tlz_batch *batch, uint32_t row, enum tlz_field port,
                        enum tlz_direction direction, struct target *ret)
{
    if (tlz_batch_has(batch, port, row))
        set_integer(ret, row, value_at(batch, port, row));
    else if (tlz_batch_has(batch, TLZ_SERVICE, row) && tlz_batch_has(batch, TLZ_DIRECTION, row) &&
             value_at(batch, TLZ_DIRECTION, row) == direction)
        set_integer(ret, row, value_at(batch, TLZ_SERVICE, row));
}

static void derive_lport(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    derive_port(batch, row, TLZ_LPORT, TLZ_DIRECTION_IN, ret);
}

static void derive_rport(const struct tlz_batch *batch, uint32_t row, struct target *ret)
{
    derive_port(batch, row, TLZ_RPORT, TLZ_DIRECTION_OUT, ret);
}

#define NEEDS_MAX 12
#define NEEDS_OWNER_PIDS                                                                           \
    TLZ_CONNECT_PID, TLZ_IO_PID, TLZ_CLOSER_PID, TLZ_ACCEPT_PID, TLZ_LISTEN_PID, TLZ_TASK_FILE_PID
#define NEEDS_OWNER_COMMS                                                                          \
    TLZ_CONNECT_COMM, TLZ_IO_COMM, TLZ_CLOSER_COMM, TLZ_ACCEPT_COMM, TLZ_LISTEN_COMM,              \
        TLZ_TASK_FILE_COMM

static const struct derivation {
    enum tlz_field field;
    int needs_count;
    enum tlz_field needs[NEEDS_MAX];
    void (*derive)(const struct tlz_batch *batch, uint32_t row, struct target *ret);
} derivations[] = {
    {TLZ_MS,
     5,
     {TLZ_CLOSE_US, TLZ_OPEN_US, TLZ_ESTABLISHED_US, TLZ_SYN_SENT_US, TLZ_SYN_RECV_US},
     derive_ms},
    {TLZ_OWNER, 6, {NEEDS_OWNER_PIDS}, derive_owner},
    {TLZ_PID, 6, {NEEDS_OWNER_PIDS}, derive_pid},
    {TLZ_COMM, 12, {NEEDS_OWNER_PIDS, NEEDS_OWNER_COMMS}, derive_comm},
    {TLZ_OWNER_PID, 6, {NEEDS_OWNER_PIDS}, derive_pid},
    {TLZ_OWNER_COMM, 12, {NEEDS_OWNER_PIDS, NEEDS_OWNER_COMMS}, derive_comm},
    {TLZ_FAMILY, 1, {TLZ_LADDR}, derive_family},
    {TLZ_TX_PAYLOAD_BYTES, 2, {TLZ_SENT_BYTES, TLZ_RETRANS_BYTES}, derive_tx_payload},
    {TLZ_RX_PAYLOAD_BYTES, 2, {TLZ_RX_BYTES, TLZ_FIN_RECEIVED}, derive_rx_payload},
    {TLZ_LPORT, 2, {TLZ_SERVICE, TLZ_DIRECTION}, derive_lport},
    {TLZ_RPORT, 2, {TLZ_SERVICE, TLZ_DIRECTION}, derive_rport},
};
#define DERIVATIONS (sizeof derivations / sizeof *derivations)

void derive_requirements(struct tlz_fieldset *fields)
{
    for (size_t i = 0; i < DERIVATIONS; i++) {
        if (!tlz_fieldset_has(fields, derivations[i].field))
            continue;
        for (int n = 0; n < derivations[i].needs_count; n++)
            tlz_fieldset_add(fields, derivations[i].needs[n]);
    }
}

const enum tlz_field *derive_needs(enum tlz_field field, int *ret_count)
{
    for (size_t i = 0; i < DERIVATIONS; i++) {
        if (derivations[i].field == field) {
            *ret_count = derivations[i].needs_count;
            return derivations[i].needs;
        }
    }
    return NULL;
}

static int derive_column(struct tlz_batch *batch, const struct derivation *d, struct arena *arena)
{
    bool is_bytes = tlz_type_is_bytes(tlz_fields[d->field].type);
    size_t words = BITMAP_WORDS(batch->rows);
    size_t value_size = is_bytes ? sizeof(struct tlz_bytes) : sizeof(uint64_t);
    struct target t = {.present = arena_take(arena, words * sizeof *t.present)};
    void *values = arena_take(arena, batch->rows * value_size);

    if (!t.present || !values)
        return -ENOMEM;
    memset(t.present, 0, words * sizeof *t.present);
    memset(values, 0, batch->rows * value_size);
    if (is_bytes)
        t.bytes = values;
    else
        t.u = values;
    for (uint32_t row = 0; row < batch->rows; row++)
        d->derive(batch, row, &t);
    batch->column[d->field] = (struct tlz_column){.u = t.u, .bytes = t.bytes, .present = t.present};
    return 0;
}

int derive_columns(struct tlz_batch *batch, const struct tlz_fieldset *fields, struct arena *arena)
{
    for (size_t i = 0; i < DERIVATIONS; i++) {
        int r = tlz_fieldset_has(fields, derivations[i].field)
                    ? derive_column(batch, &derivations[i], arena)
                    : 0;

        if (r < 0)
            return r;
    }
    return 0;
}

static uint64_t row_value(const struct tlz_row *row, const struct tlz_fieldset *present,
                          enum tlz_field f)
{
    return tlz_fieldset_has(present, f) ? row->value[f].u : 0;
}

static bool rest_of_row(const struct tlz_fieldset *present, const struct tlz_row *row,
                        enum tlz_field all, enum tlz_field part, uint64_t *ret)
{
    return find_rest(tlz_fieldset_has(present, all) && tlz_fieldset_has(present, part),
                     row_value(row, present, all), row_value(row, present, part), ret);
}

static bool lifespan_of_row(const struct tlz_fieldset *present, const struct tlz_row *row,
                            uint64_t *ret)
{
    struct times t = {
        .has_close = tlz_fieldset_has(present, TLZ_CLOSE_US),
        .has_established = tlz_fieldset_has(present, TLZ_ESTABLISHED_US),
        .has_open = tlz_fieldset_has(present, TLZ_OPEN_US),
        .has_both = tlz_fieldset_has(present, TLZ_SYN_RECV_US) &&
                    tlz_fieldset_has(present, TLZ_SYN_SENT_US),
        .close_us = row_value(row, present, TLZ_CLOSE_US),
        .established_us = row_value(row, present, TLZ_ESTABLISHED_US),
        .open_us = row_value(row, present, TLZ_OPEN_US),
        .syn_sent_us = row_value(row, present, TLZ_SYN_SENT_US),
    };

    return find_lifespan(&t, ret);
}

bool derive_of_row(enum tlz_field field, const struct tlz_fieldset *present,
                   const struct tlz_row *row, uint64_t *ret)
{
    switch (field) {
    case TLZ_MS:
        return lifespan_of_row(present, row, ret);
    case TLZ_TX_PAYLOAD_BYTES:
        return rest_of_row(present, row, TLZ_SENT_BYTES, TLZ_RETRANS_BYTES, ret);
    case TLZ_RX_PAYLOAD_BYTES:
        return rest_of_row(present, row, TLZ_RX_BYTES, TLZ_FIN_RECEIVED, ret);
    default:
        return false;
    }
}

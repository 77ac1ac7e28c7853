/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/derive.h"

#include <errno.h>

#include "format/block_column.h"
#include "format/derive_row.h"
#include "format/vector.h"

/* Up to 64 rows of a column being made, which are all absent and 0 before. */
struct part {
    const struct tlz_batch *batch;
    uint32_t row;   /* the first, a multiple of 64 */
    uint64_t count; /* 1 to 64; of 64 bits, as words of presence: so compilers make vectors */
    uint64_t *u;    /* of the first row and those behind it: integers, or */
    struct tlz_bytes *bytes;
    uint64_t *present; /* their bits */
};

static const uint64_t zeros[64];

/* The integers of a part's rows; 0 where there is none. */
static const uint64_t *values_of(const struct part *p, enum tlz_field f)
{
    const uint64_t *u = p->batch->column[f].u;

    return u ? u + p->row : zeros;
}

/* The bits of the rows that have one. Those behind the last row mean nothing. */
static uint64_t presence_of(const struct part *p, enum tlz_field f)
{
    const struct tlz_column *c = &p->batch->column[f];

    if (!c->u && !c->bytes)
        return 0;
    return c->present ? c->present[p->row / 64] : UINT64_MAX;
}

VECTOR_LOOPS static void derive_ms(const struct part *p)
{
    const uint64_t *close = values_of(p, TLZ_CLOSE_US), *open = values_of(p, TLZ_OPEN_US);
    const uint64_t *established = values_of(p, TLZ_ESTABLISHED_US);
    const uint64_t *syn_sent = values_of(p, TLZ_SYN_SENT_US);
    const uint64_t has_close = presence_of(p, TLZ_CLOSE_US);
    const uint64_t has_established = presence_of(p, TLZ_ESTABLISHED_US);
    const uint64_t has_open = presence_of(p, TLZ_OPEN_US);
    const uint64_t has_both = presence_of(p, TLZ_SYN_RECV_US) & presence_of(p, TLZ_SYN_SENT_US);
    const uint64_t count = p->count;
    uint64_t *restrict u = p->u;
    uint64_t present = 0;

    for (uint64_t i = 0; i < count; i++) {
        const struct lifespan_times t = {
            has_close >> i & 1, has_established >> i & 1, has_open >> i & 1, has_both >> i & 1,
            close[i],           established[i],           open[i],           syn_sent[i],
        };
        uint64_t us, has = find_lifespan(&t, &us);

        u[i] = us & -has;
        present |= has << i;
    }
    *p->present = present;
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

static void derive_owner(const struct part *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        p->u[i] = owner_at(p->batch, p->row + i);
    *p->present = UINT64_MAX;
}

static void derive_pid(const struct part *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        enum tlz_owner source = owner_at(p->batch, p->row + i);

        if (source == TLZ_OWNER_UNKNOWN)
            continue;
        p->u[i] = p->batch->column[source_pids[source]].u[p->row + i];
        *p->present |= UINT64_C(1) << i;
    }
}

static void derive_comm(const struct part *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t row = p->row + i;
        enum tlz_owner source = owner_at(p->batch, row);

        if (source == TLZ_OWNER_UNKNOWN || !tlz_batch_has(p->batch, source_comms[source], row))
            continue;
        p->bytes[i] = p->batch->column[source_comms[source]].bytes[row];
        *p->present |= UINT64_C(1) << i;
    }
}

static void derive_family(const struct part *p)
{
    const struct tlz_bytes *addresses = p->batch->column[TLZ_LADDR].bytes;

    *p->present = presence_of(p, TLZ_LADDR);
    for (uint32_t i = 0; addresses && i < p->count; i++)
        p->u[i] = (uint64_t)tlz_address_family(&addresses[p->row + i]) & -(*p->present >> i & 1);
}

VECTOR_LOOPS static void derive_rest(const struct part *p, enum tlz_field all, enum tlz_field less)
{
    const uint64_t *whole = values_of(p, all), *taken = values_of(p, less);
    const uint64_t has_both = presence_of(p, all) & presence_of(p, less);
    const uint64_t count = p->count;
    uint64_t *restrict u = p->u;
    uint64_t present = 0;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t rest, has = find_rest(has_both >> i & 1, whole[i], taken[i], &rest);

        u[i] = rest & -has;
        present |= has << i;
    }
    *p->present = present;
}

/* bytes_sent counts payload each time that it is sent (net/ipv4/tcp_output.c, Linux 6.18). */
static void derive_tx_payload(const struct part *p)
{
    derive_rest(p, TLZ_SENT_BYTES, TLZ_RETRANS_BYTES);
}

/* bytes_received counts the peer's FIN as one byte (tcp_rcv_nxt_update(), net/ipv4/tcp_input.c,
 * Linux 6.18). */
static void derive_rx_payload(const struct part *p)
{
    derive_rest(p, TLZ_RX_BYTES, TLZ_FIN_RECEIVED);
}

/* The port of the side that listened is stored as `service` alone. */
VECTOR_LOOPS static void derive_port(const struct part *p, enum tlz_field port,
                                     enum tlz_direction direction)
{
    const uint64_t *own = values_of(p, port), *service = values_of(p, TLZ_SERVICE);
    const uint64_t *went = values_of(p, TLZ_DIRECTION);
    const uint64_t has_own = presence_of(p, port);
    const uint64_t may_serve =
        ~has_own & presence_of(p, TLZ_SERVICE) & presence_of(p, TLZ_DIRECTION);
    const uint64_t count = p->count;
    uint64_t *restrict u = p->u;
    uint64_t present = has_own;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t serves = went[i] == direction;

        serves &= may_serve >> i;
        u[i] = (own[i] & -(has_own >> i & 1)) | (service[i] & -serves);
        present |= serves << i;
    }
    *p->present = present;
}

static void derive_lport(const struct part *p)
{
    derive_port(p, TLZ_LPORT, TLZ_DIRECTION_IN);
}

static void derive_rport(const struct part *p)
{
    derive_port(p, TLZ_RPORT, TLZ_DIRECTION_OUT);
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
    void (*derive)(const struct part *part);
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

/* Takes zeroed memory for a column's values and presence. */
static void *take_zeros(struct arena *arena, size_t size)
{
    void *taken = arena_take(arena, size);

    return taken ? memset(taken, 0, size) : NULL;
}

static int derive_column(struct tlz_batch *batch, const struct derivation *d, struct arena *arena)
{
    bool is_bytes = tlz_type_is_bytes(tlz_fields[d->field].type);
    size_t value_size = is_bytes ? sizeof(struct tlz_bytes) : sizeof(uint64_t);
    uint64_t *present = take_zeros(arena, BITMAP_WORDS(batch->rows) * sizeof *present);
    void *values = take_zeros(arena, batch->rows * value_size);
    uint64_t *u = is_bytes ? NULL : values;
    struct tlz_bytes *bytes = is_bytes ? values : NULL;

    if (!present || !values)
        return -ENOMEM;
    for (uint32_t row = 0; row < batch->rows; row += 64) {
        uint32_t left = batch->rows - row, count = left < 64 ? left : 64;

        d->derive(&(struct part){.batch = batch,
                                 .row = row,
                                 .count = count,
                                 .u = u ? u + row : NULL,
                                 .bytes = bytes ? bytes + row : NULL,
                                 .present = &present[row / 64]});
        present[row / 64] &= UINT64_MAX >> (64 - count);
    }
    if (bitmap_count(present, batch->rows) == batch->rows)
        present = NULL;
    batch->column[d->field] = (struct tlz_column){.u = u, .bytes = bytes, .present = present};
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

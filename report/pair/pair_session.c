/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/pair/pair_session.h"

#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"

/* A field of integers: where it goes, and the bit that says that it is there. */
static const struct {
    enum tlz_field field;
    enum pair_value value;
    size_t offset;
    bool is_long; /* 64 bits, else 32 */
} numbers[] = {
    {TLZ_OPEN_US, PAIR_OPEN, offsetof(struct pair_session, open_us), true},
    {TLZ_ESTABLISHED_US, PAIR_ESTABLISHED, offsetof(struct pair_session, established_us), true},
    {TLZ_FIN_US, PAIR_FIN, offsetof(struct pair_session, fin_us), true},
    {TLZ_TX_PAYLOAD_BYTES, PAIR_TX, offsetof(struct pair_session, tx_bytes), true},
    {TLZ_RX_PAYLOAD_BYTES, PAIR_RX, offsetof(struct pair_session, rx_bytes), true},
    {TLZ_RETRANS_BYTES, PAIR_RETRANS, offsetof(struct pair_session, retrans_bytes), true},
    {TLZ_FIN_WAIT1_US, PAIR_FIN_WAIT1, offsetof(struct pair_session, fin_wait1_us), true},
    {TLZ_MIN_RTT_US, PAIR_MIN_RTT, offsetof(struct pair_session, min_rtt_us), false},
    {TLZ_PID, PAIR_PID, offsetof(struct pair_session, pid), false},
};

#define NUMBERS (sizeof numbers / sizeof *numbers)

int pair_sessions_open(struct pair_sessions *sessions)
{
    int r = flow_codes_open(&sessions->addresses);

    return r < 0 ? r : flow_codes_open(&sessions->comms);
}

void pair_sessions_close(struct pair_sessions *sessions)
{
    flow_codes_close(&sessions->addresses);
    flow_codes_close(&sessions->comms);
    free(sessions->session);
    *sessions = (struct pair_sessions){0};
}

void pair_sessions_fields(struct tlz_fieldset *fields)
{
    static const enum tlz_field others[] = {TLZ_CLOSE_US, TLZ_LADDR, TLZ_LPORT, TLZ_RADDR,
                                            TLZ_RPORT,    TLZ_COMM,  TLZ_END,   TLZ_DIRECTION};

    for (size_t i = 0; i < NUMBERS; i++)
        tlz_fieldset_add(fields, numbers[i].field);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        tlz_fieldset_add(fields, others[i]);
}

static void take_numbers(struct pair_session *s, const struct tlz_batch *batch, uint32_t row)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        uint64_t u;

        if (!tlz_batch_has(batch, numbers[i].field, row))
            continue;
        u = batch->column[numbers[i].field].u[row];
        s->has |= (uint16_t)(1u << numbers[i].value);
        if (numbers[i].is_long)
            memcpy((char *)s + numbers[i].offset, &u, sizeof u);
        else
            memcpy((char *)s + numbers[i].offset, &(uint32_t){(uint32_t)u}, sizeof(uint32_t));
    }
}

/* A number of an enumeration, or 0 (unknown). */
static uint8_t enumeration_of(const struct tlz_batch *batch, enum tlz_field f, uint32_t row)
{
    uint64_t u = tlz_batch_has(batch, f, row) ? batch->column[f].u[row] : 0;

    return tlz_enum_name(tlz_fields[f].enumeration, u) ? (uint8_t)u : 0;
}

static int take_codes(struct pair_sessions *sessions, struct pair_session *s,
                      const struct tlz_batch *batch, uint32_t row)
{
    union tlz_value value[2] = {{.bytes = batch->column[TLZ_LADDR].bytes[row]},
                                {.bytes = batch->column[TLZ_RADDR].bytes[row]}};
    uint32_t code[2];
    int r = flow_codes_find(&sessions->addresses, value, 2, code);

    if (r < 0)
        return r;
    s->laddr = code[0];
    s->raddr = code[1];
    if (!tlz_batch_has(batch, TLZ_COMM, row))
        return 0;
    value[0].bytes = batch->column[TLZ_COMM].bytes[row];
    return flow_codes_find(&sessions->comms, value, 1, &s->comm);
}

static int add(struct pair_sessions *sessions, const struct tlz_batch *batch, uint32_t row,
               uint32_t source)
{
    struct pair_session *s;

    if (recording_grow(&sessions->session, sessions->count, sizeof *sessions->session) < 0)
        return -ENOMEM;
    s = &sessions->session[sessions->count];
    *s = (struct pair_session){.source = source,
                               .close_us = batch->column[TLZ_CLOSE_US].u[row],
                               .lport = (uint16_t)batch->column[TLZ_LPORT].u[row],
                               .rport = (uint16_t)batch->column[TLZ_RPORT].u[row],
                               .end = enumeration_of(batch, TLZ_END, row),
                               .direction = enumeration_of(batch, TLZ_DIRECTION, row)};
    take_numbers(s, batch, row);
    if (take_codes(sessions, s, batch, row) < 0)
        return -ENOMEM;
    sessions->count++;
    return 0;
}

int pair_sessions_add(struct pair_sessions *sessions, const struct rows *rows, size_t max)
{
    int r = 0;

    if (rows->count > max - sessions->count)
        return -E2BIG;
    for (uint32_t i = 0; r == 0 && i < rows->count; i++)
        r = add(sessions, rows->batch, rows->row[i], rows->source);
    return r;
}

bool pair_address_is_loopback(const struct tlz_bytes *address)
{
    static const struct tlz_bytes one = {{[15] = 1}};

    if (tlz_address_family(address) == 4)
        return address->b[12] == 127;
    return memcmp(address, &one, sizeof one) == 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench_shown.h"

#include <arpa/inet.h>
#include <stdio.h>

static const enum tlz_field pids[] = {TLZ_CONNECT_PID, TLZ_IO_PID,     TLZ_CLOSER_PID,
                                      TLZ_ACCEPT_PID,  TLZ_LISTEN_PID, TLZ_TASK_FILE_PID};
static const enum tlz_field comms[] = {TLZ_CONNECT_COMM, TLZ_IO_COMM,     TLZ_CLOSER_COMM,
                                       TLZ_ACCEPT_COMM,  TLZ_LISTEN_COMM, TLZ_TASK_FILE_COMM};

/* The source by which the owner is known, or TLZ_OWNER_UNKNOWN. */
static enum tlz_owner owner(const struct tlz_row *s)
{
    enum tlz_owner source = 0;

    while (source < TLZ_OWNER_UNKNOWN && !tlz_row_has(s, pids[source]))
        source++;
    return source;
}

static enum tlz_field birth(const struct tlz_row *s)
{
    return tlz_row_has(s, TLZ_ESTABLISHED_US) ? TLZ_ESTABLISHED_US : TLZ_OPEN_US;
}

void shown_keep(struct tlz_row *s)
{
    static const enum tlz_field always[] = {TLZ_CLOSE_US, TLZ_DIRECTION, TLZ_LADDR,
                                            TLZ_LPORT,    TLZ_RADDR,     TLZ_RPORT,
                                            TLZ_TX_BYTES, TLZ_RX_BYTES};
    struct tlz_fieldset keep = {0};

    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        tlz_fieldset_add(&keep, always[i]);
    tlz_fieldset_add(&keep, birth(s));
    if (owner(s) != TLZ_OWNER_UNKNOWN) {
        tlz_fieldset_add(&keep, pids[owner(s)]);
        tlz_fieldset_add(&keep, comms[owner(s)]);
    }
    for (size_t i = 0; i < sizeof keep.bits / sizeof *keep.bits; i++)
        s->present.bits[i] &= keep.bits[i];
}

void shown_record(const struct tlz_row *s, struct shown_record *ret)
{
    const union tlz_value *v = s->value;

    *ret = (struct shown_record){
        .close_us = v[TLZ_CLOSE_US].u,
        .tx_bytes = v[TLZ_TX_BYTES].u,
        .rx_bytes = v[TLZ_RX_BYTES].u,
        .lport = (uint16_t)v[TLZ_LPORT].u,
        .rport = (uint16_t)v[TLZ_RPORT].u,
        .family = (uint16_t)tlz_address_family(&v[TLZ_RADDR].bytes),
    };
    if (tlz_row_has(s, birth(s)))
        ret->duration_us = (uint32_t)(v[TLZ_CLOSE_US].u - v[birth(s)].u);
    if (tlz_row_has(s, TLZ_SERVICE))
        ret->service = (uint16_t)v[TLZ_SERVICE].u;
    memcpy(ret->laddr, v[TLZ_LADDR].bytes.b, sizeof ret->laddr);
    memcpy(ret->raddr, v[TLZ_RADDR].bytes.b, sizeof ret->raddr);
    if (owner(s) == TLZ_OWNER_UNKNOWN)
        return;
    ret->pid = (uint32_t)v[pids[owner(s)]].u;
    memcpy(ret->comm, v[comms[owner(s)]].bytes.b, sizeof ret->comm);
}

static const char *address_text(const uint8_t address[16], int family, char *ret)
{
    return family == 4 ? inet_ntop(AF_INET, address + 12, ret, INET6_ADDRSTRLEN)
                       : inet_ntop(AF_INET6, address, ret, INET6_ADDRSTRLEN);
}

int shown_csv(const struct shown_record *s, char ret[SHOWN_CSV_MAX])
{
    char laddr[INET6_ADDRSTRLEN], raddr[INET6_ADDRSTRLEN];
    uint64_t second = s->close_us / 1000000;

    return snprintf(
        ret, SHOWN_CSV_MAX, "%02u:%02u:%02u,%u,%.16s,%d,%s,%u,%s,%u,%llu,%llu,%llu.%02u\n",
        (unsigned)(second / 3600 % 24), (unsigned)(second / 60 % 60), (unsigned)(second % 60),
        s->pid, s->comm, s->family, address_text(s->laddr, s->family, laddr), s->lport,
        address_text(s->raddr, s->family, raddr), s->rport,
        (unsigned long long)(s->tx_bytes / 1024), (unsigned long long)(s->rx_bytes / 1024),
        (unsigned long long)s->duration_us / 1000, s->duration_us % 1000 / 10);
}

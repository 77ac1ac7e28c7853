/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends the sessions of the reference mix as NetFlow version 9 to a collector on this machine.
 *
 *   mix_netflow PORT COUNT SEED PACKETS_A_SECOND
 *
 * A session is one record: addresses, ports, protocol, bytes and segments of both directions, first
 * and last time in milliseconds. That is what NetFlow has of what tcplife shows.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench_shown.h"
#include "format/wire.h"
#include "mix.h"

#define TEMPLATE_V4  256
#define TEMPLATE_V6  257
#define PACKET_MAX   1400
#define HEADER_SIZE  20
#define SET_SIZE     4
#define BOOT_BEFORE  UINT64_C(86400000000) /* the exporter's, before the first session's end */
#define BURST        32                    /* packets between two looks at the clock */
#define TEMPLATES_IN 1000                  /* packets between two of the templates */

/* Numbers and sizes of fields: RFC 3954, section 8. The addresses come first. */
static const uint16_t template_rest[][2] = {{7, 2}, {11, 2}, {4, 1},  {6, 1},  {1, 8},
                                            {2, 8}, {23, 8}, {24, 8}, {22, 4}, {21, 4}};
static const uint16_t template_v4[][2] = {{8, 4}, {12, 4}};
static const uint16_t template_v6[][2] = {{27, 16}, {28, 16}};

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct exporter {
    int fd;
    uint64_t boot_us;
    uint32_t sequence;
    uint64_t packets, rate;
    struct timespec start;
    uint8_t packet[PACKET_MAX];
    size_t size;
    uint16_t records;
    uint16_t set; /* its template; 0 = none begun */
    size_t set_at;
};

/* Big-endian. */
static void put(struct exporter *e, uint64_t value, unsigned int bytes)
{
    while (bytes-- > 0)
        e->packet[e->size++] = (uint8_t)(value >> (8 * bytes));
}

static void put_at(struct exporter *e, size_t at, uint64_t value, unsigned int bytes)
{
    size_t size = e->size;

    e->size = at;
    put(e, value, bytes);
    e->size = size;
}

static void begin_packet(struct exporter *e)
{
    e->size = HEADER_SIZE;
    e->records = e->set = 0;
}

static void end_set(struct exporter *e)
{
    if (e->set == 0)
        return;
    while (e->size % 4)
        put(e, 0, 1);
    put_at(e, e->set_at + 2, e->size - e->set_at, 2);
    e->set = 0;
}

static void begin_set(struct exporter *e, uint16_t number)
{
    end_set(e);
    e->set_at = e->size;
    e->set = number;
    put(e, number, 2);
    put(e, 0, 2);
}

/* No more than so many packets since the start. */
static void keep_to_rate(const struct exporter *e)
{
    struct timespec due = e->start;
    uint64_t ns = e->packets * UINT64_C(1000000000) / e->rate;

    if (e->packets % BURST)
        return;
    due.tv_sec += (time_t)(ns / 1000000000);
    due.tv_nsec += (long)(ns % 1000000000);
    if (due.tv_nsec >= 1000000000) {
        due.tv_sec++;
        due.tv_nsec -= 1000000000;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
}

static void send_packet(struct exporter *e, uint64_t now_us)
{
    end_set(e);
    if (e->size == HEADER_SIZE)
        return;
    put_at(e, 0, 9, 2);
    put_at(e, 2, e->records, 2);
    put_at(e, 4, (now_us - e->boot_us) / 1000, 4);
    put_at(e, 8, now_us / 1000000, 4);
    put_at(e, 12, e->sequence++, 4);
    put_at(e, 16, 1, 4);
    if (send(e->fd, e->packet, e->size, 0) < 0)
        err(1, "send");
    e->packets++;
    keep_to_rate(e);
    begin_packet(e);
}

static void put_fields(struct exporter *e, const uint16_t (*fields)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put(e, fields[i][0], 2);
        put(e, fields[i][1], 2);
    }
}

static void put_templates(struct exporter *e)
{
    begin_set(e, 0);
    put(e, TEMPLATE_V4, 2);
    put(e, COUNT(template_v4) + COUNT(template_rest), 2);
    put_fields(e, template_v4, COUNT(template_v4));
    put_fields(e, template_rest, COUNT(template_rest));
    put(e, TEMPLATE_V6, 2);
    put(e, COUNT(template_v6) + COUNT(template_rest), 2);
    put_fields(e, template_v6, COUNT(template_v6));
    put_fields(e, template_rest, COUNT(template_rest));
    put_at(e, e->set_at + 2, e->size - e->set_at, 2);
    e->set = 0;
    e->records += 2;
}

static void put_bytes(struct exporter *e, const uint8_t *bytes, size_t size)
{
    memcpy(e->packet + e->size, bytes, size);
    e->size += size;
}

static uint64_t count_of(const struct tlz_row *row, enum tlz_field field)
{
    return tlz_row_has(row, field) ? row->value[field].u : 0;
}

static void put_session(struct exporter *e, const struct tlz_row *row)
{
    struct shown_record s;
    size_t skip;

    shown_record(row, &s);
    skip = s.family == 4 ? 12 : 0;
    if (e->set != (skip ? TEMPLATE_V4 : TEMPLATE_V6))
        begin_set(e, skip ? TEMPLATE_V4 : TEMPLATE_V6);
    put_bytes(e, s.laddr + skip, 16 - skip);
    put_bytes(e, s.raddr + skip, 16 - skip);
    put(e, s.lport, 2);
    put(e, s.rport, 2);
    put(e, IPPROTO_TCP, 1);
    put(e, 0x1b, 1); /* FIN, SYN, PSH, ACK */
    put(e, s.tx_bytes, 8);
    put(e, count_of(row, TLZ_SEGS_OUT), 8);
    put(e, s.rx_bytes, 8);
    put(e, count_of(row, TLZ_SEGS_IN), 8);
    put(e, (s.close_us - s.duration_us - e->boot_us) / 1000, 4);
    put(e, (s.close_us - e->boot_us) / 1000, 4);
    e->records++;
}

static void open_exporter(struct exporter *e, const char *port, uint64_t rate)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)atoi(port)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    *e = (struct exporter){.rate = rate};
    e->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (e->fd < 0 || connect(e->fd, (struct sockaddr *)&to, sizeof to) < 0)
        err(1, "port %s", port);
    clock_gettime(CLOCK_MONOTONIC, &e->start);
    begin_packet(e);
}

int main(int argc, char **argv)
{
    static struct exporter e;
    struct tlz_clock clock;
    struct tlz_row row;
    struct mix *mix;
    uint64_t now_us = 0;

    if (argc != 5 || strtoull(argv[4], NULL, 10) == 0)
        errx(2, "usage: mix_netflow PORT COUNT SEED PACKETS_A_SECOND");
    if (mix_open(&mix, strtoull(argv[3], NULL, 10)) < 0)
        errx(1, "no memory");
    open_exporter(&e, argv[1], strtoull(argv[4], NULL, 10));
    mix_clock(&clock);
    for (uint64_t i = 0; i < strtoull(argv[2], NULL, 10); i++) {
        mix_next(mix, &row);
        now_us = row.value[TLZ_CLOSE_US].u - clock.boot_us + clock.real_us;
        TLZ_FOREACH_SESSION_FIELD(f)
            if (tlz_fields[f].type == TLZ_TYPE_TIME)
                row.value[f].u += clock.real_us - clock.boot_us;
        e.boot_us = e.boot_us ? e.boot_us : now_us - BOOT_BEFORE;
        if (e.packets % TEMPLATES_IN == 0 && e.size == HEADER_SIZE)
            put_templates(&e);
        put_session(&e, &row);
        if (e.size + SET_SIZE + 96 > PACKET_MAX)
            send_packet(&e, now_us);
    }
    send_packet(&e, now_us);
    mix_free(mix);
    close(e.fd);
    return 0;
}

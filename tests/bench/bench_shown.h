/* SPDX-License-Identifier: BSD-2-Clause */
/* What bcc's tcplife shows of a session, in the forms that are compared. */
#ifndef BENCH_SHOWN_H
#define BENCH_SHOWN_H

#include "format/row.h"

/*
 * Leaves only that: close_us; established_us, or open_us where there is none (its MS is from the
 * one, or the other, to the close); the owner's process and name, under the source that it is known
 * by; direction; laddr, lport, raddr, rport; tx_bytes, rx_bytes.
 */
void shown_keep(struct tlz_row *s);

/* The same as a struct of C. */
struct shown_record {
    uint64_t close_us;
    uint64_t tx_bytes;
    uint64_t rx_bytes;
    uint32_t duration_us;
    uint32_t pid;
    uint8_t laddr[16];
    uint8_t raddr[16];
    uint16_t lport;
    uint16_t rport;
    uint16_t service;
    uint16_t family;
    char comm[16];
};

void shown_record(const struct tlz_row *s, struct shown_record *ret);

/* The same as `tcplife -s -T` prints it. Returns the length. */
#define SHOWN_CSV_MAX 256
int shown_csv(const struct shown_record *s, char ret[SHOWN_CSV_MAX]);

#endif

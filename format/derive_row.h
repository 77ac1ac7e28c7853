/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How derived numbers are made of those of one session: inline, since readers make them of columns
 * (derive.c) and the writer, which wants to know their ranges, of every row.
 */
#ifndef TLZ_DERIVE_ROW_H
#define TLZ_DERIVE_ROW_H

#include "format/row.h"

/* What the lifespan of a session is made from: times, 0 where there is none, and which there are, 1
 * or 0. */
struct times {
    uint64_t has_close, has_established, has_open;
    uint64_t has_both; /* SYN_SENT and SYN_RECV: a simultaneous open */
    uint64_t close_us, established_us, open_us, syn_sent_us;
};

/*
 * From the birth of a session as bcc's tcplife has it: each state before FIN_WAIT1 in turn
 * overwrites it (tools/tcplife.py: `if (state < TCP_FIN_WAIT1) birth.update(...)`). 0 when it is
 * not known, else 1.
 */
static inline uint64_t find_lifespan(const struct times *t, uint64_t *ret_us)
{
    uint64_t opened = t->open_us + (t->syn_sent_us & -t->has_both);
    uint64_t birth =
        (t->established_us & -t->has_established) | (opened & (t->has_established - 1));
    uint64_t is_later = birth <= t->close_us;

    *ret_us = t->close_us - birth;
    return t->has_close & (t->has_established | t->has_open) & is_later;
}

/* A value less a part of it. 0 when it is not known, else 1. */
static inline uint64_t find_rest(uint64_t has_both, uint64_t all, uint64_t part, uint64_t *ret)
{
    uint64_t is_less = part <= all;

    *ret = all - part;
    return has_both & is_less;
}

static inline uint64_t row_value(const struct tlz_row *row, const struct tlz_fieldset *present,
                                 enum tlz_field f)
{
    return tlz_fieldset_has(present, f) ? row->value[f].u : 0;
}

static inline uint64_t row_has(const struct tlz_fieldset *present, enum tlz_field f)
{
    return tlz_fieldset_has(present, f);
}

/* Of a row of which `present` is what it has: 1 and *ret, or 0 when it has none. */
static inline uint64_t row_lifespan(const struct tlz_row *row, const struct tlz_fieldset *present,
                                    uint64_t *ret_us)
{
    const struct times t = {
        .has_close = row_has(present, TLZ_CLOSE_US),
        .has_established = row_has(present, TLZ_ESTABLISHED_US),
        .has_open = row_has(present, TLZ_OPEN_US),
        .has_both = row_has(present, TLZ_SYN_RECV_US) & row_has(present, TLZ_SYN_SENT_US),
        .close_us = row_value(row, present, TLZ_CLOSE_US),
        .established_us = row_value(row, present, TLZ_ESTABLISHED_US),
        .open_us = row_value(row, present, TLZ_OPEN_US),
        .syn_sent_us = row_value(row, present, TLZ_SYN_SENT_US),
    };

    return find_lifespan(&t, ret_us);
}

/* The same of the value of a field less that of another one. */
static inline uint64_t row_rest(const struct tlz_row *row, const struct tlz_fieldset *present,
                                enum tlz_field all, enum tlz_field part, uint64_t *ret)
{
    return find_rest(row_has(present, all) & row_has(present, part), row_value(row, present, all),
                     row_value(row, present, part), ret);
}

#endif

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
struct lifespan_times {
    uint64_t has_close, has_established, has_open;
    uint64_t has_both; /* SYN_SENT and SYN_RECV: a simultaneous open */
    uint64_t close_us, established_us, open_us, syn_sent_us;
};

/*
 * From the birth of a session as bcc's tcplife has it: each state before FIN_WAIT1 in turn
 * overwrites it (tools/tcplife.py: `if (state < TCP_FIN_WAIT1) birth.update(...)`). 0 when it is
 * not known, else 1.
 */
static inline uint64_t find_lifespan(const struct lifespan_times *t, uint64_t *ret_us)
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

static inline uint64_t stored_value(const struct tlz_fieldset *present, const struct tlz_row *row,
                                    enum tlz_field f)
{
    return tlz_fieldset_has(present, f) ? row->value[f].u : 0;
}

/* Of a session of which `present` is what it has: 1 and *ret, or 0 when it has none. */
static inline uint64_t row_lifespan(const struct tlz_fieldset *present, const struct tlz_row *row,
                                    uint64_t *ret_us)
{
    const struct lifespan_times t = {
        .has_close = tlz_fieldset_has(present, TLZ_CLOSE_US),
        .has_established = tlz_fieldset_has(present, TLZ_ESTABLISHED_US),
        .has_open = tlz_fieldset_has(present, TLZ_OPEN_US),
        .has_both =
            tlz_fieldset_has(present, TLZ_SYN_RECV_US) & tlz_fieldset_has(present, TLZ_SYN_SENT_US),
        .close_us = stored_value(present, row, TLZ_CLOSE_US),
        .established_us = stored_value(present, row, TLZ_ESTABLISHED_US),
        .open_us = stored_value(present, row, TLZ_OPEN_US),
        .syn_sent_us = stored_value(present, row, TLZ_SYN_SENT_US),
    };

    return find_lifespan(&t, ret_us);
}

/* The same of the value of a field less that of another one. */
static inline uint64_t row_rest(const struct tlz_fieldset *present, const struct tlz_row *row,
                                enum tlz_field all, enum tlz_field part, uint64_t *ret)
{
    return find_rest(tlz_fieldset_has(present, all) & tlz_fieldset_has(present, part),
                     stored_value(present, row, all), stored_value(present, row, part), ret);
}

#endif

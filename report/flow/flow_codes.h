/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The different values of a key, each with a number of its own: its code. So a flow is a few small
 * numbers, and each value stands in memory once.
 */
#ifndef REPORT_FLOW_FLOW_CODES_H
#define REPORT_FLOW_FLOW_CODES_H

#include "format/row.h"

/* Absent has no value. */
#define FLOW_CODE_ABSENT 0

/* So many values are looked up at once, so that memory is fetched for all of them meanwhile. */
#define FLOW_CODES_ROWS 256

struct flow_codes {
    union tlz_value *values; /* of code 1, and so on */
    size_t count;
    uint32_t *slots;   /* codes; 0 = free */
    size_t slot_count; /* a power of two */
    uint64_t seed[2];  /* nobody can choose values that fall into one slot */
};

/* 0 or a negative errno. */
int flow_codes_open(struct flow_codes *codes);
void flow_codes_close(struct flow_codes *codes);

/* The codes of up to FLOW_CODES_ROWS values, of which all 16 bytes count; those of new ones are the
 * next. 0 or -ENOMEM. */
int flow_codes_find(struct flow_codes *codes, const union tlz_value *value, size_t count,
                    uint32_t *ret);

/* The code of a value, or FLOW_CODE_ABSENT: there is none. */
uint32_t flow_codes_look(const struct flow_codes *codes, const union tlz_value *value);

/* For each code, from 1, how many values are less (of integers, or else by their bytes): for the
 * caller to free, or NULL when memory is out. The first is that of absent: no value is less. */
uint32_t *flow_codes_ranks(const struct flow_codes *codes, bool is_bytes);

/* The value of a code that is not FLOW_CODE_ABSENT. */
static inline const union tlz_value *flow_codes_value(const struct flow_codes *codes, uint32_t code)
{
    return &codes->values[code - 1];
}

/* A seed that nobody knows. 0 or a negative errno. */
int flow_seed(uint64_t ret[2]);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What makes sessions one flow: --flows=KEYS. */
#ifndef REPORT_FLOW_FLOW_KEY_H
#define REPORT_FLOW_FLOW_KEY_H

#include "format/row.h"

#define FLOW_KEYS_MAX     16
#define FLOW_KEY_SIZE_MAX 40 /* bytes of each, as it is typed */

/* What is kept of an IPv6 address, where a key says only what is of an IPv4 one. */
#define FLOW_PREFIX_V6 64

/* A field of sessions whose values tell flows apart, or those parts of them that count. */
struct flow_key {
    const char *name; /* as it was typed */
    enum tlz_field field;
    bool is_cut;            /* of an address the first bits count: */
    uint8_t prefix_bits[2]; /* ... so many, of an IPv4 and of an IPv6 address */
    uint64_t step_us; /* of a time or duration how often that is in it; 0 = all of it counts */
};

/*
 * Reads FIELD[/BITS[/BITS_OF_IPV6]] or FIELD[/STEP], with commas between, from `text`, whose commas
 * become NULs, since names stay there. 0 and ret[0 .. *ret_count), or EXIT_USAGE after saying what
 * is wrong.
 */
int flow_keys_parse(char *text, struct flow_key ret[FLOW_KEYS_MAX], size_t *ret_count);

/* A step of time, from its beginning to the next one's. */
struct flow_step {
    uint64_t from_us, to_us;
};

/* The part of a value that counts. Steps of time are those of report/view/grid.h, so the zone must
 * be chosen; *last is the one that was found last, zeroed = none. */
union tlz_value flow_key_value(const struct flow_key *key, union tlz_value value,
                               struct flow_step *last);

/* True when its steps go by the clock. */
static inline bool flow_key_is_timed(const struct flow_key *key)
{
    return key->step_us && tlz_fields[key->field].type == TLZ_TYPE_TIME;
}

#endif

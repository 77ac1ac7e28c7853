/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is counted of a flow: of each field that is asked for, the parts that are. A flow's words
 * hold the parts of all fields; nothing is in them that nobody asked for.
 */
#ifndef REPORT_FLOW_FLOW_MEASURES_H
#define REPORT_FLOW_FLOW_MEASURES_H

#include "format/row.h"
#include "report/view/quantiles.h"
#include "util/wide.h"

enum flow_part {
    FLOW_COUNT,     /* values */
    FLOW_SUM,       /* of them; the greatest number where it is greater */
    FLOW_WHOLE_SUM, /* in 128 bits, which no number of sessions can overflow */
    FLOW_MIN,
    FLOW_MAX,
    FLOW_QUANTILES, /* struct quantiles */
    FLOW_FAILED,    /* of `end`: those that nobody wanted */
    FLOW_RETRANS,   /* of `retrans_bytes`, where `sent_bytes` is known, too: both whole sums */
    FLOW_PARTS
};

/* The first words of every flow: how many sessions it has, and a bit for each measure of which one
 * of them has a value. */
enum { FLOW_WORD_SESSIONS, FLOW_WORD_KNOWN, FLOW_WORDS_FIRST };

#define FLOW_MEASURES_ROWS 256

#define FLOW_PART_BIT(part) (1u << (part))

struct flow_measure {
    enum tlz_field field;
    unsigned int parts;      /* of FLOW_PART_BIT() */
    uint32_t at[FLOW_PARTS]; /* the first word of each */
};

struct flow_measures {
    struct flow_measure measure[64];
    size_t count;
    size_t words; /* of a flow */
};

/* Whether a session with that `end` did not come to one that either side wanted. */
bool flow_has_failed(uint64_t end);

/* Adds a part of a field, if it is not there. `fields` gets what that is made of. */
void flow_measures_add(struct flow_measures *m, enum tlz_field field, enum flow_part part,
                       struct tlz_fieldset *fields);

/* Says where each part is, after the last was added. Returns the words of a flow without sessions,
 * for the caller to free, or NULL when memory is out. */
uint64_t *flow_measures_arrange(struct flow_measures *m);

/* The measure of a field of which something was added. */
const struct flow_measure *flow_measures_find(const struct flow_measures *m, enum tlz_field field);

/* Whether it knows a value of that flow. */
static inline bool flow_measure_is_known(const struct flow_measures *m,
                                         const struct flow_measure *measure, const uint64_t *words)
{
    return words[FLOW_WORD_KNOWN] >> (measure - m->measure) & 1;
}

/* Counts rows row[0 .. count) of a batch, up to FLOW_MEASURES_ROWS, the words of whose flows these
 * are. 0 or -ENOMEM. */
int flow_measures_count(const struct flow_measures *m, const struct tlz_batch *batch,
                        const uint32_t *row, uint32_t count, uint64_t *const *words);

/* Frees what a flow's words hold. */
void flow_measures_free(const struct flow_measures *m, uint64_t *words);

/* The sum of FLOW_WHOLE_SUM, or the first or second (1) of FLOW_RETRANS. */
static inline wide_number flow_sum_at(const uint64_t *words, uint32_t at, unsigned int which)
{
    return wide_join(words[at + 2 * which + 1], words[at + 2 * which]);
}

/* What is shown of a sum: the greatest number where it is greater; and says so, once for all. */
static inline uint64_t flow_sum_shown(wide_number sum)
{
    return wide_clamp(sum);
}

void flow_say_saturated(void);

/* The quantiles of FLOW_QUANTILES. */
static inline const struct quantiles *flow_quantiles_at(const uint64_t *words, uint32_t at)
{
    return (const struct quantiles *)&words[at];
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The distribution of numbers, for their quantiles. A few are kept as they are, and quantiles of
 * them are exact. Of more, a histogram counts them: numbers below 128 exactly, greater ones in 64
 * steps of equal width between a power of two and the next. A quantile is then the middle of a
 * step, so it is off by half of a step's width at most, and numbers in a step are at least 64 times
 * its width: by 1/128 (0.8 %) of the true one. The least and the greatest are exact always.
 *
 * Only steps in which there are numbers take memory, 8 bytes each.
 */
#ifndef REPORT_VIEW_QUANTILES_H
#define REPORT_VIEW_QUANTILES_H

#include <stdbool.h>
#include <stdint.h>

/* So many numbers are kept as they are. */
#define QUANTILES_EXACT 32

/* Quantiles of more are off by this part of the true one, at most. */
#define QUANTILES_ERROR_DIVISOR 128

/* The most memory of one, besides itself: every step of every power of two. */
#define QUANTILES_STEPS     3776
#define QUANTILES_BYTES_MAX (QUANTILES_STEPS * sizeof(uint64_t))

/* Zeroed = empty. All but `count`, `min` and `max` is quantiles.c's own. */
struct quantiles {
    uint64_t count;    /* of the numbers */
    uint64_t min, max; /* meaningless while the count is 0 */
    uint64_t *held;    /* up to QUANTILES_EXACT: the numbers; then the steps; ascending */
    uint32_t used, room;
};

/* Adds a number. 0, or -ENOMEM and nothing has changed. */
int quantiles_add(struct quantiles *q, uint64_t value);

/* Adds all numbers of another one. 0, or -ENOMEM: then some of them may have been added. */
int quantiles_merge(struct quantiles *q, const struct quantiles *from);

/*
 * The quantile part/of (part <= of, 0 < of) by nearest rank: the least number so that at least that
 * part of all numbers is not greater. It is one of the numbers, or near it as above; for part 0 it
 * is the least number. The same numbers give the same, in whichever order they came. False when
 * there are none.
 */
bool quantiles_at(const struct quantiles *q, uint32_t part, uint32_t of, uint64_t *ret);

/* Frees what it holds: it is empty again. */
void quantiles_free(struct quantiles *q);

#endif

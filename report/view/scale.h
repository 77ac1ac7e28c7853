/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps of a histogram: round numbers that grow by powers. Step i holds the numbers from
 * edge[i] to edge[i + 1], the latter left out; the last one all from edge[i] on. The first edge is
 * 0 and the second 1, so 0 has a step of its own.
 */
#ifndef REPORT_VIEW_SCALE_H
#define REPORT_VIEW_SCALE_H

#include <stddef.h>
#include <stdint.h>

#define SCALE_STEPS_MAX 72

struct scale {
    uint64_t edge[SCALE_STEPS_MAX]; /* ascending */
    size_t count;
};

enum scale_kind {
    SCALE_NUMBERS,   /* 1, 2, 5, 10, 20, 50, ... */
    SCALE_SIZES,     /* powers of two */
    SCALE_DURATIONS, /* microseconds: 1, 2, 5, ... of each of us, ms, s, m, h, d */
};

void scale_make(struct scale *ret, enum scale_kind kind);

/* The step in which a number is. */
size_t scale_step(const struct scale *scale, uint64_t value);

#endif

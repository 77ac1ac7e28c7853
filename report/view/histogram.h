/* SPDX-License-Identifier: BSD-2-Clause */
/* How often values come, in steps of them. */
#ifndef REPORT_VIEW_HISTOGRAM_H
#define REPORT_VIEW_HISTOGRAM_H

#include "format/row.h"
#include "report/flow/flow_codes.h"
#include "report/view/scale.h"

/* Times are shown in so many steps at most, and one or two more where clocks are changed. */
#define HISTOGRAM_TIMES_MAX 40

enum histogram_form {
    HISTOGRAM_NUMBERS, /* steps of a scale (report/view/scale.h), */
    HISTOGRAM_SIZES,   /* ... from the first to the last that is not empty */
    HISTOGRAM_DURATIONS,
    HISTOGRAM_TIMES,  /* equal steps (report/view/grid.h) */
    HISTOGRAM_VALUES, /* each value, the one that comes most often first */
};

struct histogram_step {
    union tlz_value from; /* the least value in it, or its only one */
    uint64_t to;          /* the first behind it, if there is one */
    bool has_to;
    uint64_t count;
};

/* `present` and `absent` are for all to read; `greatest` after histogram_finish(). */
struct histogram {
    enum histogram_form form;
    enum tlz_field field;
    uint64_t absent;
    uint64_t present;
    uint64_t greatest; /* count of a step */
    struct scale scale;
    uint64_t *counts; /* of the scale's steps, or of codes */
    size_t counted;   /* how many of them there are */
    struct flow_codes codes;
    uint32_t *order; /* of codes */
    uint64_t *times;
    size_t room;      /* for them */
    uint64_t step_us; /* of times */
    size_t at;        /* the next step, code or time */
    uint64_t next_us; /* when the next step of times begins */
};

/* That of a field of sessions: a number that is a name, such as a port, has values and not steps.
 */
enum histogram_form histogram_form_of(enum tlz_field field);

/* Each returns 0 or a negative errno. histogram_close() follows in every case. */
int histogram_open(struct histogram *h, enum histogram_form form, enum tlz_field field);
void histogram_close(struct histogram *h);

/* Adds a value that is there: 16 bytes, or a number. */
int histogram_add(struct histogram *h, const union tlz_value *value);
int histogram_add_number(struct histogram *h, uint64_t value);

/* After the last was added; of times, in the zone that was chosen. */
int histogram_finish(struct histogram *h);

/* The next step. False behind the last. */
bool histogram_next(struct histogram *h, struct histogram_step *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the writer expects a field of TLZ_TABLE_ROWS to be; what it stores is the difference. A new
 * predictor is a row here and a name in field.h. A reader needs none of this: the column's header
 * says which columns to add.
 */
#ifndef TLZ_PREDICTOR_H
#define TLZ_PREDICTOR_H

#include "format/field.h"

#define PREDICTOR_TERMS_MAX 7

/* A field in a predictor. All have lower numbers than the field that is predicted. */
struct predictor_term {
    enum tlz_field field;
    bool negative;
};

enum predictor {
    PREDICT_NONE,
    PREDICT_PREVIOUS, /* the value of the row before */
    PREDICT_LANES,    /* the value of the same lane before */
    PREDICT_OPEN,
    PREDICT_ESTABLISHED,
    PREDICT_IN_ESTABLISHED,
    PREDICT_FIN,
    PREDICT_SENT,
    PREDICT_SEGS_OUT,
    PREDICT_MIN_RTT,
    PREDICTORS
};

static const struct {
    struct predictor_term term[PREDICTOR_TERMS_MAX];
    int terms;
} predictors[PREDICTORS] = {
    [PREDICT_OPEN] = {{{TLZ_CLOSE_US, false}}, 1},
    [PREDICT_ESTABLISHED] =
        {{{TLZ_OPEN_US, false}, {TLZ_SYN_SENT_US, false}, {TLZ_SYN_RECV_US, false}}, 3},
    [PREDICT_IN_ESTABLISHED] = {{{TLZ_CLOSE_US, false},
                                 {TLZ_ESTABLISHED_US, true},
                                 {TLZ_FIN_WAIT1_US, true},
                                 {TLZ_FIN_WAIT2_US, true},
                                 {TLZ_CLOSE_WAIT_US, true},
                                 {TLZ_LAST_ACK_US, true},
                                 {TLZ_CLOSING_US, true}},
                                7},
    [PREDICT_FIN] = {{{TLZ_CLOSE_US, false},
                      {TLZ_FIN_WAIT1_US, true},
                      {TLZ_FIN_WAIT2_US, true},
                      {TLZ_CLOSE_WAIT_US, true},
                      {TLZ_LAST_ACK_US, true},
                      {TLZ_CLOSING_US, true}},
                     6},
    [PREDICT_SENT] = {{{TLZ_TX_BYTES, false}, {TLZ_RETRANS_BYTES, false}}, 2},
    [PREDICT_SEGS_OUT] = {{{TLZ_SEGS_OUT, false}}, 1},
    [PREDICT_MIN_RTT] = {{{TLZ_MIN_RTT_US, false}}, 1},
};

/* By field. */
static const enum predictor field_predictors[TLZ_FIELD_COUNT] = {
#define X(id, name, number, type, enumeration, max, table, predictor, help)                        \
    [TLZ_##id] = PREDICT_##predictor,
    TLZ_FIELDS(X) TLZ_STATE_ONLY_FIELDS(X)
#undef X
};

/* The sum of the terms, modulo 2^64, in a row of values by field that has 0 where one is absent. */
static inline uint64_t predicted_value(enum predictor predictor, const uint64_t *row)
{
    uint64_t sum = 0;

    for (int i = 0; i < predictors[predictor].terms; i++) {
        struct predictor_term term = predictors[predictor].term[i];

        sum += term.negative ? -row[term.field] : row[term.field];
    }
    return sum;
}

#endif

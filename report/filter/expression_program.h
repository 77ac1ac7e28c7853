/* SPDX-License-Identifier: BSD-2-Clause */
/* A compiled expression: steps in postfix order, each of which takes bitmaps of rows from a stack
 * and leaves one. */
#ifndef REPORT_FILTER_EXPRESSION_PROGRAM_H
#define REPORT_FILTER_EXPRESSION_PROGRAM_H

#include "report/filter/expression.h"
#include "report/filter/pattern.h"

enum step_kind {
    STEP_AND,
    STEP_OR,
    STEP_NOT,
    STEP_HAS,     /* the field has a value */
    STEP_RANGES,  /* an integer is in one of ranges[first .. first + count) */
    STEP_NETS,    /* 16 bytes are in one of nets[first .. first + count) */
    STEP_PATTERN, /* a name matches patterns[first] */
    STEP_FIELDS,  /* field and other compare so */
};

enum comparison {
    COMPARE_EQUAL,
    COMPARE_NOT_EQUAL,
    COMPARE_LESS,
    COMPARE_LESS_EQUAL,
    COMPARE_GREATER,
    COMPARE_GREATER_EQUAL,
};

struct step {
    enum step_kind kind;
    enum tlz_field field, other;
    enum comparison comparison;
    bool is_other; /* of the rows that have a value, those which are not so: != and not in */
    uint32_t first, count;
};

struct range {
    uint64_t low, high; /* low > high: nothing */
};

/* The halves of 16 bytes, as they lie in memory. */
struct net {
    uint64_t value[2], mask[2];
    bool is_v6; /* no IPv4 address is in it, though their mapped form would be */
};

struct expression {
    enum tlz_kind kind;
    struct step *steps;
    struct range *ranges;
    struct net *nets;
    struct pattern **patterns;
    size_t step_count, range_count, net_count, pattern_count;
    size_t depth;    /* of the stack */
    uint64_t *stack; /* depth bitmaps of TLZ_ROWS_MAX rows */
};

#endif

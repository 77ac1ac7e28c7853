/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two halves of the compiler share. Each function: 0, -EINVAL after saying what is wrong,
 * or -ENOMEM. */
#ifndef REPORT_FILTER_EXPRESSION_PARSER_H
#define REPORT_FILTER_EXPRESSION_PARSER_H

#include "report/filter/expression_token.h"

struct parser {
    struct expression *expression;
    unsigned int kinds; /* whose fields it may name */
    struct expression_place place;
    struct token token; /* not yet used up */
    size_t used;        /* bitmaps on the stack */
    unsigned int depth;
};

/* The next token. */
int parser_next(struct parser *p);

/* Says that the token is wrong. */
int parser_wrong(const struct parser *p, const char *problem);

/* Parses something that is nested in another. */
int parser_deeper(struct parser *p, int (*parse)(struct parser *p));

/* Adds a step. */
int parser_add(struct parser *p, const struct step *step);

/* A field's name. */
int parser_field(struct parser *p, enum tlz_field *ret);

/* A field and what is asked of it: test of expression_field.c. */
int parse_test(struct parser *p);

#endif

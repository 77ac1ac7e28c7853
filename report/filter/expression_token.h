/* SPDX-License-Identifier: BSD-2-Clause */
/* The words and signs of an expression, and what is said of them when they are wrong. */
#ifndef REPORT_FILTER_EXPRESSION_TOKEN_H
#define REPORT_FILTER_EXPRESSION_TOKEN_H

#include "report/filter/expression_program.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD, /* a field, or a value */
    TOKEN_TEXT, /* what stands in quotes: a value */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_RANGE,   /* .. */
    TOKEN_COMPARE, /* == != < <= > >= */
    TOKEN_MATCH,   /* ~ */
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_IN,
    TOKEN_HAS,
};

struct token {
    enum token_kind kind;
    enum comparison comparison;
    const char *typed; /* all of it, */
    size_t typed_size;
    const char *text; /* and without its quotes */
    size_t size;
};

/* What has to be known to say where something is wrong. */
struct expression_place {
    const char *text; /* of the whole expression */
    struct expression_error *error;
};

/* Says what is wrong at those bytes of the text. -EINVAL */
int expression_wrong(const struct expression_place *place, const char *at, size_t size,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The token that begins at `text` or behind blanks there. 0 and *ret, or -EINVAL after saying what
 * is wrong. */
int token_take(const struct expression_place *place, const char *text, struct token *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compiles an expression by recursive descent, straight into steps:
 *
 *   expression: term { ("or" | "||") term }
 *   term:       factor { ("and" | "&&") factor }
 *   factor:     ("not" | "!") factor | "(" expression ")" | "has" "(" FIELD ")" | test
 *
 * A test, of one field, is in expression_field.c.
 */
#include <errno.h>
#include <stdlib.h>

#include "format/block.h"
#include "report/capture/recording.h"
#include "report/filter/expression_parser.h"

int parser_next(struct parser *p)
{
    return token_take(&p->place, p->token.typed + p->token.typed_size, &p->token);
}

int parser_wrong(const struct parser *p, const char *problem)
{
    return expression_wrong(&p->place, p->token.typed, p->token.typed_size, "%s", problem);
}

int parser_add(struct parser *p, const struct step *step)
{
    struct expression *e = p->expression;

    if (recording_grow(&e->steps, e->step_count, sizeof *e->steps) < 0)
        return -ENOMEM;
    e->steps[e->step_count++] = *step;
    if (step->kind == STEP_AND || step->kind == STEP_OR)
        p->used--;
    else if (step->kind != STEP_NOT)
        p->used++;
    if (p->used > e->depth)
        e->depth = p->used;
    return 0;
}

static int parse_or(struct parser *p);

static int parse_parentheses(struct parser *p)
{
    struct token open = p->token;
    int r = parser_next(p);

    if (r == 0)
        r = parse_or(p);
    if (r < 0)
        return r;
    if (p->token.kind == TOKEN_END)
        return expression_wrong(&p->place, open.typed, 1, "this '(' is not closed");
    if (p->token.kind != TOKEN_CLOSE)
        return parser_wrong(p, "here 'and', 'or' or ')' is missing");
    return parser_next(p);
}

static int parse_has(struct parser *p)
{
    struct step step = {.kind = STEP_HAS};
    int r = parser_next(p);

    if (r < 0)
        return r;
    if (p->token.kind != TOKEN_OPEN)
        return parser_wrong(p, "'has' wants a field in parentheses behind it");
    r = parser_next(p);
    if (r == 0)
        r = parser_field(p, &step.field);
    if (r < 0)
        return r;
    if (p->token.kind != TOKEN_CLOSE)
        return parser_wrong(p, "here ')' is missing");
    r = parser_next(p);
    return r < 0 ? r : parser_add(p, &step);
}

static int parse_factor(struct parser *p)
{
    int r;

    switch (p->token.kind) {
    case TOKEN_NOT:
        r = parser_next(p);
        if (r == 0)
            r = parser_deeper(p, parse_factor);
        return r < 0 ? r : parser_add(p, &(struct step){.kind = STEP_NOT});
    case TOKEN_OPEN:
        return parser_deeper(p, parse_parentheses);
    case TOKEN_HAS:
        return parse_has(p);
    default:
        return parse_test(p);
    }
}

int parser_deeper(struct parser *p, int (*parse)(struct parser *p))
{
    int r;

    if (p->depth == EXPRESSION_DEPTH_MAX)
        return parser_wrong(p, "the expression is nested too deep");
    p->depth++;
    r = parse(p);
    p->depth--;
    return r;
}

static int parse_chain(struct parser *p, enum token_kind sign, enum step_kind kind,
                       int (*parse)(struct parser *p))
{
    int r = parse(p);

    while (r == 0 && p->token.kind == sign) {
        r = parser_next(p);
        if (r == 0)
            r = parse(p);
        if (r == 0)
            r = parser_add(p, &(struct step){.kind = kind});
    }
    return r;
}

static int parse_and(struct parser *p)
{
    return parse_chain(p, TOKEN_AND, STEP_AND, parse_factor);
}

static int parse_or(struct parser *p)
{
    return parse_chain(p, TOKEN_OR, STEP_OR, parse_and);
}

static int parse_all(struct parser *p, const char *text)
{
    int r;

    if (strlen(text) > EXPRESSION_SIZE_MAX)
        return expression_wrong(&p->place, text + EXPRESSION_SIZE_MAX, 1,
                                "the expression is longer than %d bytes", EXPRESSION_SIZE_MAX);
    p->token.typed = text;
    r = parser_next(p);
    if (r == 0)
        r = parse_or(p);
    if (r < 0 || p->token.kind == TOKEN_END)
        return r;
    return parser_wrong(p, p->token.kind == TOKEN_CLOSE ? "there is no '(' for this ')'"
                                                        : "here 'and' or 'or' is missing");
}

int expression_compile(struct expression **ret, enum tlz_kind kind, unsigned int kinds,
                       const char *text, struct expression_error *error)
{
    struct expression *e = calloc(1, sizeof *e);
    struct parser p = {.expression = e, .kinds = kinds, .place = {text, error}};
    int r;

    if (!e)
        return -ENOMEM;
    e->kind = kind;
    r = parse_all(&p, text);
    if (r == 0) {
        e->stack = calloc(e->depth, TLZ_ROWS_MAX / 8);
        r = e->stack ? 0 : -ENOMEM;
    }
    if (r < 0)
        expression_free(e);
    else
        *ret = e;
    return r;
}

struct expression *expression_free(struct expression *e)
{
    if (!e)
        return NULL;
    for (size_t i = 0; i < e->pattern_count; i++)
        free(e->patterns[i]);
    free(e->patterns);
    free(e->steps);
    free(e->ranges);
    free(e->nets);
    free(e->stack);
    free(e);
    return NULL;
}

static void add_field(const struct expression *e, enum tlz_field field, struct tlz_fieldset *fields)
{
    if (tlz_fieldset_has(&tlz_kinds[e->kind].fields, field))
        tlz_fieldset_add(fields, field);
}

void expression_add_fields(const struct expression *e, struct tlz_fieldset *fields)
{
    for (size_t i = 0; i < e->step_count; i++) {
        const struct step *step = &e->steps[i];

        if (step->kind >= STEP_HAS)
            add_field(e, step->field, fields);
        if (step->kind == STEP_FIELDS)
            add_field(e, step->other, fields);
    }
}

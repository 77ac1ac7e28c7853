/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tests of an expression:
 *
 *   test:  FIELD [ COMPARE (VALUE | FIELD) | "~" PATTERN | ["not"] "in" (item | "(" item {"," item}
 * ")") ] item:  VALUE [ ".." VALUE ] | PREFIX
 *
 * A field alone is one that is yes or no.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/capture/captures.h"
#include "report/capture/recording.h"
#include "report/filter/expression_parser.h"
#include "report/filter/expression_value.h"

#define NAMED_MAX 64 /* numbers of an enumeration that may have names */

/* Those that ~ is for. */
static bool has_names(enum tlz_type type)
{
    return type == TLZ_TYPE_NAME || type == TLZ_TYPE_ENUM;
}

static bool is_ordered(enum tlz_type type)
{
    return type != TLZ_TYPE_ENUM && type != TLZ_TYPE_BOOL && !tlz_type_is_bytes(type);
}

/* The field that the token names, or TLZ_FIELD_COUNT. One of the expression's own kind comes first:
 * some names mean another field in another kind. */
static enum tlz_field named_field(const struct parser *p)
{
    const struct token *token = &p->token;
    enum tlz_field field = tlz_field_by_name(p->expression->kind, token->text, token->size);

    for (enum tlz_kind kind = 0; field == TLZ_FIELD_COUNT && kind < TLZ_KINDS; kind++)
        if (p->kinds & KIND_BIT(kind))
            field = tlz_field_by_name(kind, token->text, token->size);
    return field;
}

int parser_field(struct parser *p, enum tlz_field *ret)
{
    enum tlz_field field;

    if (p->token.kind == TOKEN_END)
        return parser_wrong(p, "here a field is missing");
    if (p->token.kind != TOKEN_WORD)
        return parser_wrong(p, "here a field's name is wanted");
    field = named_field(p);
    if (field == TLZ_FIELD_COUNT)
        return value_no_field(&p->place, p->expression->kind, &p->token);
    *ret = field;
    return parser_next(p);
}

static int add_range(struct parser *p, struct step *step, struct range range)
{
    struct expression *e = p->expression;

    if (recording_grow(&e->ranges, e->range_count, sizeof *e->ranges) < 0)
        return -ENOMEM;
    e->ranges[e->range_count++] = range;
    step->count++;
    return 0;
}

static int add_net(struct parser *p, struct step *step, const struct net *net)
{
    struct expression *e = p->expression;

    if (recording_grow(&e->nets, e->net_count, sizeof *e->nets) < 0)
        return -ENOMEM;
    e->nets[e->net_count++] = *net;
    step->count++;
    return 0;
}

/* Begins a step whose values follow. */
static struct step step_of(const struct parser *p, enum tlz_field field)
{
    bool is_bytes = tlz_type_is_bytes(tlz_fields[field].type);

    return (struct step){
        .kind = is_bytes ? STEP_NETS : STEP_RANGES,
        .field = field,
        .first = (uint32_t)(is_bytes ? p->expression->net_count : p->expression->range_count),
    };
}

/* The language's words are values where one is wanted: direction == in. */
static int check_is_value(const struct parser *p)
{
    bool is_word = p->token.kind >= TOKEN_AND && !strchr("&|!", p->token.text[0]);

    if (p->token.kind == TOKEN_END)
        return parser_wrong(p, "here a value is missing");
    if (!is_word && p->token.kind != TOKEN_WORD && p->token.kind != TOKEN_TEXT)
        return parser_wrong(p, "here a value is wanted");
    return 0;
}

static int take_integer(struct parser *p, enum tlz_field field, uint64_t *ret)
{
    int r = check_is_value(p);

    if (r == 0)
        r = value_integer(&p->place, field, &p->token, ret);
    return r < 0 ? r : parser_next(p);
}

static int take_net(struct parser *p, enum tlz_field field, bool takes_prefix, struct net *ret)
{
    int r = check_is_value(p);

    if (r == 0)
        r = value_net(&p->place, field, &p->token, takes_prefix, ret);
    return r < 0 ? r : parser_next(p);
}

static struct range range_of(enum comparison comparison, uint64_t value)
{
    static const struct range none = {1, 0};

    switch (comparison) {
    case COMPARE_LESS:
        return value == 0 ? none : (struct range){0, value - 1};
    case COMPARE_LESS_EQUAL:
        return (struct range){0, value};
    case COMPARE_GREATER:
        return value == UINT64_MAX ? none : (struct range){value + 1, UINT64_MAX};
    case COMPARE_GREATER_EQUAL:
        return (struct range){value, UINT64_MAX};
    default:
        return (struct range){value, value};
    }
}

static enum tlz_type comparable_type(enum tlz_field field)
{
    enum tlz_type type = tlz_fields[field].type;

    return type == TLZ_TYPE_MS ? TLZ_TYPE_DURATION : type;
}

static int wrong_other(const struct parser *p, enum tlz_field field, enum tlz_field other)
{
    const struct tlz_field_info *a = &tlz_fields[field], *b = &tlz_fields[other];

    return expression_wrong(&p->place, p->token.typed, p->token.typed_size,
                            "%s is %s and %s %s: they cannot be compared", a->name,
                            value_type_name(a->type), b->name,
                            a->type == b->type ? "of another" : value_type_name(b->type));
}

static int compare_fields(struct parser *p, enum tlz_field field, enum tlz_field other,
                          enum comparison comparison)
{
    struct step step = {
        .kind = STEP_FIELDS, .field = field, .other = other, .comparison = comparison};
    int r;

    if (comparable_type(field) != comparable_type(other) ||
        tlz_fields[field].enumeration != tlz_fields[other].enumeration)
        return wrong_other(p, field, other);
    r = parser_next(p);
    return r < 0 ? r : parser_add(p, &step);
}

static int compare_value(struct parser *p, enum tlz_field field, enum comparison comparison)
{
    struct step step = step_of(p, field);
    struct net net;
    uint64_t value;
    int r;

    step.is_other = comparison == COMPARE_NOT_EQUAL;
    if (step.kind == STEP_NETS) {
        r = take_net(p, field, false, &net);
        if (r == 0)
            r = add_net(p, &step, &net);
    } else {
        r = take_integer(p, field, &value);
        if (r == 0)
            r = add_range(p, &step, range_of(comparison, value));
    }
    return r < 0 ? r : parser_add(p, &step);
}

static int parse_comparison(struct parser *p, enum tlz_field field)
{
    enum comparison comparison = p->token.comparison;
    enum tlz_field other = TLZ_FIELD_COUNT;
    int r;

    if (comparison >= COMPARE_LESS && !is_ordered(tlz_fields[field].type))
        return expression_wrong(&p->place, p->token.typed, p->token.typed_size,
                                "%s is %s: == and != go with it, and in%s", tlz_fields[field].name,
                                value_type_name(tlz_fields[field].type),
                                has_names(tlz_fields[field].type) ? ", and ~" : "");
    r = parser_next(p);
    if (r < 0)
        return r;
    if (p->token.kind == TOKEN_WORD)
        other = named_field(p);
    return other == TLZ_FIELD_COUNT ? compare_value(p, field, comparison)
                                    : compare_fields(p, field, other, comparison);
}

/* The numbers whose names match; one without a name matches nothing. */
static int match_names(struct parser *p, enum tlz_field field, const struct pattern *pattern)
{
    struct step step = step_of(p, field);
    int r = 0;

    for (uint64_t value = 0; r == 0 && value < NAMED_MAX; value++) {
        const char *name = tlz_enum_name(tlz_fields[field].enumeration, value);

        if (name && pattern_matches(pattern, name, strlen(name)))
            r = add_range(p, &step, (struct range){value, value});
    }
    return r < 0 ? r : parser_add(p, &step);
}

/* Takes the pattern, too, or frees it. */
static int match_bytes(struct parser *p, enum tlz_field field, struct pattern *pattern)
{
    struct expression *e = p->expression;
    struct step step = {.kind = STEP_PATTERN, .field = field, .first = (uint32_t)e->pattern_count};

    if (recording_grow(&e->patterns, e->pattern_count, sizeof *e->patterns) < 0) {
        free(pattern);
        return -ENOMEM;
    }
    e->patterns[e->pattern_count++] = pattern;
    return parser_add(p, &step);
}

static int add_pattern(struct parser *p, enum tlz_field field, const struct token *token)
{
    struct pattern *pattern = calloc(1, sizeof *pattern);
    const char *place = token->text;
    const char *problem;
    int r;

    if (!pattern)
        return -ENOMEM;
    problem = pattern_compile(pattern, token->text, token->text + token->size, &place);
    if (!problem && tlz_fields[field].type == TLZ_TYPE_NAME)
        return match_bytes(p, field, pattern);
    r = problem ? expression_wrong(&p->place, place, (size_t)(token->text + token->size - place),
                                   "%s", problem)
                : match_names(p, field, pattern);
    free(pattern);
    return r;
}

static int parse_match(struct parser *p, enum tlz_field field)
{
    enum tlz_type type = tlz_fields[field].type;
    struct token token;
    int r;

    if (type == TLZ_TYPE_ADDRESS)
        return expression_wrong(&p->place, p->token.typed, 1,
                                "%s is an address: in goes with it, and a prefix",
                                tlz_fields[field].name);
    if (!has_names(type))
        return expression_wrong(&p->place, p->token.typed, 1, "%s is %s, and ~ is for names",
                                tlz_fields[field].name, value_type_name(type));
    r = parser_next(p);
    if (r == 0)
        r = check_is_value(p);
    token = p->token;
    if (r == 0)
        r = parser_next(p);
    return r < 0 ? r : add_pattern(p, field, &token);
}

/* The end of a range, behind "..". */
static int take_end(struct parser *p, enum tlz_field field, struct range *range)
{
    struct token token;
    int r;

    if (!is_ordered(tlz_fields[field].type))
        return expression_wrong(&p->place, p->token.typed, p->token.typed_size,
                                "%s is %s, and has no ranges", tlz_fields[field].name,
                                value_type_name(tlz_fields[field].type));
    r = parser_next(p);
    token = p->token;
    if (r == 0)
        r = take_integer(p, field, &range->high);
    if (r == 0 && range->high < range->low)
        r = expression_wrong(&p->place, token.typed, token.typed_size,
                             "this range ends before it begins");
    return r;
}

static int parse_item(struct parser *p, struct step *step)
{
    struct range range;
    struct net net;
    int r;

    if (step->kind == STEP_NETS) {
        r = take_net(p, step->field, true, &net);
        if (r == 0 && p->token.kind == TOKEN_RANGE)
            r = take_end(p, step->field, &range);
        return r < 0 ? r : add_net(p, step, &net);
    }
    r = take_integer(p, step->field, &range.low);
    range.high = range.low;
    if (r == 0 && p->token.kind == TOKEN_RANGE)
        r = take_end(p, step->field, &range);
    return r < 0 ? r : add_range(p, step, range);
}

static int parse_set(struct parser *p, struct step *step)
{
    struct token open = p->token;
    int r;

    do {
        r = parser_next(p);
        if (r == 0)
            r = parse_item(p, step);
    } while (r == 0 && p->token.kind == TOKEN_COMMA);
    if (r < 0)
        return r;
    if (p->token.kind == TOKEN_END)
        return expression_wrong(&p->place, open.typed, 1, "this '(' is not closed");
    if (p->token.kind != TOKEN_CLOSE)
        return parser_wrong(p, "here ',' or ')' is missing");
    return parser_next(p);
}

static int parse_in(struct parser *p, enum tlz_field field, bool is_other)
{
    struct step step = step_of(p, field);
    int r = parser_next(p);

    step.is_other = is_other;
    if (r == 0)
        r = p->token.kind == TOKEN_OPEN ? parse_set(p, &step) : parse_item(p, &step);
    return r < 0 ? r : parser_add(p, &step);
}

static int parse_not_in(struct parser *p, enum tlz_field field)
{
    int r = parser_next(p);

    if (r < 0)
        return r;
    if (p->token.kind != TOKEN_IN)
        return parser_wrong(p, "behind a field 'not' wants 'in'");
    return parse_in(p, field, true);
}

/* A field alone. */
static int parse_yes(struct parser *p, enum tlz_field field)
{
    struct step step = step_of(p, field);
    int r;

    if (tlz_fields[field].type != TLZ_TYPE_BOOL)
        return parser_wrong(p, "here == != < <= > >= ~ or in is missing");
    r = add_range(p, &step, (struct range){1, 1});
    return r < 0 ? r : parser_add(p, &step);
}

int parse_test(struct parser *p)
{
    enum tlz_field field;
    int r = parser_field(p, &field);

    if (r < 0)
        return r;
    switch (p->token.kind) {
    case TOKEN_COMPARE:
        return parse_comparison(p, field);
    case TOKEN_MATCH:
        return parse_match(p, field);
    case TOKEN_IN:
        return parse_in(p, field, false);
    case TOKEN_NOT:
        return parse_not_in(p, field);
    default:
        return parse_yes(p, field);
    }
}

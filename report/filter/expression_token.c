/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/expression_token.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/* What ends a word. */
#define SIGNS " \t\r\n()=!<>~&|,'\""

int expression_wrong(const struct expression_place *place, const char *at, size_t size,
                     const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(place->error->text, sizeof place->error->text, format, arguments);
    va_end(arguments);
    place->error->at = (size_t)(at - place->text);
    place->error->size = size;
    return -EINVAL;
}

static const struct sign {
    const char *text;
    enum token_kind kind;
    enum comparison comparison;
} signs[] = {
    /* One that begins as another does stands behind it. */
    {"(", TOKEN_OPEN, 0},
    {")", TOKEN_CLOSE, 0},
    {",", TOKEN_COMMA, 0},
    {"..", TOKEN_RANGE, 0},
    {"==", TOKEN_COMPARE, COMPARE_EQUAL},
    {"!=", TOKEN_COMPARE, COMPARE_NOT_EQUAL},
    {"<=", TOKEN_COMPARE, COMPARE_LESS_EQUAL},
    {">=", TOKEN_COMPARE, COMPARE_GREATER_EQUAL},
    {"<", TOKEN_COMPARE, COMPARE_LESS},
    {">", TOKEN_COMPARE, COMPARE_GREATER},
    {"~", TOKEN_MATCH, 0},
    {"&&", TOKEN_AND, 0},
    {"||", TOKEN_OR, 0},
    {"!", TOKEN_NOT, 0},
};

static const struct sign words[] = {
    {"and", TOKEN_AND, 0}, {"or", TOKEN_OR, 0},   {"not", TOKEN_NOT, 0},
    {"in", TOKEN_IN, 0},   {"has", TOKEN_HAS, 0},
};

/* In quotes a backslash takes what is behind it with it. */
static int take_text(const struct expression_place *place, const char *text, struct token *ret)
{
    const char *end = text + 1;

    while (*end && *end != *text)
        end += *end == '\\' && end[1] ? 2 : 1;
    if (!*end)
        return expression_wrong(place, text, 1, "this quote is not closed");
    ret->kind = TOKEN_TEXT;
    ret->text = text + 1;
    ret->size = (size_t)(end - ret->text);
    ret->typed_size = ret->size + 2;
    return 0;
}

/* A range's two points end a word, too. */
static size_t word_size(const char *text)
{
    size_t size = strcspn(text, SIGNS);

    for (size_t i = 0; i + 1 < size; i++)
        if (text[i] == '.' && text[i + 1] == '.')
            return i;
    return size;
}

static int take_word(const struct expression_place *place, const char *text, struct token *ret)
{
    size_t size = word_size(text);

    if (*text == '=')
        return expression_wrong(place, text, 1, "equal is ==");
    if (*text == '&' || *text == '|')
        return expression_wrong(place, text, 1, "and is && or 'and', or is || or 'or'");
    ret->kind = TOKEN_WORD;
    ret->size = ret->typed_size = size;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].text) == size && !memcmp(words[i].text, text, size))
            ret->kind = words[i].kind;
    return 0;
}

int token_take(const struct expression_place *place, const char *text, struct token *ret)
{
    text += strspn(text, " \t\r\n");
    *ret = (struct token){.kind = TOKEN_END, .typed = text, .text = text};
    if (!*text)
        return 0;
    if (*text == '\'' || *text == '"')
        return take_text(place, text, ret);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t size = strlen(signs[i].text);

        if (strncmp(text, signs[i].text, size) != 0)
            continue;
        ret->kind = signs[i].kind;
        ret->comparison = signs[i].comparison;
        ret->size = ret->typed_size = size;
        return 0;
    }
    return take_word(place, text, ret);
}

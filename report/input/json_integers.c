/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/json_integers.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/parse.h"

#define SAFE_DIGITS 18 /* any integer of so many digits fits jansson's */

/* The NUL tells our wrapper from one that somebody typed: no other string has one. */
static const char before[] = "{\"u64\":\"\\u0000";
static const char after[] = "\"}";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_at(const char *text, size_t size)
{
    size_t n = 0;

    while (n < size && is_digit(text[n]))
        n++;
    return n;
}

int json_has_large_integers(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        size_t digits = digits_at(text + i, size - i);

        if (digits > SAFE_DIGITS)
            return 1;
        i += digits;
    }
    return 0;
}

/* The size of the JSON string that starts at text[0] == '"', quotes included, and whether a NUL is
 * in it. */
static size_t string_at(const char *text, size_t size, bool *ret_nul)
{
    static const char nul[] = "\\u0000";
    size_t i = 1;

    while (i < size && text[i] != '"') {
        if (size - i >= sizeof nul - 1 && !memcmp(text + i, nul, sizeof nul - 1))
            *ret_nul = true;
        i += text[i] == '\\' ? 2 : 1;
    }
    return i < size ? i + 1 : size;
}

/* The size of a number at text[0], and whether it is a large integer without sign or fraction. */
static size_t number_at(const char *text, size_t size, bool *ret_large)
{
    size_t digits = digits_at(text, size);
    size_t n = digits;

    while (n < size && (is_digit(text[n]) || (text[n] && strchr(".eE+-", text[n]))))
        n++;
    *ret_large = digits > SAFE_DIGITS && n == digits && text[0] != '0';
    return n;
}

int json_wrap_integers(const char *text, size_t size, char **ret, size_t *ret_size)
{
    /* At most one number in 19 bytes grows, by 16 bytes. */
    char *copy = malloc(2 * size + 32);
    size_t to = 0, step;
    bool nul = false;

    if (!copy)
        return -ENOMEM;
    for (size_t i = 0; i < size; i += step) {
        bool large = false;

        if (text[i] == '"')
            step = string_at(text + i, size - i, &nul);
        else if (is_digit(text[i]))
            step = number_at(text + i, size - i, &large);
        else
            step = text[i] == '-' ? 1 + digits_at(text + i + 1, size - i - 1) : 1;
        if (large)
            to = (size_t)(stpcpy(copy + to, before) - copy);
        memcpy(copy + to, text + i, step);
        to += step;
        if (large)
            to = (size_t)(stpcpy(copy + to, after) - copy);
    }
    if (nul) {
        free(copy);
        return -EBADMSG;
    }
    *ret = copy;
    *ret_size = to;
    return 0;
}

int json_unwrap_u64(const json_t *value, uint64_t *ret)
{
    const json_t *wrapped;

    if (json_is_integer(value)) {
        if (json_integer_value(value) < 0)
            return 0;
        *ret = (uint64_t)json_integer_value(value);
        return 1;
    }
    wrapped = json_object_get(value, "u64");
    return json_string_length(wrapped) > 1 && json_string_value(wrapped)[0] == '\0' &&
           parse_number(json_string_value(wrapped) + 1, UINT64_MAX, ret) == 0;
}

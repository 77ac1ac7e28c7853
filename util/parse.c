/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    uint64_t factor;
};

/* Upper case only: "10M" is a size, "10m" a duration, wherever both are accepted. */
static const struct unit size_units[] = {
    {"", 1}, {"K", 1024}, {"M", 1024 * 1024}, {"G", 1024 * 1024 * 1024}, {NULL, 0},
};

static const struct unit duration_units[] = {
    {"", UINT64_C(1000000)},
    {"us", 1},
    {"ms", 1000},
    {"s", UINT64_C(1000000)},
    {"m", UINT64_C(60) * 1000000},
    {"h", UINT64_C(3600) * 1000000},
    {"d", UINT64_C(86400) * 1000000},
    {NULL, 0},
};

/* Not isdigit(), which depends on the locale and on the sign of char. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where the digits that begin at `text` end. */
static const char *skip_digits(const char *text)
{
    while (is_digit(*text))
        text++;
    return text;
}

/* The number that stands between `text` and `end`, digits only. 0, or -EINVAL when empty, or
 * -ERANGE over max. */
static int digits_value(const char *text, const char *end, uint64_t max, uint64_t *ret)
{
    uint64_t value = 0;

    if (text == end)
        return -EINVAL;
    for (; text < end; text++) {
        uint64_t digit = (uint64_t)(*text - '0');

        if (digit > max || value > (max - digit) / 10)
            return -ERANGE;
        value = value * 10 + digit;
    }
    *ret = value;
    return 0;
}

/*
 * The fraction whose digits stand between `text` and `end`, times `factor`, which is a whole number
 * for any number of digits exactly when it is one at each step, the last digit first. 0, or -EDOM
 * when it is none.
 */
static int fraction_value(const char *text, const char *end, uint64_t factor, uint64_t *ret)
{
    uint64_t value = 0;

    while (end > text) {
        value += (uint64_t)(*--end - '0') * factor;
        if (value % 10 != 0)
            return -EDOM;
        value /= 10;
    }
    *ret = value;
    return 0;
}

/* The factor of a unit, or 0 when there is none of that name. */
static uint64_t unit_factor(const struct unit *units, const char *name)
{
    for (; units->name; units++)
        if (strcmp(units->name, name) == 0)
            return units->factor;
    return 0;
}

int parse_number(const char *text, uint64_t max, uint64_t *ret)
{
    const char *end = skip_digits(text);

    if (*end)
        return -EINVAL;
    return digits_value(text, end, max, ret);
}

int parse_size(const char *text, uint64_t *ret_bytes)
{
    const char *end = skip_digits(text);
    uint64_t factor = unit_factor(size_units, end);
    uint64_t value;
    int r;

    if (!factor)
        return -EINVAL;
    r = digits_value(text, end, UINT64_MAX / factor, &value);
    if (r < 0)
        return r;
    *ret_bytes = value * factor;
    return 0;
}

int parse_duration(const char *text, uint64_t *ret_us)
{
    const char *end = skip_digits(text);
    const char *fraction = end;
    const char *unit = end;
    uint64_t factor, value, part;
    int r;

    if (*end == '.') {
        fraction = end + 1;
        unit = skip_digits(fraction);
        if (unit == fraction)
            return -EINVAL;
    }
    factor = unit_factor(duration_units, unit);
    if (!factor)
        return -EINVAL;
    r = digits_value(text, end, UINT64_MAX / factor, &value);
    if (r < 0)
        return r;
    r = fraction_value(fraction, unit, factor, &part);
    if (r < 0)
        return r;
    if (part > UINT64_MAX - value * factor)
        return -ERANGE;
    *ret_us = value * factor + part;
    return 0;
}

int parse_duration_with_unit(const char *text, uint64_t *ret_us)
{
    size_t size = strlen(text);

    return size > 0 && is_digit(text[size - 1]) ? -EINVAL : parse_duration(text, ret_us);
}

/* How many elements a list has, empty ones included. */
static size_t count_elements(const char *text)
{
    size_t count = 1;

    for (; *text; text++)
        count += *text == ',';
    return count;
}

/* Fills values[], which has room for all elements. 0, -EINVAL or -ERANGE. */
static int parse_elements(const char *text, uint64_t min, uint64_t max, uint64_t *values)
{
    for (;; text++) {
        const char *end = skip_digits(text);
        int r;

        if (*end && *end != ',')
            return -EINVAL;
        r = digits_value(text, end, max, values);
        if (r < 0)
            return r;
        if (*values < min)
            return -ERANGE;
        if (!*end)
            return 0;
        values++;
        text = end;
    }
}

int parse_number_list(const char *text, uint64_t min, uint64_t max, struct number_list *ret)
{
    size_t count = count_elements(text);
    uint64_t *values = calloc(count, sizeof *values);
    int r;

    if (!values)
        return -ENOMEM;
    r = parse_elements(text, min, max, values);
    if (r < 0) {
        free(values);
        return r;
    }
    *ret = (struct number_list){.values = values, .count = count};
    return 0;
}

/* Where the word that begins at `text` ends. */
static const char *skip_word(const char *text)
{
    return text + strcspn(text, ",");
}

/* Fills values[] with the numbers of the list. 0 and how many, -EINVAL or -ERANGE. */
static int parse_numbers_of(const char *text, uint64_t max, uint64_t *values, size_t *ret_count)
{
    size_t count = 0;

    for (;; text++) {
        const char *end = skip_word(text);

        if (text == end)
            return -EINVAL;
        if (skip_digits(text) == end) {
            int r = digits_value(text, end, max, &values[count++]);

            if (r < 0)
                return r;
        }
        if (!*end)
            break;
        text = end;
    }
    *ret_count = count;
    return 0;
}

int parse_number_name_list(const char *text, uint64_t max, struct number_list *ret)
{
    uint64_t *values = calloc(count_elements(text), sizeof *values);
    size_t count;
    int r;

    if (!values)
        return -ENOMEM;
    r = parse_numbers_of(text, max, values, &count);
    if (r < 0 || count == 0) {
        free(values);
        values = NULL;
        count = 0;
    }
    if (r == 0)
        *ret = (struct number_list){.values = values, .count = count};
    return r;
}

bool list_next_name(const char **text, const char **ret, size_t *ret_size)
{
    while (**text) {
        const char *word = *text;
        const char *end = skip_word(word);

        *text = *end ? end + 1 : end;
        if (skip_digits(word) == end)
            continue;
        *ret = word;
        *ret_size = (size_t)(end - word);
        return true;
    }
    return false;
}

void number_list_free(struct number_list *list)
{
    free(list->values);
    *list = (struct number_list){0};
}

bool number_list_has(const struct number_list *list, uint64_t value)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->values[i] == value)
            return true;
    return false;
}

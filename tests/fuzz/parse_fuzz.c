/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What people type: numbers, sizes, durations, lists. Each result is checked in another way than
 * the parser makes it, each refusal too; nothing behind a value is accepted.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_bytes.h"
#include "util/parse.h"

#define NUMBER_ROOM 32

static const char digits[] = "0123456789";

/* The digits at `text` without leading zeros, of which one stays where there are no others. */
static size_t significant(const char **text)
{
    size_t size = strspn(*text, digits);

    for (; size > 1 && **text == '0'; size--)
        (*text)++;
    return size;
}

/* Whether the digits at `text` are more than max. */
static bool is_over(const char *text, uint64_t max)
{
    size_t size = significant(&text);
    char most[NUMBER_ROOM];
    size_t most_size = (size_t)sprintf(most, "%" PRIu64, max);

    return size != most_size ? size > most_size : memcmp(text, most, size) > 0;
}

/* The digits at `text` are the number in decimal. */
static void check_digits(const char *text, uint64_t number)
{
    size_t size = significant(&text);
    char printed[NUMBER_ROOM];

    assert((size_t)sprintf(printed, "%" PRIu64, number) == size && !memcmp(printed, text, size));
}

static void check_number(const char *text, uint64_t max)
{
    bool is_number = *text && text[strspn(text, digits)] == '\0';
    uint64_t number = 77;
    int r = parse_number(text, max, &number);

    assert(r == (!is_number ? -EINVAL : is_over(text, max) ? -ERANGE : 0));
    if (r == 0)
        check_digits(text, number);
    else
        assert(number == 77);
}

/* The unit's factor, or 0. */
static uint64_t size_factor(const char *unit)
{
    return !*unit               ? 1
           : !strcmp(unit, "K") ? 1 << 10
           : !strcmp(unit, "M") ? 1 << 20
           : !strcmp(unit, "G") ? 1 << 30
                                : 0;
}

static void check_size(const char *text)
{
    uint64_t factor = size_factor(text + strspn(text, digits)), bytes = 77;
    int r = parse_size(text, &bytes);

    if (!factor || !strspn(text, digits))
        assert(r == -EINVAL);
    else
        assert(r == (is_over(text, UINT64_MAX / factor) ? -ERANGE : 0));
    if (r < 0) {
        assert(bytes == 77);
        return;
    }
    assert(bytes % factor == 0);
    check_digits(text, bytes / factor);
}

static uint64_t duration_factor(const char *unit)
{
    return !*unit || !strcmp(unit, "s") ? UINT64_C(1000000)
           : !strcmp(unit, "us")        ? 1
           : !strcmp(unit, "ms")        ? 1000
           : !strcmp(unit, "m")         ? UINT64_C(60000000)
           : !strcmp(unit, "h")         ? UINT64_C(3600000000)
           : !strcmp(unit, "d")         ? UINT64_C(86400000000)
                                        : 0;
}

/* < 0, 0 or > 0: the fraction 0.DIGITS against part / factor, by long division. */
static int compare_fraction(const char *text, size_t size, uint64_t part, uint64_t factor)
{
    for (size_t i = 0; i < size; i++) {
        int digit = (int)(part * 10 / factor);

        if (text[i] - '0' != digit)
            return text[i] - '0' - digit;
        part = part * 10 % factor;
    }
    return part ? -1 : 0;
}

/* No part of the unit is the fraction: it lies between two. */
static void check_no_part(const char *text, size_t size, uint64_t factor)
{
    uint64_t low = 0, high = factor;

    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;

        if (compare_fraction(text, size, middle, factor) >= 0)
            low = middle;
        else
            high = middle;
    }
    assert(compare_fraction(text, size, low, factor) > 0);
}

static void check_duration(const char *text)
{
    size_t whole = strspn(text, digits);
    bool has_fraction = text[whole] == '.';
    const char *fraction = text + whole + has_fraction;
    size_t fraction_size = has_fraction ? strspn(fraction, digits) : 0;
    uint64_t factor = duration_factor(fraction + fraction_size), us = 77;
    int r = parse_duration(text, &us);

    if (!whole || !factor || (has_fraction && !fraction_size)) {
        assert(r == -EINVAL && us == 77);
    } else if (r == -EDOM) {
        assert(us == 77);
        check_no_part(fraction, fraction_size, factor);
    } else if (r < 0) {
        /* The last unit that fits may be too large with its fraction. */
        assert(r == -ERANGE && us == 77 && is_over(text, UINT64_MAX / factor - 1));
    } else {
        check_digits(text, us / factor);
        assert(compare_fraction(fraction, fraction_size, us % factor, factor) == 0);
    }
}

static void check_list(const char *text, uint64_t min, uint64_t max)
{
    struct number_list list = {.count = 77};
    int r = parse_number_list(text, min, max, &list);

    if (r < 0) {
        assert((r == -EINVAL || r == -ERANGE) && list.count == 77 && !list.values);
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        assert(list.values[i] >= min && list.values[i] <= max);
        assert(number_list_has(&list, list.values[i]));
        check_digits(text, list.values[i]);
        text += strspn(text, digits);
        assert(*text++ == (i + 1 < list.count ? ',' : '\0'));
    }
    number_list_free(&list);
    assert(!list.values && !number_list_has(&list, min));
}

/* Numbers that are written as people write them are read as they are. */
static void check_written(uint64_t number)
{
    char text[3 * NUMBER_ROOM];
    struct number_list list;
    uint64_t read;

    sprintf(text, "%" PRIu64, number);
    assert(parse_number(text, UINT64_MAX, &read) == 0 && read == number);
    sprintf(text, "%" PRIu64 "K", number / 1024);
    assert(parse_size(text, &read) == 0 && read == number / 1024 * 1024);
    sprintf(text, "%" PRIu64 ".%06" PRIu64 "s", number / 1000000, number % 1000000);
    assert(parse_duration(text, &read) == 0 && read == number);
    sprintf(text, "%" PRIu64 ".%03" PRIu64 "ms", number / 1000, number % 1000);
    assert(parse_duration(text, &read) == 0 && read == number);
    sprintf(text, "0,%" PRIu64 ",18446744073709551615", number);
    assert(parse_number_list(text, 0, UINT64_MAX, &list) == 0 && list.count == 3);
    assert(list.values[1] == number);
    number_list_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, data + size};
    char *text = malloc(size + 1);

    assert(text);
    memcpy(text, data, size);
    text[size] = '\0';
    check_number(text, UINT64_MAX);
    check_number(text, UINT16_MAX);
    check_number(text, 9);
    check_size(text);
    check_duration(text);
    check_list(text, 0, UINT64_MAX);
    check_list(text, 1, UINT16_MAX);
    check_written(fuzz_take64(&bytes));
    free(text);
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parsing of what people type. Each returns 0 and its result; or, with the result untouched,
 * -EINVAL (not of that form), -ERANGE (too large or too small), or -ENOMEM (lists only).
 */
#ifndef UTIL_PARSE_H
#define UTIL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A decimal number of at most max, nothing behind it. */
int parse_number(const char *text, uint64_t max, uint64_t *ret);

/* A size: a decimal number with K, M or G (powers of 1024) behind it or nothing. Bytes. */
int parse_size(const char *text, uint64_t *ret_bytes);

/* A duration: a decimal number, a fraction allowed, with us, ms, s, m, h or d; s without a unit.
 * Microseconds; -EDOM when it is not a whole number of them. */
int parse_duration(const char *text, uint64_t *ret_us);

/* The same, but without a unit -EINVAL. */
int parse_duration_with_unit(const char *text, uint64_t *ret_us);

/* A list of numbers with commas between, each from min to max. At least one. */
struct number_list {
    uint64_t *values;
    size_t count;
};
int parse_number_list(const char *text, uint64_t min, uint64_t max, struct number_list *ret);

/*
 * A list of numbers up to max and of names, with commas between: its numbers (there may be none). A
 * name is a word that is not of digits alone; list_next_name() finds them.
 */
int parse_number_name_list(const char *text, uint64_t max, struct number_list *ret);

/* The next name in such a list, which *text is and is moved behind it. False when there is none. */
bool list_next_name(const char **text, const char **ret, size_t *ret_size);

void number_list_free(struct number_list *list);
bool number_list_has(const struct number_list *list, uint64_t value);

#endif

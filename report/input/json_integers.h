/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Integers over 2^63 - 1 in JSON: jansson's are signed, and a double would lose digits. They are
 * wrapped before parsing and unwrapped after.
 */
#ifndef REPORT_INPUT_JSON_INTEGERS_H
#define REPORT_INPUT_JSON_INTEGERS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A copy of the JSON text in which each integer of more than 18 digits N is {"u64":"N"}. 0, *ret
 * (malloc'ed, the caller's) and *ret_size, or -ENOMEM.
 */
int json_wrap_integers(const char *text, size_t size, char **ret, size_t *ret_size);

/* True when the text has a run of more than 18 digits, and so needs the function above. */
int json_has_large_integers(const char *text, size_t size);

/* 1 and the value of an integer that is not negative, wrapped or not; 0 when it is none. */
int json_unwrap_u64(const json_t *value, uint64_t *ret);

#endif

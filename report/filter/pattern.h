/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shell patterns over the 16 bytes of a name, which are anybody's and no text: * ? [a-z] [!a-z],
 * and a backslash before what is meant as it stands. Not fnmatch(3), which goes by the locale.
 */
#ifndef REPORT_FILTER_PATTERN_H
#define REPORT_FILTER_PATTERN_H

#include "format/row.h"

#define PATTERN_ELEMENTS_MAX 64
#define PATTERN_KNOWN        64 /* names, of which the answer is kept */

struct pattern_element {
    bool is_star;
    uint64_t set[4]; /* else one byte of these */
};

struct pattern_answer {
    struct tlz_bytes name;
    bool is_known, matches;
};

struct pattern {
    struct pattern_element element[PATTERN_ELEMENTS_MAX];
    uint32_t count;
    struct pattern_answer known[PATTERN_KNOWN];
};

/*
 * Takes a byte of a text as it is typed: itself, \xNN, or a backslash and a sign; moves *text
 * behind it. False, and *text at the place, when a backslash has none of these behind it, or NUL.
 */
bool text_take_byte(const char **text, const char *end, uint8_t *ret_byte, bool *ret_is_escaped);

/* What is wrong with the pattern that stands from text to end, and *ret_place where; or NULL and
 * *ret. */
const char *pattern_compile(struct pattern *ret, const char *text, const char *end,
                            const char **ret_place);

/* Whether it matches these bytes, all of them. */
bool pattern_matches(const struct pattern *pattern, const void *bytes, size_t size);

/* The same of a name, without the NULs behind it. Names come again: an answer is kept. */
bool pattern_matches_name(struct pattern *pattern, const struct tlz_bytes *name);

#endif

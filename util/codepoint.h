/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UTF-8, and which code points may be shown. From tables of our own and not from the C library's
 * locale, so that the same capture gives the same bytes on every machine.
 */
#ifndef UTIL_CODEPOINT_H
#define UTIL_CODEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the UTF-8 sequence (RFC 3629) that starts at bytes[0], of at most `size` bytes. Its
 * length and *ret, or 0 when it is none: cut short, overlong, a surrogate, over U+10FFFF.
 */
size_t codepoint_decode(const uint8_t *bytes, size_t size, uint32_t *ret);

/*
 * False for what a terminal obeys or hides, and so could deceive: controls, marks of direction,
 * marks without a width, private use, surrogates, what is no character.
 */
bool codepoint_is_printable(uint32_t codepoint);

/* The columns that a printable code point takes on a terminal: 1 or 2. */
unsigned int codepoint_width(uint32_t codepoint);

#endif

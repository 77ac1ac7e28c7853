/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "format/wire.h"
#include "report/text/append.h"
#include "util/codepoint.h"

#define HEX_ESCAPE_SIZE 4 /* of \xNN */

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

/* The length of the printable character at bytes[0] and its width, or 0. */
static size_t printable(const uint8_t *bytes, size_t size, size_t *ret_width)
{
    uint32_t codepoint;
    size_t length;

    if (is_plain(bytes[0])) {
        *ret_width = 1;
        return 1;
    }
    length = codepoint_decode(bytes, size, &codepoint);
    if (length == 0 || !codepoint_is_printable(codepoint))
        return 0;
    *ret_width = codepoint_width(codepoint);
    return length;
}

static char *append_hex_escape(char *p, uint8_t byte)
{
    p = append_bytes(p, "\\x", 2);
    return append_hex(p, &byte, 1);
}

char *escape_text(char *p, const void *bytes, size_t size, size_t max_width, size_t *width)
{
    const uint8_t *b = bytes;
    size_t used = 0, step = 0;

    for (size_t i = 0; i < size; i += step) {
        size_t columns = HEX_ESCAPE_SIZE;
        size_t length = printable(b + i, size - i, &columns);

        if (used + columns > max_width)
            break;
        p = length ? append_bytes(p, b + i, length) : append_hex_escape(p, b[i]);
        step = length ? length : 1;
        used += columns;
    }
    *width += used;
    return p;
}

char *escape_json(char *p, const void *bytes, size_t size)
{
    const uint8_t *b = bytes;
    size_t step = 0;

    for (size_t i = 0; i < size; i += step) {
        size_t width, length;

        step = 1;
        if (b[i] == '"') {
            p = append_bytes(p, "\\\"", 2);
        } else if (b[i] == '\\') {
            p = append_bytes(p, "\\\\\\\\", 4);
        } else if ((length = printable(b + i, size - i, &width)) > 0) {
            p = append_bytes(p, b + i, length);
            step = length;
        } else {
            *p++ = '\\';
            p = append_hex_escape(p, b[i]);
        }
    }
    return p;
}

static bool is_formula(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return false;
    switch (bytes[0]) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
        return true;
    default:
        return false;
    }
}

#define NOT_PLAIN 17

#define EACH_BYTE(c) ((uint64_t)(c)*UINT64_C(0x0101010101010101))
#define HIGH_BITS    EACH_BYTE(0x80)

/* The high bits of the bytes that are 0; behind the first, of others too. */
static uint64_t zero_bytes(uint64_t x)
{
    return (x - EACH_BYTE(1)) & ~x & HIGH_BITS;
}

/* The high bits of the bytes that any form escapes, or which end a name; behind the first, of
 * others too. */
static uint64_t special_bytes(uint64_t x)
{
    uint64_t below_space = (x - EACH_BYTE(0x20)) & ~x & HIGH_BITS;
    uint64_t above_tilde = ((x + EACH_BYTE(1)) | x) & HIGH_BITS;

    return below_space | above_tilde | zero_bytes(x ^ EACH_BYTE('"')) |
           zero_bytes(x ^ EACH_BYTE('\\')) | zero_bytes(x ^ EACH_BYTE(','));
}

/* The size of a name that is the same in both forms; NOT_PLAIN when it may not be. */
static size_t plain_size(const struct tlz_bytes *name)
{
    for (size_t at = 0; at < sizeof name->b; at += 8) {
        uint64_t x, special;
        size_t size;

        memcpy(&x, name->b + at, sizeof x);
        special = special_bytes(wire_little64(x));
        if (special == 0)
            continue;
        size = at + (size_t)__builtin_ctzll(special) / 8;
        return name->b[size] == 0 && !is_formula(name->b, size) ? size : NOT_PLAIN;
    }
    return is_formula(name->b, sizeof name->b) ? NOT_PLAIN : sizeof name->b;
}

static bool needs_quotes(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == ',' || bytes[i] == '"' || bytes[i] == '\n' || bytes[i] == '\r')
            return true;
    return false;
}

char *escape_csv(char *p, const void *bytes, size_t size)
{
    const uint8_t *b = bytes;
    bool quotes = needs_quotes(b, size);

    if (quotes)
        *p++ = '"';
    if (is_formula(b, size))
        *p++ = '\'';
    for (size_t i = 0; i < size; i++) {
        if (b[i] == '"')
            *p++ = '"';
        *p++ = (char)b[i];
    }
    if (quotes)
        *p++ = '"';
    return p;
}

static size_t name_size(const struct tlz_bytes *name)
{
    return strnlen((const char *)name->b, sizeof name->b);
}

char *escape_json_name(char *p, const struct tlz_bytes *name)
{
    size_t size = plain_size(name);

    if (size == NOT_PLAIN)
        return escape_json(p, name->b, name_size(name));
    memcpy(p, name->b, sizeof name->b);
    return p + size;
}

char *escape_csv_name(char *p, const struct tlz_bytes *name)
{
    size_t size = plain_size(name);

    if (size == NOT_PLAIN)
        return escape_csv(p, name->b, name_size(name));
    memcpy(p, name->b, sizeof name->b);
    return p + size;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

size_t unescape_json(char *text, size_t size)
{
    size_t to = 0;

    for (size_t i = 0; i < size; i++) {
        if (text[i] != '\\') {
            text[to++] = text[i];
        } else if (size - i >= 2 && text[i + 1] == '\\') {
            text[to++] = '\\';
            i += 1;
        } else if (size - i >= HEX_ESCAPE_SIZE && text[i + 1] == 'x' &&
                   hex_digit(text[i + 2]) >= 0 && hex_digit(text[i + 3]) >= 0) {
            text[to++] = (char)(hex_digit(text[i + 2]) << 4 | hex_digit(text[i + 3]));
            i += 3;
        } else {
            return (size_t)-1;
        }
    }
    return to;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values as text and back: numbers and addresses as they are printed are what is parsed, bytes that
 * are escaped come back, and no escape lets through what it is there to stop.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "fuzz_bytes.h"
#include "report/input/json_integers.h"
#include "report/input/json_row.h"
#include "report/text/append.h"
#include "report/text/escape.h"
#include "report/text/zone.h"
#include "util/codepoint.h"

#define ROOM 160 /* that a cell has for any value that is no text (report/text/cell.c) */

/* A session of which only the address is in question, as JSON lines have it. */
static int read_address(const char *text, size_t size, struct tlz_bytes *ret)
{
    json_t *object = json_pack("{s:i,s:s%,s:s,s:i,s:i}", "close_us", 1, "laddr", text, size,
                               "raddr", "::", "lport", 1, "rport", 2);
    struct json_problem problem = {.text = ""};
    enum tlz_kind kind;
    struct tlz_row session;
    const char *unknown;
    int r = object ? json_to_row(object, &kind, &session, &unknown, &problem) : -1;

    if (r == 0)
        *ret = session.value[TLZ_LADDR].bytes;
    assert(!object || (r < 0) == (problem.text[0] != '\0'));
    json_decref(object);
    return r;
}

static void check_address(const struct tlz_bytes *address)
{
    char text[ROOM], reference[INET6_ADDRSTRLEN];
    struct tlz_bytes again;

    assert(read_address(text, (size_t)(append_address(text, address) - text), &again) == 0);
    assert(!memcmp(address, &again, sizeof again));
    *append_address_v6(text, address) = '\0';
    assert(inet_ntop(AF_INET6, address->b, reference, sizeof reference));
    assert(!strcmp(text, reference));
}

/* Any text that is taken for an address is one, and nothing behind it. */
static void check_typed_address(const char *text, size_t size)
{
    struct tlz_bytes address;
    uint8_t reference[16];

    /* What reads JSON lets no NUL through. */
    if (memchr(text, '\0', size) || read_address(text, size, &address) < 0)
        return;
    assert(inet_pton(AF_INET, text, reference) == 1 || inet_pton(AF_INET6, text, reference) == 1);
    check_address(&address);
}

static void check_number(uint64_t number)
{
    char text[ROOM], reference[ROOM];

    *append_u64(text, number) = '\0';
    sprintf(reference, "%" PRIu64, number);
    assert(!strcmp(text, reference));
    *append_padded(text, number, 6) = '\0';
    sprintf(reference, "%06" PRIu64, number);
    assert(!strcmp(text, reference));
    *append_thousandths(text, number) = '\0';
    sprintf(reference, "%" PRIu64 ".%03" PRIu64, number / 1000, number % 1000);
    assert(!strcmp(text, reference));
    *append_kb_rounded(text, number) = '\0';
    sprintf(reference, "%.2f", (double)number / 1024);
    assert(!strcmp(text, reference));
    *append_ms_rounded(text, number) = '\0';
    sprintf(reference, "%.2f", (double)number / 1000);
    assert(!strcmp(text, reference));
}

/* A number in JSON, of any size, is the number. */
static void check_json_number(uint64_t number)
{
    char text[ROOM], *wrapped = NULL;
    size_t size = (size_t)sprintf(text, "{\"n\":%" PRIu64 "}", number);
    uint64_t read = number + 1;
    json_error_t error;
    json_t *object;

    assert(json_wrap_integers(text, size, &wrapped, &size) == 0);
    object = json_loadb(wrapped, size, JSON_ALLOW_NUL, &error);
    assert(object && json_unwrap_u64(json_object_get(object, "n"), &read) == 1 && read == number);
    json_decref(object);
    free(wrapped);
}

static void check_time(uint64_t us)
{
    struct zone zone = {.chosen = true};
    char text[ROOM], reference[ROOM];
    time_t seconds = (time_t)(us / 1000000);
    struct tm face;

    assert(localtime_r(&seconds, &face));
    *zone_append_clock(&zone, text, us) = '\0';
    assert(strftime(reference, sizeof reference, "%H:%M:%S", &face) && !strcmp(text, reference));
    *zone_append_time(&zone, text, us) = '\0';
    assert(strftime(reference, sizeof reference, "%H:%M:%S.", &face) && strstr(text, reference));
}

/* What the JSON string says is, unescaped, the bytes. */
static void check_json_escape(const char *bytes, size_t size)
{
    char *text = malloc(size * ESCAPE_FACTOR + 3), *end;
    json_error_t error;
    json_t *value;
    char *read;

    assert(text);
    *text = '"';
    end = escape_json(text + 1, bytes, size);
    assert((size_t)(end - text - 1) <= size * ESCAPE_FACTOR);
    *end = '"';
    value = json_loadb(text, (size_t)(end + 1 - text), JSON_DECODE_ANY, &error);
    assert(value);
    read = malloc(json_string_length(value) + 1);
    assert(read);
    memcpy(read, json_string_value(value), json_string_length(value));
    assert(unescape_json(read, json_string_length(value)) == size && !memcmp(read, bytes, size));
    free(read);
    json_decref(value);
    free(text);
}

static void check_unescape(const char *bytes, size_t size)
{
    char *text = malloc(size + 1);
    size_t n;

    assert(text);
    memcpy(text, bytes, size);
    n = unescape_json(text, size);
    assert(n == (size_t)-1 || n <= size);
    if (n != (size_t)-1)
        check_json_escape(text, n);
    free(text);
}

/* Only what may be shown, and no more columns than there are. */
static void check_terminal_escape(const char *bytes, size_t size, size_t max_width)
{
    uint8_t *text = malloc(size * ESCAPE_FACTOR + 1);
    size_t width = 0, seen = 0, step, n;

    assert(text);
    n = (size_t)(escape_text((char *)text, bytes, size, max_width, &width) - (char *)text);
    for (size_t i = 0; i < n; i += step) {
        uint32_t codepoint;

        step = codepoint_decode(text + i, n - i, &codepoint);
        assert(step && codepoint_is_printable(codepoint));
        seen += codepoint_width(codepoint);
    }
    assert(seen == width && width <= max_width);
    free(text);
}

/* Undoes CSV's quotes; the field's end is the text's. */
static size_t read_csv(const char *text, size_t size, char *ret)
{
    bool quoted = size && *text == '"';
    size_t to = 0, end = quoted ? size - 1 : size;

    assert(!quoted || (size >= 2 && text[end] == '"'));
    for (size_t i = quoted; i < end; i++) {
        assert(quoted || !memchr(",\"\r\n", text[i], 4));
        ret[to++] = text[i];
        if (text[i] == '"')
            assert(++i < end && text[i] == '"');
    }
    return to;
}

static void check_csv_escape(const char *bytes, size_t size)
{
    char *text = malloc(size * ESCAPE_FACTOR + 3), *read = malloc(size * ESCAPE_FACTOR + 3);
    const char *field = read;
    size_t n;

    assert(text && read);
    n = read_csv(text, (size_t)(escape_csv(text, bytes, size) - text), read);
    assert(!n || !memchr("=+-@\t\r\n", *field, 7));
    if (n > size) {
        assert(n == size + 1 && *field == '\'');
        field++;
    }
    assert(!memcmp(field, bytes, size));
    free(read);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes b = {data, data + size};
    char *text = malloc(size + 1);
    struct tlz_bytes address;

    assert(text);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    fuzz_take(&b, &address, sizeof address);
    check_address(&address);
    check_typed_address(text, size);
    b.p = data;
    check_number(fuzz_take64(&b));
    b.p = data;
    check_number(fuzz_take_integer(&b));
    b.p = data;
    check_json_number(fuzz_take_integer(&b));
    b.p = data;
    check_time(fuzz_take_integer(&b));
    check_json_escape(text, size);
    check_unescape(text, size);
    check_terminal_escape(text, size, SIZE_MAX);
    check_terminal_escape(text, size, 15);
    check_csv_escape(text, size);
    free(text);
    return 0;
}

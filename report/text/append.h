/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values as text, written by hand: a report of millions of rows spends its time here. Each function
 * writes at p, without a NUL, and returns the place behind what it wrote. The caller has made room.
 */
#ifndef REPORT_TEXT_APPEND_H
#define REPORT_TEXT_APPEND_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "format/row.h"

/* The most bytes that append_u64() and append_thousandths() write. */
#define APPEND_NUMBER_MAX 24

static inline char *append_char(char *p, char c)
{
    *p = c;
    return p + 1;
}

static inline char *append_bytes(char *p, const void *bytes, size_t size)
{
    if (size)
        memcpy(p, bytes, size);
    return p + size;
}

static inline char *append_string(char *p, const char *text)
{
    return append_bytes(p, text, strlen(text));
}

/* In decimal. */
char *append_u64(char *p, uint64_t value);

/* In decimal, with at least `digits` digits (at most 20), zeros before. */
char *append_padded(char *p, uint64_t value, unsigned int digits);

/* value / 1000 with three decimals: microseconds as milliseconds. */
char *append_thousandths(char *p, uint64_t value);

/*
 * value / 1000 with two decimals, as printf("%.2f") rounds the quotient of two doubles: the way in
 * which the peers print microseconds as milliseconds.
 */
char *append_ms_rounded(char *p, uint64_t us);

/* As append_thousandths() and as printf("%.3f") rounds the quotient of two doubles: they differ
 * only where a double is too coarse for all digits. */
char *append_ms_exact(char *p, uint64_t us);

/* bytes / 1024 with two decimals, as printf("%.2f") rounds the quotient of two doubles. */
char *append_kb_rounded(char *p, uint64_t bytes);

/* Lower-case hexadecimal, two digits a byte. */
char *append_hex(char *p, const uint8_t *bytes, size_t size);

/* The most bytes that the next two write, up to two past the place that they return included. */
#define APPEND_ADDRESS_MAX 48

/* An address: a mapped IPv4 address in dotted decimal, another one as RFC 5952 has it. */
char *append_address(char *p, const struct tlz_bytes *address);

/* As inet_ntop(AF_INET6) writes it: a mapped IPv4 address with "::ffff:" before it. */
char *append_address_v6(char *p, const struct tlz_bytes *address);

#endif

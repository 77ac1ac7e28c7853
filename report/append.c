/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/append.h"

#include <stdio.h>

#define DIGITS_MAX 20 /* of UINT64_MAX */

/* Above this many microseconds a tie cannot be told from the digits: a double is too coarse. */
#define EXACT_US_MAX (UINT64_C(1) << 40)

/* Up to here the quotient of a thousand is near enough to show its three decimals. */
#define EXACT_THOUSANDTHS_MAX (UINT64_C(1) << 52)

/* Up to here a double holds every number of bytes, and every part of 1024 of it. */
#define EXACT_BYTES_MAX (UINT64_C(1) << 53)

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

char *append_u64(char *p, uint64_t value)
{
    char digits[DIGITS_MAX];
    size_t at = sizeof digits;

    while (value >= 100) {
        at -= 2;
        memcpy(digits + at, pairs + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(digits + at, pairs + 2 * value, 2);
    } else {
        digits[--at] = (char)('0' + value);
    }
    return append_bytes(p, digits + at, sizeof digits - at);
}

char *append_padded(char *p, uint64_t value, unsigned int digits)
{
    char text[DIGITS_MAX];
    size_t size = (size_t)(append_u64(text, value) - text);

    for (size_t n = size; n < digits; n++)
        *p++ = '0';
    return append_bytes(p, text, size);
}

char *append_thousandths(char *p, uint64_t value)
{
    uint64_t rest = value % 1000;

    p = append_u64(p, value / 1000);
    *p++ = '.';
    *p++ = (char)('0' + rest / 100);
    return append_bytes(p, pairs + 2 * (rest % 100), 2);
}

/* Lets the C library round the quotient, whichever way its bits lie. */
static char *append_by_library(char *p, uint64_t value, double divisor, int decimals)
{
    char text[64];
    int n = snprintf(text, sizeof text, "%.*f", decimals, (double)value / divisor);

    return append_bytes(p, text, (size_t)n);
}

static char *append_hundredths(char *p, uint64_t value)
{
    p = append_u64(p, value / 100);
    *p++ = '.';
    return append_bytes(p, pairs + 2 * (value % 100), 2);
}

char *append_ms_rounded(char *p, uint64_t us)
{
    if (us % 10 == 5 || us > EXACT_US_MAX)
        return append_by_library(p, us, 1000, 2);
    return append_hundredths(p, us / 10 + (us % 10 > 5));
}

char *append_ms_exact(char *p, uint64_t us)
{
    return us > EXACT_THOUSANDTHS_MAX ? append_by_library(p, us, 1000, 3)
                                      : append_thousandths(p, us);
}

/* The quotient is exact, so that a tie is one, and goes to the even digit. */
char *append_kb_rounded(char *p, uint64_t bytes)
{
    uint64_t hundredths = bytes * 100 / 1024, rest = bytes * 100 % 1024;

    if (bytes > EXACT_BYTES_MAX)
        return append_by_library(p, bytes, 1024, 2);
    return append_hundredths(p, hundredths + (rest > 512 || (rest == 512 && hundredths % 2)));
}

char *append_hex(char *p, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        *p++ = digits[bytes[i] >> 4];
        *p++ = digits[bytes[i] & 15];
    }
    return p;
}

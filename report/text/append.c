/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/append.h"

#include <stdio.h>

#define DIGITS_MAX   20 /* of UINT64_MAX */
#define EIGHT_DIGITS UINT64_C(100000000)

/* Of a double. */
#define FRACTION_BITS        52
#define FRACTION_ONE         (UINT64_C(1) << FRACTION_BITS)
#define EXPONENT_OF_FRACTION 1075 /* with which its fraction is an integer */

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

/* Both digits of a value below 100. */
static inline char *append_pair(char *p, uint64_t value)
{
    memcpy(p, pairs + 2 * value, 2);
    return p + 2;
}

/* Of a value below 10,000: how many digits there are is hard to foretell, so nothing depends on it
 * but where they begin. Four bytes are written. */
static inline char *append_small(char *p, uint32_t value)
{
    const unsigned digits = 1u + (value >= 10) + (value >= 100) + (value >= 1000);
    const unsigned zeros = 8 * (4 - digits); /* bits of those before the first digit */
    uint16_t high, low;
    uint32_t four;

    memcpy(&high, pairs + 2 * (value / 100), 2);
    memcpy(&low, pairs + 2 * (value % 100), 2);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    four = ((uint32_t)low << 16 | high) >> zeros;
#else
    four = ((uint32_t)high << 16 | low) << zeros;
#endif
    memcpy(p, &four, sizeof four);
    return p + digits;
}

/* All four digits of a value below 10,000. */
static inline char *append_four(char *p, uint32_t value)
{
    return append_pair(append_pair(p, value / 100), value % 100);
}

/* All eight digits of a value below 10^8. */
static inline char *append_eight(char *p, uint32_t value)
{
    return append_four(append_four(p, value / 10000), value % 10000);
}

/* Of a value below 10^8. */
static inline char *append_medium(char *p, uint32_t value)
{
    if (value < 10000)
        return append_small(p, value);
    return append_four(append_small(p, value / 10000), value % 10000);
}

char *append_u64(char *p, uint64_t value)
{
    if (value < EIGHT_DIGITS)
        return append_medium(p, (uint32_t)value);
    if (value >= EIGHT_DIGITS * EIGHT_DIGITS) {
        p = append_small(p, (uint32_t)(value / (EIGHT_DIGITS * EIGHT_DIGITS)));
        value %= EIGHT_DIGITS * EIGHT_DIGITS;
        p = append_eight(p, (uint32_t)(value / EIGHT_DIGITS));
    } else {
        p = append_medium(p, (uint32_t)(value / EIGHT_DIGITS));
    }
    return append_eight(p, (uint32_t)(value % EIGHT_DIGITS));
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
    return append_pair(p, rest % 100);
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
    return append_pair(p, value % 100);
}

/*
 * Whether the double next to a tie, us / 1000, is rounded up: it may lie above the tie or below.
 * As an integer of 53 bits, shifted, it is compared with the tie exactly; in between it is even.
 */
static bool is_tie_up(uint64_t us)
{
    const double quotient = (double)us / 1000;
    uint64_t bits, mantissa, shift;

    memcpy(&bits, &quotient, sizeof bits);
    mantissa = (bits & (FRACTION_ONE - 1)) | FRACTION_ONE;
    shift = EXPONENT_OF_FRACTION - (bits >> FRACTION_BITS);
    if (mantissa * 1000 == us << shift)
        return us / 10 % 2 == 1;
    return mantissa * 1000 > us << shift;
}

char *append_ms_rounded(char *p, uint64_t us)
{
    if (us > EXACT_US_MAX)
        return append_by_library(p, us, 1000, 2);
    return append_hundredths(p, us / 10 + (us % 10 > 5 || (us % 10 == 5 && is_tie_up(us))));
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

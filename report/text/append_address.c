/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/append.h"

#define GROUPS 8

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* A run of groups that are zero; `count` 0 = none worth a "::". */
struct zeros {
    int from;
    int count;
};

/* An octet in decimal, and how many digits that are. */
struct octet {
    char digits[3];
    uint8_t size;
};

#define DIGIT(n, power) (char)('0' + (n) / (power) % 10)
#define OCTET(n)                                                                                   \
    {{(n) >= 100  ? DIGIT(n, 100)                                                                  \
      : (n) >= 10 ? DIGIT(n, 10)                                                                   \
                  : DIGIT(n, 1),                                                                   \
      (n) >= 100 ? DIGIT(n, 10) : DIGIT(n, 1), DIGIT(n, 1)},                                       \
     (n) >= 100  ? 3                                                                               \
     : (n) >= 10 ? 2                                                                               \
                 : 1},
#define OCTETS_4(n)  OCTET(n) OCTET((n) + 1) OCTET((n) + 2) OCTET((n) + 3)
#define OCTETS_16(n) OCTETS_4(n) OCTETS_4((n) + 4) OCTETS_4((n) + 8) OCTETS_4((n) + 12)
#define OCTETS_64(n) OCTETS_16(n) OCTETS_16((n) + 16) OCTETS_16((n) + 32) OCTETS_16((n) + 48)
static const struct octet octet_text[] = {OCTETS_64(0) OCTETS_64(64) OCTETS_64(128) OCTETS_64(192)};

/* Writes three bytes, of which those past the returned place mean nothing. */
static inline char *append_octet(char *p, uint8_t octet)
{
    memcpy(p, octet_text[octet].digits, sizeof octet_text[octet].digits);
    return p + octet_text[octet].size;
}

static char *append_v4(char *p, const uint8_t *octets)
{
    for (int i = 0; i < 4; i++) {
        if (i)
            *p++ = '.';
        p = append_octet(p, octets[i]);
    }
    return p;
}

static char *append_group(char *p, unsigned int group)
{
    static const char digits[] = "0123456789abcdef";
    int shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0;

    for (; shift >= 0; shift -= 4)
        *p++ = digits[group >> shift & 15];
    return p;
}

/* The first of the longest runs of at least two zero groups (RFC 5952, section 4.2). */
static struct zeros longest_zeros(const unsigned int *groups)
{
    struct zeros best = {0, 0}, run = {0, 0};

    for (int i = 0; i < GROUPS; i++) {
        if (groups[i]) {
            run.count = 0;
            continue;
        }
        if (!run.count++)
            run.from = i;
        if (run.count > best.count)
            best = run;
    }
    if (best.count < 2)
        best.count = 0;
    return best;
}

/* Where the C library writes the last 32 bits in dotted decimal: ::ffff:a.b.c.d and ::a.b.c.d */
static bool has_v4_tail(const struct zeros *zeros, const unsigned int *groups)
{
    if (zeros->count == 0 || zeros->from != 0)
        return false;
    return zeros->count == 6 || (zeros->count == 5 && groups[5] == 0xffff);
}

char *append_address_v6(char *p, const struct tlz_bytes *address)
{
    unsigned int groups[GROUPS];
    struct zeros zeros;

    for (int i = 0; i < GROUPS; i++)
        groups[i] = (unsigned int)address->b[2 * i] << 8 | address->b[2 * i + 1];
    zeros = longest_zeros(groups);
    for (int i = 0; i < GROUPS; i++) {
        if (zeros.count && i == zeros.from) {
            p = append_bytes(p, "::", 2);
            i += zeros.count - 1;
            continue;
        }
        if (i && !(zeros.count && i == zeros.from + zeros.count))
            *p++ = ':';
        if (i == 6 && has_v4_tail(&zeros, groups))
            return append_v4(p, address->b + 12);
        p = append_group(p, groups[i]);
    }
    return p;
}

char *append_address(char *p, const struct tlz_bytes *address)
{
    if (!memcmp(address->b, mapped_prefix, sizeof mapped_prefix))
        return append_v4(p, address->b + 12);
    return append_address_v6(p, address);
}

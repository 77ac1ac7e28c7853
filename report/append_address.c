/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/append.h"

#define GROUPS 8

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* A run of groups that are zero; `count` 0 = none worth a "::". */
struct zeros {
    int from;
    int count;
};

static char *append_octet(char *p, unsigned int octet)
{
    if (octet >= 100) {
        *p++ = (char)('0' + octet / 100);
        octet %= 100;
        *p++ = (char)('0' + octet / 10);
    } else if (octet >= 10) {
        *p++ = (char)('0' + octet / 10);
    }
    *p++ = (char)('0' + octet % 10);
    return p;
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

/* SPDX-License-Identifier: BSD-2-Clause */
#include "mix_random.h"

#define ONE_Q30 (INT64_C(1) << 30)

void random_seed(struct mix_random *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) { /* splitmix64 (Vigna) */
        uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        r->s[i] = z ^ z >> 31;
    }
}

static uint64_t rotate(uint64_t v, int bits)
{
    return v << bits | v >> (64 - bits);
}

uint64_t random_bits(struct mix_random *r)
{
    uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t random_below(struct mix_random *r, uint32_t n)
{
    return (uint32_t)((random_bits(r) >> 32) * n >> 32);
}

uint64_t random_between(struct mix_random *r, uint64_t from, uint64_t to)
{
    return from + random_bits(r) % (to - from + 1);
}

bool random_permille(struct mix_random *r, uint32_t permille)
{
    return random_below(r, 1000) < permille;
}

/* a times the fraction b / 2^32. */
static uint64_t times_q32(uint64_t a, uint32_t b)
{
    return (a >> 32) * b + ((a & UINT32_MAX) * b >> 32);
}

/* The polynomial with those coefficients at x, all in units of 2^-30. */
static int64_t polynomial(const int64_t *coefficient, int count, int64_t x)
{
    int64_t sum = 0;

    while (count > 0)
        sum = (sum * x >> 30) + coefficient[--count];
    return sum;
}

/* v times 2 to the power of e / 2^32. */
static uint64_t scale(uint64_t v, int64_t e)
{
    /* 2^x for x from 0 to 1, by its Taylor series */
    static const int64_t power[] = {1073741824, 744261118, 257941248, 59597083,
                                    10327513,   1431680,   165394,    16377};
    int64_t whole = e >> 32, fraction = e & UINT32_MAX;
    uint64_t mantissa = (uint64_t)polynomial(power, 8, fraction >> 2) - ONE_Q30;

    v += times_q32(v, (uint32_t)(mantissa >= ONE_Q30 ? UINT32_MAX : mantissa << 2));
    return whole < 0 ? whole < -63 ? 0 : v >> -whole : v << whole;
}

/* -log2 of a random number from 0 to 1, in units of 2^-32. */
static uint64_t minus_log2(struct mix_random *r)
{
    /* log2(1 + x) for x from 0 to 1, a minimax polynomial */
    static const int64_t log2[] = {0,         1549076434, -774346102, 513983917, -372915980,
                                   259708675, -147673029, 55904020,   -9997070};
    uint64_t u = random_bits(r) | 1;
    int zeros = __builtin_clzll(u);
    int64_t fraction = (int64_t)(u << zeros << 1 >> 34);

    return ((uint64_t)(zeros + 1) << 32) - ((uint64_t)polynomial(log2, 9, fraction) << 2);
}

uint64_t random_lognormal(struct mix_random *r, uint64_t median, uint32_t sigma_milli)
{
    int64_t normal = -6 * (INT64_C(1) << 32); /* the sum of twelve uniform numbers, less its mean */

    for (int i = 0; i < 6; i++) {
        uint64_t two = random_bits(r);

        normal += (int64_t)(two >> 32) + (int64_t)(two & UINT32_MAX);
    }
    /* 94548 / 2^16 = log2(e) */
    return scale(median, (normal / 16 * sigma_milli / 1000) * 94548 / 4096);
}

uint64_t random_exponential(struct mix_random *r, uint64_t mean)
{
    uint64_t log = times_q32(minus_log2(r), 2977044472u); /* ln(2) */

    return (log >> 32) * mean + times_q32(mean, (uint32_t)log);
}

uint64_t random_pareto(struct mix_random *r, uint64_t least, uint64_t most, uint32_t alpha_milli)
{
    uint64_t e = minus_log2(r) / alpha_milli * 1000;
    uint64_t v = e >> 32 > 30 ? most : scale(least, (int64_t)e);

    return v < most ? v : most;
}

/* v to the power of 8, in units of 2^-24; UINT64_MAX when it is 65536 or more. */
static uint64_t eighth_power(uint64_t v)
{
    for (int i = 0; i < 3; i++) {
        if (v >> 32)
            return UINT64_MAX;
        v = v * v >> 24;
    }
    return v;
}

/* The sum of k^-7/8 grows as the eighth root of k; u runs evenly over that, in units of 2^-24. */
void random_zipf_init(struct mix_zipf *ret, uint32_t n)
{
    uint64_t root = 1 << 24;

    for (int bit = 25; bit >= 0; bit--) {
        uint64_t higher = root + (UINT64_C(1) << bit);

        if (eighth_power(higher) <= (uint64_t)(n + 1) << 24)
            root = higher;
    }
    *ret = (struct mix_zipf){.n = n, .root = root};
}

uint32_t random_zipf(struct mix_random *r, const struct mix_zipf *zipf)
{
    uint64_t u = random_between(r, 1 << 24, zipf->root);
    uint32_t rank = (uint32_t)(eighth_power(u) >> 24) - 1;

    return rank < zipf->n ? rank : zipf->n - 1;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random numbers that are the same on every machine: integers only, since the functions of libm
 * differ between machines in the last bit. One expression calls at most one of them, since the
 * order of evaluation is the compiler's.
 */
#ifndef BENCH_MIX_RANDOM_H
#define BENCH_MIX_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* xoshiro256** (Blackman and Vigna). */
struct mix_random {
    uint64_t s[4];
};

void random_seed(struct mix_random *r, uint64_t seed);
uint64_t random_bits(struct mix_random *r);

/* 0 to n - 1. n is not 0. */
uint32_t random_below(struct mix_random *r, uint32_t n);

/* from to to, both included. */
uint64_t random_between(struct mix_random *r, uint64_t from, uint64_t to);

/* True so many times in a thousand. */
bool random_permille(struct mix_random *r, uint32_t permille);

/* Lognormal; sigma_milli is the standard deviation of the natural logarithm, in thousandths. */
uint64_t random_lognormal(struct mix_random *r, uint64_t median, uint32_t sigma_milli);

/* Exponential, as the time between two events of a Poisson process. */
uint64_t random_exponential(struct mix_random *r, uint64_t mean);

/* Pareto from `least` to `most`, with that exponent in thousandths. */
uint64_t random_pareto(struct mix_random *r, uint64_t least, uint64_t most, uint32_t alpha_milli);

/* Zipf's law with exponent 7/8 over the numbers 0 to n - 1, the smaller the likelier. n is less
 * than 65535. */
struct mix_zipf {
    uint32_t n;
    uint64_t root;
};

void random_zipf_init(struct mix_zipf *ret, uint32_t n);
uint32_t random_zipf(struct mix_random *r, const struct mix_zipf *zipf);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of numbers, which may come from anybody: they cannot be chosen so that it becomes slow. */
#ifndef UTIL_NUMBER_SET_H
#define UTIL_NUMBER_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed = empty. */
struct number_set {
    uint64_t *slots; /* a hash table; 0 = a free slot */
    size_t slot_count;
    size_t used;
    bool has_zero;
    uint64_t seed[2];
};

/* Adds it, if it is not in it. 0, or -ENOMEM or another negative errno. */
int number_set_add(struct number_set *set, uint64_t number);

bool number_set_has(const struct number_set *set, uint64_t number);

void number_set_free(struct number_set *set);

#endif

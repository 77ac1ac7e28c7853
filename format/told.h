/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that were told of, so that each is told of once; past the last place no more is told. */
#ifndef TLZ_TOLD_H
#define TLZ_TOLD_H

#include <stdbool.h>
#include <stdint.h>

struct told {
    uint64_t number[32];
    uint32_t count;
};

/* True once for each number. */
static inline bool tell_once(struct told *told, uint64_t number)
{
    for (uint32_t i = 0; i < told->count; i++) {
        if (told->number[i] == number)
            return false;
    }
    if (told->count == sizeof told->number / sizeof *told->number)
        return false;
    told->number[told->count++] = number;
    return true;
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture in memory, to be read or written. */
#ifndef TESTS_FUZZ_MEMORY_H
#define TESTS_FUZZ_MEMORY_H

#include "format/tlz.h"

struct fuzz_memory {
    uint8_t *data;
    size_t size;
    size_t at; /* where reading goes on */
};

/* Reads what is there, from the start; the second one as a file, at any place. */
struct tlz_input fuzz_memory_input(struct fuzz_memory *memory);
struct tlz_input fuzz_memory_input_at(struct fuzz_memory *memory);

/* Writes behind what is there; `data` is then malloc'ed, to be freed by fuzz_memory_free(). */
struct tlz_output fuzz_memory_output(struct fuzz_memory *memory);
void fuzz_memory_free(struct fuzz_memory *memory);

/* Makes the checksums of a capture right, so that what lies behind them is reached: each block
 * whose length fits gets the sums that belong to its bytes. */
void fuzz_mend_sums(uint8_t *data, size_t size);

#endif

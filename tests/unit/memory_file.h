/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture in memory, and sessions made from a seed. */
#ifndef TESTS_MEMORY_FILE_H
#define TESTS_MEMORY_FILE_H

#include "format/tlz.h"

struct memory_file {
    uint8_t *data;
    size_t size;
    size_t read_offset;
    size_t read_step;  /* most bytes a read gives; 0 = all */
    size_t read_total; /* bytes that were read */
    size_t fail_at;    /* a write past that many bytes fails with -ENOSPC; 0 = never */
};

struct tlz_output memory_output(struct memory_file *file);

/* Reads from the start. */
struct tlz_input memory_input(struct memory_file *file);

/* Reads at any place. */
struct tlz_input memory_input_at(struct memory_file *file);

void memory_file_free(struct memory_file *file);

/* A random number, the same sequence for the same seed (splitmix64). */
uint64_t random_next(uint64_t *seed);

/* A session as hosts have them: most fields there, values of usual sizes, the laws of times kept.
 * `close_us` is its end. */
void random_session(uint64_t *seed, uint64_t close_us, struct tlz_row *ret);

/* A row with any field of its kind absent or of any value that the format can hold. */
void wild_row(enum tlz_kind kind, uint64_t *seed, struct tlz_row *ret);

/* Fails the test unless the stored fields of both are equal; derived fields and `service` are left
 * out. */
void assert_rows_equal(enum tlz_kind kind, const struct tlz_row *a, const struct tlz_row *b);

/* A writer to the file with one source; level 0 = default. */
struct tlz_writer *open_writer(struct memory_file *file, int level, uint32_t *ret_source);

#endif

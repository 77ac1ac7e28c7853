/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture of known sessions that a test damages, and what a reader then makes of it. */
#ifndef TESTS_DAMAGED_FILE_H
#define TESTS_DAMAGED_FILE_H

#include "memory_file.h"

#define BLOCKS      6
#define BLOCK_ROWS  7
#define FIRST_CLOSE UINT64_C(7000000000)

/* What came of reading a file to its end. */
struct outcome {
    int open_error;
    int error; /* of the last tlz_reader_next() */
    uint64_t rows;
    uint32_t blocks; /* bit set of the blocks of which all rows came */
    int damages;
    int first_damage; /* its error */
    uint64_t first_offset;
    uint64_t damaged_bytes;
    uint64_t missing;
    int ends;
    int unknowns;
    uint64_t close_us[BLOCKS * BLOCK_ROWS];
};

/* BLOCKS blocks of BLOCK_ROWS sessions; ends[i] is where block i ends, ends[BLOCKS] where the file
 * does. */
void make_capture(struct memory_file *file, size_t ends[BLOCKS + 1]);

/* Reads all of it. Fails the test at a row that make_capture() did not write just so. */
struct outcome read_all(struct memory_file *file);

#endif

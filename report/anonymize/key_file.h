/* SPDX-License-Identifier: BSD-2-Clause */
/* The key of --anonymize: from a file, or one for this run alone. */
#ifndef REPORT_ANONYMIZE_KEY_FILE_H
#define REPORT_ANONYMIZE_KEY_FILE_H

#include <stdint.h>

#define KEY_FILE_SIZE 32

/*
 * Reads a key of just so many bytes. `output` is the file that will be written, which must be
 * another; NULL = none. EXIT_OK, or EXIT_FAILED after saying what is wrong; that others can read
 * the key is said, and no failure.
 */
int key_file_read(const char *path, const char *output, uint8_t ret[KEY_FILE_SIZE]);

/* A random one. EXIT_OK, or EXIT_FAILED after saying why there is none. */
int key_make(uint8_t ret[KEY_FILE_SIZE]);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel says in files of a line. */
#ifndef RECORD_SMALL_FILE_H
#define RECORD_SMALL_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* The first line of the file, without its end, or as much of it as `size` bytes hold. False when
 * there is none, or it is empty. */
bool small_file_line(const char *path, char *ret, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* A file of a kernel's types (BTF), and whether they are those of the kernel that runs. */
#ifndef RECORD_TYPES_FILE_H
#define RECORD_TYPES_FILE_H

#include <stdbool.h>

/* Room for what differs, with the byte that ends it. */
#define TYPES_FILE_TEXT_MAX 128

/* Whether the file can be read as types at all. */
bool types_file_is_one(const char *path);

/*
 * Whether a type that the BPF programs read is seen to be another one here. They are compared
 * with the kernel's own, where it has them, and their sizes with those of its caches; of what
 * neither tells it is taken to be the same, and so is a file that has no types. What differs goes to ret: "struct
 * tcp_sock has 2304 bytes there, and 2312 here".
 */
bool types_file_differs(const char *path, char ret[TYPES_FILE_TEXT_MAX]);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a classic tracepoint's record has its fields, as tracefs says it. */
#ifndef RECORD_TRACEPOINT_LAYOUT_H
#define RECORD_TRACEPOINT_LAYOUT_H

#include <stdint.h>

/* A field of a record; both in bytes. */
struct tracepoint_field {
    uint16_t offset;
    uint16_t size;
};

/* Finds the field of that name in the text of a file "format". 0 and *ret, or -ENOENT when it is
 * not there, or not in a form that is known. */
int tracepoint_find_field(const char *format, const char *name, struct tracepoint_field *ret);

/* Reads the format of a tracepoint such as "sock/inet_sock_set_state" into `ret`, cut to `size`. 0,
 * or a negative errno: tracefs is not mounted, or may not be read, or the kernel has no such. */
int tracepoint_read_format(const char *tracepoint, char *ret, unsigned size);

#endif

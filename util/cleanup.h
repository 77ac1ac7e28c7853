/* SPDX-License-Identifier: BSD-2-Clause */
/* Destructors for local variables: _cleanup_(free_pointer) char *text = NULL; */
#ifndef UTIL_CLEANUP_H
#define UTIL_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(function) __attribute__((cleanup(function)))

static inline void free_pointer(void *p)
{
    free(*(void **)p);
}

static inline void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#endif

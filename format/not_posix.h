/* SPDX-License-Identifier: BSD-2-Clause */
/* What is used here of a C library and is not in POSIX.1-2008, where it has no such thing; see
 * util/missing.h. */
#ifndef TLZ_NOT_POSIX_H
#define TLZ_NOT_POSIX_H

#include <stdint.h>
#include <string.h>

/* strerror() may write its text anew at each call; of numbers that it knows, the usual libraries do
 * not. What they say of others is taken for nothing. */
#if !HAVE_STRERRORDESC_NP
static inline const char *strerrordesc_np(int error)
{
    const char *text = strerror(error);

    if (strncmp(text, "Unknown error", 13) == 0 || strncmp(text, "No error info", 13) == 0)
        return NULL;
    return text;
}
#endif

#if !HAVE_MEMMEM
static inline void *memmem(const void *bytes, size_t size, const void *wanted, size_t wanted_size)
{
    const uint8_t *p = bytes, *first = wanted;

    while (size >= wanted_size) {
        const uint8_t *found = memchr(p, *first, size - wanted_size + 1);

        if (!found || memcmp(found, wanted, wanted_size) == 0)
            return (void *)(uintptr_t)found;
        size -= (size_t)(found + 1 - p);
        p = found + 1;
    }
    return NULL;
}
#endif

#endif

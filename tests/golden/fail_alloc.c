/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into a program, makes an allocation fail. In the environment:
 *
 *   FAIL_ALLOC_AT=N    the N-th fails; "N+": and all behind it; 0: none
 *   FAIL_ALLOC_FD=FD   where the number of allocations is written at the end, in decimal
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EARLY_BYTES 65536 /* for what is asked for before the C library's functions are found */

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static int (*next_posix_memalign)(void **, size_t, size_t);
static void *(*next_aligned_alloc)(size_t, size_t);
static void (*next_free)(void *);

static _Alignas(16) char early[EARLY_BYTES];
static size_t early_used;
static unsigned long count, fail_at;
static int fail_behind, tell_fd = -1;

/* ISO C has no cast from void * to a function. */
static void find(void *function, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    memcpy(function, &found, sizeof found);
}

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("FAIL_ALLOC_AT"), *fd = getenv("FAIL_ALLOC_FD");

    find(&next_malloc, "malloc");
    find(&next_calloc, "calloc");
    find(&next_realloc, "realloc");
    find(&next_posix_memalign, "posix_memalign");
    find(&next_aligned_alloc, "aligned_alloc");
    find(&next_free, "free");
    count = 0;
    fail_at = at ? strtoul(at, NULL, 10) : 0;
    fail_behind = at && strchr(at, '+');
    tell_fd = fd ? atoi(fd) : -1;
}

__attribute__((destructor)) static void end(void)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%lu", count);

    if (tell_fd >= 0)
        (void)!write(tell_fd, text, (size_t)n);
}

/* libseccomp (2.5.4) itself crashes without memory, in seccomp_load(). */
static int is_exempt(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "/libseccomp.");
}

static int fails(const void *caller)
{
    if (is_exempt(caller))
        return 0;
    count++;
    if (count != fail_at && !(fail_behind && fail_at && count > fail_at))
        return 0;
    errno = ENOMEM;
    return 1;
}

static void *take_early(size_t size)
{
    void *p = early + early_used;

    early_used += (size + 15) & ~(size_t)15;
    return early_used <= sizeof early ? p : NULL;
}

static int is_early(const void *p)
{
    return (uintptr_t)p >= (uintptr_t)early && (uintptr_t)p < (uintptr_t)early + sizeof early;
}

void *malloc(size_t size)
{
    if (!next_malloc)
        return take_early(size);
    return fails(__builtin_return_address(0)) ? NULL : next_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    if (!next_calloc)
        return take_early(n * size);
    return fails(__builtin_return_address(0)) ? NULL : next_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : next_realloc(p, size);
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
    return fails(__builtin_return_address(0)) ? ENOMEM : next_posix_memalign(ret, alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : next_aligned_alloc(alignment, size);
}

void free(void *p)
{
    if (next_free && !is_early(p))
        next_free(p);
}

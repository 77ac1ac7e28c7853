/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loops over columns that a compiler makes vectors of: twice, for every processor of the machine's
 * kind and for those with AVX2, and the one that fits is chosen when the program starts. Where the
 * tools do not know how, or instrument what runs so early, there is the first alone.
 */
#ifndef TLZ_VECTOR_H
#define TLZ_VECTOR_H

#include <stdlib.h>

#if defined __x86_64__ && defined __GLIBC__ && defined __GNUC__ && !defined __clang__ &&           \
    !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
#define VECTOR_LOOPS __attribute__((target_clones("avx2", "default")))
#else
#define VECTOR_LOOPS
#endif

#endif

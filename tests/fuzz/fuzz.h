/* SPDX-License-Identifier: BSD-2-Clause */
/* What a harness has to do with the engine, or with replay.c: tests/fuzz/README.md. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#undef NDEBUG /* a property that does not hold is a failed assert() */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* What a fuzzing engine, or replay.c, calls with each input. Returns 0; a fault is a crash. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

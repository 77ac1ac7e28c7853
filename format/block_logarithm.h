/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Integers of many magnitudes, as durations and sizes are: a byte each tells the magnitude (the
 * exponent and the two bits behind the leading one) and is compressed; the bits below are as good
 * as random, and stored as they are. docs/FORMAT.md, section 6.4.
 */
#ifndef TLZ_BLOCK_LOGARITHM_H
#define TLZ_BLOCK_LOGARITHM_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that the bits of count integers may need, at most. */
#define LOGARITHM_BITS_MAX(count) ((size_t)(count)*8 + 8)

/* Writes count codes to codes, and the bits to bits, which has room for LOGARITHM_BITS_MAX(count).
 * Returns how many bytes the bits take. */
size_t logarithm_pack(const uint64_t *values, uint32_t count, uint8_t *codes, uint8_t *bits);

/* The opposite. 0, or -TLZ_E_SYNTAX when a code is none, or the bits do not have the size that the
 * codes tell. */
int logarithm_unpack(const uint8_t *codes, const uint8_t *bits, size_t bits_size, uint32_t count,
                     uint64_t *ret_values);

#endif

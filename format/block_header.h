/* SPDX-License-Identifier: BSD-2-Clause */
/* The preamble of a file and the header of a block, as bytes. docs/FORMAT.md, sections 3 and 4. */
#ifndef TLZ_BLOCK_HEADER_H
#define TLZ_BLOCK_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PREAMBLE_SIZE     16
#define BLOCK_HEADER_SIZE 48
#define BLOCK_SYNC_SIZE   4
#define BLOCK_CRITICAL    0x01 /* a reader that does not know the type must refuse the file */

extern const uint8_t block_sync[BLOCK_SYNC_SIZE];

struct block_header {
    uint8_t type;  /* enum tlz_block_type, or a newer version's */
    uint8_t flags; /* BLOCK_CRITICAL */
    uint32_t source;
    uint32_t stored; /* bytes of the body */
    uint32_t rows;   /* sessions in it; 0 in other types */
    uint32_t salt;   /* the same in all blocks of a file; 0 = none */
    uint64_t sequence;
    uint64_t body_hash; /* XXH3-64 of the body */
};

void preamble_encode(uint8_t ret[PREAMBLE_SIZE]);

/* 0, -TLZ_E_NOT_A_CAPTURE, -TLZ_E_TEXT_DAMAGE, -TLZ_E_CUT, -TLZ_E_CHECKSUM, -TLZ_E_NEWER,
 * -TLZ_E_DRAFT. `size` is less than PREAMBLE_SIZE for a shorter file. */
int preamble_check(const uint8_t *data, size_t size);

void block_header_encode(const struct block_header *header, uint8_t ret[BLOCK_HEADER_SIZE]);

/* 0 and *ret, -TLZ_E_NO_BLOCK without the sync word, -TLZ_E_CHECKSUM, or -TLZ_E_LIMIT. */
int block_header_decode(const uint8_t data[BLOCK_HEADER_SIZE], struct block_header *ret);

/* Whether a block with the one salt may stand in a file with the other. */
static inline bool block_salt_fits(uint32_t file_salt, uint32_t salt)
{
    return file_salt == 0 || file_salt == salt;
}

/* A salt that follows from a capture's id, never 0: so that what is written of a capture is the
 * same each time. A recorder takes a random one, which nobody knows who sends what it records. */
uint32_t block_salt(const uint8_t capture_id[16]);

/* XXH3-64 of a body. */
uint64_t block_hash(const void *data, size_t size);

#endif

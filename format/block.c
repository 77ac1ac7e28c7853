/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/block.h"

#include <xxhash.h>

#include "format/block_header.h"
#include "format/error.h"
#include "format/wire.h"

#define SIGNATURE_SIZE 8

/* As PNG's: a byte over 127, letters, CR LF, ^Z, LF: each kind of text-mode transfer breaks it in
 * its own way. */
static const uint8_t signature[SIGNATURE_SIZE] = {0xf4, 'T', 'L', 'Z', '\r', '\n', 0x1a, '\n'};

const uint8_t block_sync[BLOCK_SYNC_SIZE] = {0xf4, 'T', 'L', 'B'};

uint64_t block_hash(const void *data, size_t size)
{
    return XXH3_64bits(data, size);
}

uint32_t block_salt(const uint8_t capture_id[16])
{
    uint32_t salt = (uint32_t)block_hash(capture_id, 16);

    return salt ? salt : 1;
}

void preamble_encode(uint8_t ret[PREAMBLE_SIZE])
{
    memcpy(ret, signature, SIGNATURE_SIZE);
    wire_store16(ret + 8, TLZ_FORMAT_VERSION);
    wire_store16(ret + 10, TLZ_FORMAT_MINOR);
    wire_store32(ret + 12, (uint32_t)block_hash(ret, 12));
}

/* Does it begin as a capture does after a transfer that took it for text: the top bit, CR, ^Z or LF
 * changed? */
static bool looks_like_text_damage(const uint8_t *data, size_t size)
{
    static const uint8_t stripped[] = {0x74, 'T', 'L', 'Z'};
    static const uint8_t recoded[] = {0xc3, 0xb4, 'T', 'L', 'Z'}; /* Latin-1 to UTF-8 */
    static const uint8_t replaced[] = {0xef, 0xbf, 0xbd,
                                       'T',  'L',  'Z'}; /* invalid UTF-8 replaced */

    return (size >= 4 && !memcmp(data, signature, 4)) ||
           (size >= sizeof stripped && !memcmp(data, stripped, sizeof stripped)) ||
           (size >= sizeof recoded && !memcmp(data, recoded, sizeof recoded)) ||
           (size >= sizeof replaced && !memcmp(data, replaced, sizeof replaced));
}

int preamble_check(const uint8_t *data, size_t size)
{
    if (size && size < SIGNATURE_SIZE && !memcmp(data, signature, size))
        return -TLZ_E_CUT;
    if (size < SIGNATURE_SIZE || memcmp(data, signature, SIGNATURE_SIZE))
        return size >= SIGNATURE_SIZE && looks_like_text_damage(data, size) ? -TLZ_E_TEXT_DAMAGE
                                                                            : -TLZ_E_NOT_A_CAPTURE;
    if (size < PREAMBLE_SIZE)
        return -TLZ_E_CUT;
    if (wire_load32(data + 12) != (uint32_t)block_hash(data, 12))
        return -TLZ_E_CHECKSUM;
    if (wire_load16(data + 8) == 0)
        return -TLZ_E_DRAFT;
    return wire_load16(data + 8) > TLZ_FORMAT_VERSION ? -TLZ_E_NEWER : 0;
}

void block_header_encode(const struct block_header *header, uint8_t ret[BLOCK_HEADER_SIZE])
{
    memset(ret, 0, BLOCK_HEADER_SIZE);
    memcpy(ret, block_sync, BLOCK_SYNC_SIZE);
    ret[4] = header->type;
    ret[5] = header->flags;
    wire_store32(ret + 8, header->source);
    wire_store32(ret + 12, header->stored);
    wire_store32(ret + 16, header->rows);
    wire_store32(ret + 20, header->salt);
    wire_store64(ret + 24, header->sequence);
    wire_store64(ret + 32, header->body_hash);
    wire_store64(ret + 40, block_hash(ret, 40));
}

int block_header_decode(const uint8_t data[BLOCK_HEADER_SIZE], struct block_header *ret)
{
    if (memcmp(data, block_sync, BLOCK_SYNC_SIZE))
        return -TLZ_E_NO_BLOCK;
    if (wire_load64(data + 40) != block_hash(data, 40))
        return -TLZ_E_CHECKSUM;
    *ret = (struct block_header){
        .type = data[4],
        .flags = data[5],
        .source = wire_load32(data + 8),
        .stored = wire_load32(data + 12),
        .rows = wire_load32(data + 16),
        .salt = wire_load32(data + 20),
        .sequence = wire_load64(data + 24),
        .body_hash = wire_load64(data + 32),
    };
    if (ret->stored > TLZ_BODY_MAX || ret->source >= TLZ_SOURCES_MAX || ret->rows > TLZ_ROWS_MAX)
        return -TLZ_E_LIMIT;
    return 0;
}

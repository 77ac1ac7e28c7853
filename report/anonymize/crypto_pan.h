/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Crypto-PAn (Xu, Fan, Ammar, Moon 2002): addresses as other addresses, by a key, so that two that
 * have their first n bits in common, and no more, still do. One to one. Over AES-128, as the
 * authors' own program has it, and for IPv6 the same over 128 bits.
 *
 * A block of theirs is the first n bits of an address and the rest of the pad. So where an address
 * has the bit that the pad has, the block of n + 1 bits is that of n, and both bits change, or none
 * does: addresses with long runs of zeros show bits of the pad, and those tell of other addresses.
 * crypto_pan_separate() mends that.
 */
#ifndef REPORT_ANONYMIZE_CRYPTO_PAN_H
#define REPORT_ANONYMIZE_CRYPTO_PAN_H

#include <nettle/aes.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPTO_PAN_KEY_SIZE 32
#define CRYPTO_PAN_MAX      16 /* bytes of an address */

struct crypto_pan {
    struct aes128_ctx aes;
    uint8_t pad[AES_BLOCK_SIZE];
    uint8_t masks[8 * CRYPTO_PAN_MAX][AES_BLOCK_SIZE]; /* of the block of so many bits */
};

/* As published: the first half of the key is AES's; what AES makes of the second pads the
 * addresses. */
void crypto_pan_init(struct crypto_pan *ret, const uint8_t key[CRYPTO_PAN_KEY_SIZE]);

/* From now on a block is combined with what AES, with this key, makes of its number of bits: no two
 * of an address are equal any more. Prefixes are preserved as before. */
void crypto_pan_separate(struct crypto_pan *pan, const uint8_t key[AES128_KEY_SIZE]);

/* Of an address in network order, of `size` bytes: 4 or 16. `ret` may be the same place. */
void crypto_pan_address(const struct crypto_pan *pan, const uint8_t *address, size_t size,
                        uint8_t *ret);

#endif

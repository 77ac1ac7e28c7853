/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Crypto-PAn (Xu, Fan, Ammar, Moon 2002): addresses as other addresses, by a key, so that two that
 * have their first n bits in common, and no more, still do. One to one. Over AES-128, as the
 * authors' own program has it, and for IPv6 the same over 128 bits.
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
};

/* The first half of the key is AES's; what AES makes of the second pads the addresses. */
void crypto_pan_init(struct crypto_pan *ret, const uint8_t key[CRYPTO_PAN_KEY_SIZE]);

/* Of an address in network order, of `size` bytes: 4 or 16. `ret` may be the same place. */
void crypto_pan_address(const struct crypto_pan *pan, const uint8_t *address, size_t size,
                        uint8_t *ret);

#endif

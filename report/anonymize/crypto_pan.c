/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/crypto_pan.h"

#include <string.h>

#include "util/missing.h"

void crypto_pan_init(struct crypto_pan *ret, const uint8_t key[CRYPTO_PAN_KEY_SIZE])
{
    aes128_set_encrypt_key(&ret->aes, key);
    aes128_encrypt(&ret->aes, AES_BLOCK_SIZE, ret->pad, key + AES128_KEY_SIZE);
    memset(ret->masks, 0, sizeof ret->masks);
}

void crypto_pan_separate(struct crypto_pan *pan, const uint8_t key[AES128_KEY_SIZE])
{
    struct aes128_ctx aes;

    aes128_set_encrypt_key(&aes, key);
    for (size_t bits = 0; bits < 8 * CRYPTO_PAN_MAX; bits++) {
        uint8_t block[AES_BLOCK_SIZE] = {(uint8_t)bits};

        aes128_encrypt(&aes, sizeof block, pan->masks[bits], block);
    }
    explicit_bzero(&aes, sizeof aes);
}

/* Whether bit n changes depends on the bits before it alone: a block has those, and the pad. */
void crypto_pan_address(const struct crypto_pan *pan, const uint8_t *address, size_t size,
                        uint8_t *ret)
{
    uint8_t blocks[8 * CRYPTO_PAN_MAX][AES_BLOCK_SIZE];
    uint8_t changes[CRYPTO_PAN_MAX] = {0};

    for (size_t bit = 0; bit < 8 * size; bit++) {
        const uint8_t own =
            (uint8_t)(0xff00 >> bit % 8); /* of the byte it is in: those before it */
        uint8_t *block = blocks[bit];

        memcpy(block, address, bit / 8);
        block[bit / 8] = (uint8_t)((address[bit / 8] & own) | (pan->pad[bit / 8] & ~own));
        memcpy(block + bit / 8 + 1, pan->pad + bit / 8 + 1, AES_BLOCK_SIZE - bit / 8 - 1);
        for (size_t i = 0; i < AES_BLOCK_SIZE; i++)
            block[i] ^= pan->masks[bit][i];
    }
    aes128_encrypt(&pan->aes, 8 * size * AES_BLOCK_SIZE, blocks[0], blocks[0]);
    for (size_t bit = 0; bit < 8 * size; bit++)
        changes[bit / 8] |= (uint8_t)((blocks[bit][0] & 0x80) >> bit % 8);
    for (size_t i = 0; i < size; i++)
        ret[i] = address[i] ^ changes[i];
}

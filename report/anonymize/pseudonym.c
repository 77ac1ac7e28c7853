/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/pseudonym.h"

#include <string.h>

#include "report/anonymize/derived_key.h"
#include "util/missing.h"

#define LABEL "tcplife pseudonyms 1"

/* As many as NIST's FF1 has. */
#define ROUNDS 10

void pseudonyms_init(struct pseudonyms *ret, const uint8_t key[PSEUDONYM_KEY_SIZE])
{
    uint8_t own[DERIVED_KEY_SIZE];

    derive_key(key, LABEL, own);
    aes128_set_encrypt_key(&ret->aes, own);
    hmac_sha256_set_key(&ret->hmac, sizeof own, own);
    explicit_bzero(own, sizeof own);
}

/* A Feistel network over `width` bits, an even number. */
static uint64_t permute(const struct pseudonyms *p, enum pseudonym_class class, unsigned int width,
                        uint64_t number)
{
    const uint64_t mask = (UINT64_C(1) << width / 2) - 1;
    uint64_t left = number >> width / 2, right = number & mask;

    for (uint8_t round = 0; round < ROUNDS; round++) {
        uint8_t block[AES_BLOCK_SIZE] = {(uint8_t) class, (uint8_t)width, round};
        uint64_t mixed = 0;

        for (int i = 0; i < 4; i++)
            block[4 + i] = (uint8_t)(right >> 8 * i);
        aes128_encrypt(&p->aes, sizeof block, block, block);
        for (int i = 0; i < 4; i++)
            mixed |= (uint64_t)block[i] << 8 * i;
        mixed = left ^ (mixed & mask);
        left = right;
        right = mixed;
    }
    return left << width / 2 | right;
}

/* Walks on while it is among the numbers of fewer bits, where another width holds. */
uint64_t pseudonym_number(const struct pseudonyms *p, enum pseudonym_class class, uint64_t number)
{
    static const unsigned int widths[] = {22, 32, 48, 64};
    uint64_t least = 1;
    size_t i = 0;

    if (number == 0)
        return 0;
    for (; widths[i] < 64 && number >> widths[i]; i++)
        least = UINT64_C(1) << widths[i];
    do
        number = permute(p, class, widths[i], number);
    while (number < least);
    return number;
}

static void digest(const struct pseudonyms *p, enum pseudonym_class class, const void *data,
                   size_t size, uint8_t ret[SHA256_DIGEST_SIZE])
{
    const uint8_t domain = (uint8_t) class;
    struct hmac_sha256_ctx hmac = p->hmac;

    hmac_sha256_update(&hmac, sizeof domain, &domain);
    hmac_sha256_update(&hmac, size, data);
    hmac_sha256_finish(&hmac, ret);
}

void pseudonym_name(const struct pseudonyms *p, enum pseudonym_class class, const void *name,
                    size_t size, char ret[PSEUDONYM_LETTERS])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint8_t bytes[SHA256_DIGEST_SIZE];

    digest(p, class, name, size, bytes);
    for (size_t i = 0; i < PSEUDONYM_LETTERS; i++)
        ret[i] = letters[bytes[i] % 32];
}

void pseudonym_id(const struct pseudonyms *p, enum pseudonym_class class, const uint8_t id[16],
                  uint8_t ret[16])
{
    uint8_t bytes[SHA256_DIGEST_SIZE];

    digest(p, class, id, 16, bytes);
    memcpy(ret, bytes, 16);
}

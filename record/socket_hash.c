/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/socket_hash.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/random.h>

#include "format/field.h"

_Static_assert(SOCKET_HASH_KEY_BYTES == crypto_shorthash_siphash24_KEYBYTES, "the key's size");
_Static_assert(sizeof(uint64_t) == crypto_shorthash_siphash24_BYTES, "the hash's size");

int socket_hash_open(struct socket_hash *ret)
{
    if (sodium_init() < 0)
        return -EIO;
    return getrandom(ret->key, sizeof ret->key, 0) == sizeof ret->key ? 0 : -EIO;
}

void socket_hash_close(struct socket_hash *hash)
{
    sodium_memzero(hash, sizeof *hash);
}

uint64_t socket_hash(const struct socket_hash *hash, uint64_t address)
{
    unsigned char input[sizeof address];
    unsigned char output[sizeof address];
    uint64_t number;

    memcpy(input, &address, sizeof input);
    /* It never fails. */
    (void)crypto_shorthash_siphash24(output, input, sizeof input, hash->key);
    memcpy(&number, output, sizeof number);
    return number & TLZ_SOCKET_MAX;
}

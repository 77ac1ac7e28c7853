/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/anonymous_address.h"

#include <assert.h>
#include <string.h>

#include "report/anonymize/derived_key.h"
#include "util/missing.h"

static_assert(CRYPTO_PAN_KEY_SIZE == DERIVED_KEY_SIZE && AES128_KEY_SIZE <= DERIVED_KEY_SIZE,
              "they are derived");

/* Addresses that keep their first bits, or all of them. */
struct special {
    uint8_t size; /* of the address, in bytes */
    uint8_t bits; /* that they have in common, */
    uint8_t kept; /* and that stay */
    uint8_t prefix[16];
};

static const struct special specials[] = {
    {4, 32, 32, {0}},                          /* 0.0.0.0 */
    {4, 8, 32, {127}},                         /* 127.0.0.0/8 */
    {4, 16, 16, {169, 254}},                   /* 169.254.0.0/16 */
    {16, 128, 128, {0}},                       /* :: */
    {16, 128, 128, {[15] = 1}},                /* ::1 */
    {16, 96, 128, {[10] = 0xff, [11] = 0xff}}, /* ::ffff:0:0/96, which is IPv4 */
    {16, 64, 64, {0xfe, 0x80}},                /* fe80::/64 */
    {16, 10, 10, {0xfe, 0x80}},                /* fe80::/10 else, which nobody should have */
};

static bool has_prefix(const uint8_t *address, const struct special *s)
{
    const unsigned int bytes = s->bits / 8, rest = s->bits % 8;

    return !memcmp(address, s->prefix, bytes) &&
           (rest == 0 || !((address[bytes] ^ s->prefix[bytes]) >> (8 - rest)));
}

/* NULL for an address like others. */
static const struct special *find_special(const uint8_t *address, size_t size)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (specials[i].size == size && has_prefix(address, &specials[i]))
            return &specials[i];
    return NULL;
}

static void keep_bits(uint8_t *ret, const uint8_t *address, unsigned int bits)
{
    const uint8_t rest = (uint8_t)(0xff00 >> bits % 8);

    memcpy(ret, address, bits / 8);
    if (bits % 8)
        ret[bits / 8] = (uint8_t)((address[bits / 8] & rest) | (ret[bits / 8] & ~rest));
}

/* Encrypted again while it is among addresses of another kind. */
static void replace(const struct crypto_pan *pan, uint8_t *address, size_t size)
{
    const struct special *special = find_special(address, size);
    uint8_t kept[CRYPTO_PAN_MAX];

    if (special && special->kept == 8 * size)
        return;
    memcpy(kept, address, size);
    do {
        crypto_pan_address(pan, address, size, address);
        if (special)
            keep_bits(address, kept, special->kept);
    } while (find_special(address, size) != special);
}

static void init(struct crypto_pan *ret, const uint8_t key[CRYPTO_PAN_KEY_SIZE], const char *label,
                 const char *separate_label)
{
    uint8_t own[DERIVED_KEY_SIZE];

    derive_key(key, label, own);
    crypto_pan_init(ret, own);
    derive_key(key, separate_label, own);
    crypto_pan_separate(ret, own);
    explicit_bzero(own, sizeof own);
}

void anonymous_addresses_init(struct anonymous_addresses *ret,
                              const uint8_t key[CRYPTO_PAN_KEY_SIZE])
{
    init(&ret->v4, key, "tcplife IPv4 addresses 1", "tcplife IPv4 blocks 1");
    init(&ret->v6, key, "tcplife IPv6 addresses 1", "tcplife IPv6 blocks 1");
}

struct tlz_bytes anonymous_address(const struct anonymous_addresses *keys,
                                   const struct tlz_bytes *address)
{
    struct tlz_bytes ret = *address;

    if (tlz_address_family(address) == 4)
        replace(&keys->v4, ret.b + 12, 4);
    else
        replace(&keys->v6, ret.b, 16);
    return ret;
}

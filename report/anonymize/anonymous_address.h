/* SPDX-License-Identifier: BSD-2-Clause */
/* An address of a capture by Crypto-PAn, with what is kept of special ones. */
#ifndef REPORT_ANONYMIZE_ANONYMOUS_ADDRESS_H
#define REPORT_ANONYMIZE_ANONYMOUS_ADDRESS_H

#include "format/row.h"
#include "report/anonymize/crypto_pan.h"

/* Crypto-PAn of IPv4 and of IPv6, each with keys of its own and with blocks that are separate. */
struct anonymous_addresses {
    struct crypto_pan v4, v6;
};

void anonymous_addresses_init(struct anonymous_addresses *ret,
                              const uint8_t key[CRYPTO_PAN_KEY_SIZE]);

/*
 * The unspecified address and loopback stay; link-local stays link-local, of IPv6 with the 54 zeros
 * that it has, and the rest of it is replaced; IPv4-mapped stays that, and its IPv4 address is
 * replaced as any. No other becomes one of these: what would is encrypted again. One to one.
 */
struct tlz_bytes anonymous_address(const struct anonymous_addresses *keys,
                                   const struct tlz_bytes *address);

#endif

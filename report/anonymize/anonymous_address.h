/* SPDX-License-Identifier: BSD-2-Clause */
/* An address of a capture by Crypto-PAn, with what is kept of special ones. */
#ifndef REPORT_ANONYMIZE_ANONYMOUS_ADDRESS_H
#define REPORT_ANONYMIZE_ANONYMOUS_ADDRESS_H

#include "format/row.h"
#include "report/anonymize/crypto_pan.h"

/*
 * The unspecified address and loopback stay; link-local stays link-local, and the rest of it is
 * replaced; IPv4-mapped stays that, and its IPv4 address is replaced as any. No other becomes one
 * of these: what would is encrypted again. One to one.
 */
struct tlz_bytes anonymous_address(const struct crypto_pan *pan, const struct tlz_bytes *address);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* A key for each purpose, of one key, by HMAC-SHA-256: none of them tells anything of another. */
#ifndef REPORT_ANONYMIZE_DERIVED_KEY_H
#define REPORT_ANONYMIZE_DERIVED_KEY_H

#include <nettle/hmac.h>
#include <stdint.h>

#define DERIVED_KEY_SIZE SHA256_DIGEST_SIZE /* of both */

/* The key of the purpose that the label names. Labels never change: a key gives the same in every
 * version. */
void derive_key(const uint8_t key[DERIVED_KEY_SIZE], const char *label,
                uint8_t ret[DERIVED_KEY_SIZE]);

/* What was hashed, whole. */
void hmac_sha256_finish(struct hmac_sha256_ctx *hmac, uint8_t ret[SHA256_DIGEST_SIZE]);

#endif

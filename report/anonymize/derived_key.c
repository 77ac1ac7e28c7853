/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/derived_key.h"

#include <nettle/version.h>
#include <string.h>

#include "util/missing.h"

void hmac_sha256_finish(struct hmac_sha256_ctx *hmac, uint8_t ret[SHA256_DIGEST_SIZE])
{
#if NETTLE_VERSION_MAJOR >= 4
    hmac_sha256_digest(hmac, ret);
#else
    hmac_sha256_digest(hmac, SHA256_DIGEST_SIZE, ret);
#endif
}

void derive_key(const uint8_t key[DERIVED_KEY_SIZE], const char *label,
                uint8_t ret[DERIVED_KEY_SIZE])
{
    struct hmac_sha256_ctx hmac;

    hmac_sha256_set_key(&hmac, DERIVED_KEY_SIZE, key);
    hmac_sha256_update(&hmac, strlen(label), (const uint8_t *)label);
    hmac_sha256_finish(&hmac, ret);
    explicit_bzero(&hmac, sizeof hmac);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Values by the key of an anonymizer. Those that come again are not computed again. */
#ifndef REPORT_ANONYMIZE_ANONYMIZER_KEYS_H
#define REPORT_ANONYMIZE_ANONYMIZER_KEYS_H

#include "report/anonymize/anonymous_address.h"
#include "report/anonymize/anonymous_fields.h"

/* A value that came, and what it became. */
struct remembered {
    bool used;
    uint8_t how, class;
    union tlz_value from, to;
};

#define REMEMBERED 8192 /* a power of two */

struct anonymizer_keys {
    struct anonymous_addresses addresses;
    struct pseudonyms pseudonyms;
    struct remembered remembered[REMEMBERED];
};

void anonymizer_keys_init(struct anonymizer_keys *ret, const uint8_t key[CRYPTO_PAN_KEY_SIZE]);

/* A value of a field that is an address, a number (zeros behind it) or a name. */
union tlz_value anonymous_value(struct anonymizer_keys *keys, const struct anonymous *field,
                                union tlz_value value);

#endif

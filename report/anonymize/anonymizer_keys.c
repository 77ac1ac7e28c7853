/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/anonymizer_keys.h"

#include "report/anonymize/known_text.h"

void anonymizer_keys_init(struct anonymizer_keys *ret, const uint8_t key[CRYPTO_PAN_KEY_SIZE])
{
    anonymous_addresses_init(&ret->addresses, key);
    pseudonyms_init(&ret->pseudonyms, key);
}

static union tlz_value compute(const struct anonymizer_keys *keys, const struct anonymous *field,
                               const union tlz_value *value)
{
    const uint8_t *b = value->bytes.b;
    union tlz_value ret = {.bytes = {{0}}};
    char name[sizeof value->bytes.b + 1] = "";

    if (field->how == ANONYMOUS_NAME || field->how == ANONYMOUS_KNOWN)
        memcpy(name, b, sizeof value->bytes.b);
    if (field->how == ANONYMOUS_ADDRESS)
        ret.bytes = anonymous_address(&keys->addresses, &value->bytes);
    else if (field->how == ANONYMOUS_KNOWN && known_congestion(name))
        ret = *value;
    else if (field->how == ANONYMOUS_NAME || field->how == ANONYMOUS_KNOWN)
        pseudonym_name(&keys->pseudonyms, field->class, name, strlen(name), (char *)ret.bytes.b);
    else
        ret.u = pseudonym_number(&keys->pseudonyms, field->class, value->u);
    return ret;
}

/* Chosen values may all have one place: then each is computed, which is no more than slow. */
static struct remembered *place_of(struct anonymizer_keys *keys, const struct anonymous *field,
                                   const union tlz_value *value)
{
    uint64_t halves[2];

    memcpy(halves, value, sizeof halves);
    halves[0] = (halves[0] + field->class) * UINT64_C(0x9e3779b97f4a7c15);
    halves[0] ^= halves[0] >> 32;
    halves[0] = (halves[0] + halves[1]) * UINT64_C(0xd6e8feb86659fd93);
    return &keys->remembered[halves[0] >> 32 & (REMEMBERED - 1)];
}

union tlz_value anonymous_value(struct anonymizer_keys *keys, const struct anonymous *field,
                                union tlz_value value)
{
    struct remembered *r = place_of(keys, field, &value);

    if (r->used && r->how == field->how && r->class == field->class &&
        !memcmp(&r->from, &value, sizeof value))
        return r->to;
    *r = (struct remembered){.used = true,
                             .how = (uint8_t)field->how,
                             .class = (uint8_t)field->class,
                             .from = value,
                             .to = compute(keys, field, &value)};
    return r->to;
}

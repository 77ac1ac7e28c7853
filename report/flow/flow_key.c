/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_key.h"

#include "report/text/nearest.h"
#include "report/view/grid.h"
#include "util/message.h"
#include "util/parse.h"

#define V4_BEFORE   96 /* bits before the address in a mapped one */
#define STEP_MAX_US (UINT64_C(36525) * 86400 * 1000000) /* a hundred years */

static int say_no_field(const char *name, size_t size)
{
    const struct tlz_kind_info *info = &tlz_kinds[TLZ_SESSIONS];
    struct nearest near;

    nearest_begin(&near, name, size);
    for (size_t i = 0; i < info->count; i++)
        nearest_try(&near, tlz_fields[info->order[i]].name);
    return message_usage("--flows: sessions have no field '%.*s'%s%s%s; --list-columns names them",
                         size > 64 ? 64 : (int)size, name, near.name ? ", but '" : "",
                         near.name ? near.name : "", near.name ? "'" : "");
}

/* Reads BITS or BITS/BITS_OF_IPV6, which `text` is then without the "/". */
static bool read_prefixes(char *text, struct flow_key *ret)
{
    char *slash = strchr(text, '/');
    uint64_t v4, v6 = FLOW_PREFIX_V6;
    bool good;

    if (slash)
        *slash = '\0';
    good = parse_number(text, 32, &v4) == 0 && (!slash || parse_number(slash + 1, 128, &v6) == 0);
    if (slash)
        *slash = '/';
    if (!good)
        return false;
    ret->is_cut = true;
    ret->prefix_bits[0] = (uint8_t)v4;
    ret->prefix_bits[1] = (uint8_t)v6;
    return true;
}

static int read_part(char *part, struct flow_key *key)
{
    switch (tlz_fields[key->field].type) {
    case TLZ_TYPE_ADDRESS:
        if (read_prefixes(part, key))
            return 0;
        return message_usage("--flows: '%s' wants the bits of a prefix: %s/24, or with those of "
                             "IPv6 %s/24/64",
                             key->name, tlz_fields[key->field].name, tlz_fields[key->field].name);
    case TLZ_TYPE_TIME:
    case TLZ_TYPE_DURATION:
    case TLZ_TYPE_MS:
        if (parse_duration_with_unit(part, &key->step_us) == 0 && key->step_us > 0 &&
            key->step_us <= STEP_MAX_US)
            return 0;
        return message_usage("--flows: '%s' wants a step of time (36525d at most): %s/1m",
                             key->name, tlz_fields[key->field].name);
    default:
        return message_usage("--flows: '%s': %s is no address and no time, and takes no '/'",
                             key->name, tlz_fields[key->field].name);
    }
}

static int parse_key(char *text, struct flow_key *ret)
{
    size_t size = strcspn(text, "/");

    *ret = (struct flow_key){.name = text, .field = tlz_field_by_name(TLZ_SESSIONS, text, size)};
    if (ret->field == TLZ_FIELD_COUNT)
        return say_no_field(text, size);
    if (strlen(text) > FLOW_KEY_SIZE_MAX)
        return message_usage("--flows: '%.*s...' is longer than %d bytes", FLOW_KEY_SIZE_MAX, text,
                             FLOW_KEY_SIZE_MAX);
    return text[size] ? read_part(text + size + 1, ret) : 0;
}

int flow_keys_parse(char *text, struct flow_key ret[FLOW_KEYS_MAX], size_t *ret_count)
{
    size_t count = 0;

    for (char *next = text; next;) {
        char *word = next, *comma = strchr(word, ',');
        int r;

        if (comma)
            *comma = '\0';
        next = comma ? comma + 1 : NULL;
        if (count == FLOW_KEYS_MAX)
            return message_usage("--flows takes %d keys at most", FLOW_KEYS_MAX);
        for (size_t i = 0; i < count; i++)
            if (!strcmp(ret[i].name, word))
                return message_usage("--flows: '%s' is named twice", word);
        r = parse_key(word, &ret[count]);
        if (r != 0)
            return r;
        count++;
    }
    *ret_count = count;
    return 0;
}

static void cut(struct tlz_bytes *address, unsigned int bits)
{
    for (unsigned int i = 0; i < sizeof address->b; i++, bits -= bits < 8 ? bits : 8)
        if (bits < 8)
            address->b[i] &= (uint8_t)(0xff00 >> bits);
}

static uint64_t find_step(const struct flow_key *key, uint64_t us, struct flow_step *last)
{
    if (us < last->from_us || us >= last->to_us) {
        last->from_us = grid_start(key->step_us, us);
        last->to_us = grid_next(key->step_us, last->from_us);
    }
    return last->from_us;
}

union tlz_value flow_key_value(const struct flow_key *key, union tlz_value value,
                               struct flow_step *last)
{
    if (key->is_cut && tlz_address_family(&value.bytes) == 4)
        cut(&value.bytes, V4_BEFORE + key->prefix_bits[0]);
    else if (key->is_cut)
        cut(&value.bytes, key->prefix_bits[1]);
    else if (flow_key_is_timed(key))
        value.u = find_step(key, value.u, last);
    else if (key->step_us)
        value.u -= value.u % key->step_us;
    return value;
}

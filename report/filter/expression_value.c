/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/expression_value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "util/parse.h"
#include "util/time_text.h"

#define TEXT_ROOM 80  /* of a value that is no name */
#define SHOWN_MAX 200 /* bytes of what was typed, in a message */
#define NAMED_MAX 64  /* numbers of an enumeration that may have names */

const char *value_type_name(enum tlz_type type)
{
    static const char *const names[] = {
        [TLZ_TYPE_COUNT] = "a number",      [TLZ_TYPE_BYTES] = "a size",
        [TLZ_TYPE_ID] = "a number",         [TLZ_TYPE_TIME] = "a time",
        [TLZ_TYPE_DURATION] = "a duration", [TLZ_TYPE_MS] = "a duration",
        [TLZ_TYPE_ENUM] = "one of a list",  [TLZ_TYPE_BOOL] = "yes or no",
        [TLZ_TYPE_ADDRESS] = "an address",  [TLZ_TYPE_NAME] = "a name",
    };

    return names[type];
}

static int shown(const struct token *token)
{
    return (int)(token->size < SHOWN_MAX ? token->size : SHOWN_MAX);
}

static int wrong_value(const struct expression_place *place, const struct token *token,
                       const char *what)
{
    return expression_wrong(place, token->typed, token->typed_size, "'%.*s' is %s", shown(token),
                            token->text, what);
}

static int wrong_range(const struct expression_place *place, enum tlz_field field,
                       const struct token *token)
{
    return expression_wrong(place, token->typed, token->typed_size,
                            "'%.*s' is too great: %s is at most %" PRIu64, shown(token),
                            token->text, tlz_fields[field].name, tlz_fields[field].max);
}

static bool is_of_digits(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

/* Decimal, or hexadecimal behind 0x, as marks are written. */
static int parse_whole(const char *text, uint64_t *ret)
{
    uint64_t value = 0;

    if (text[0] != '0' || text[1] != 'x' || !text[2])
        return parse_number(text, UINT64_MAX, ret);
    if (text[2 + strspn(text + 2, "0123456789abcdefABCDEF")])
        return -EINVAL;
    if (strlen(text) > 18 || sscanf(text + 2, "%" SCNx64, &value) != 1)
        return -ERANGE;
    *ret = value;
    return 0;
}

/* A bare number has the unit of the field. */
static int parse_duration_in(const char *text, const char *unit, uint64_t *ret)
{
    char with_unit[TEXT_ROOM + 3];
    size_t size = strlen(text);

    if (size == 0 || text[size - 1] < '0' || text[size - 1] > '9')
        return parse_duration(text, ret);
    stpcpy(stpcpy(with_unit, text), unit);
    return parse_duration(with_unit, ret);
}

static int parse_bool(const char *text, uint64_t *ret)
{
    static const char *const words[2][3] = {{"no", "false", "0"}, {"yes", "true", "1"}};

    for (uint64_t value = 0; value < 2; value++)
        for (size_t i = 0; i < 3; i++)
            if (!strcmp(text, words[value][i])) {
                *ret = value;
                return 0;
            }
    return -EINVAL;
}

/* How values of integer types are read, and what to say of what is none. */
static int parse_integer(enum tlz_type type, const char *text, uint64_t *ret, const char **what)
{
    switch (type) {
    case TLZ_TYPE_BYTES:
        *what = "no size: a whole number with K, M or G, or nothing";
        return parse_size(text, ret);
    case TLZ_TYPE_TIME:
        *what = "no time: 2026-05-01T12:30:00Z, with +02:00 for Z, or microseconds since 1970";
        return is_of_digits(text) ? parse_number(text, UINT64_MAX, ret) : parse_instant(text, ret);
    case TLZ_TYPE_DURATION:
        *what = "no duration: a number with us, ms, s, m, h, d, or nothing for us";
        return parse_duration_in(text, "us", ret);
    case TLZ_TYPE_MS:
        *what = "no duration: a number with us, ms, s, m, h, d, or nothing for ms";
        return parse_duration_in(text, "ms", ret);
    case TLZ_TYPE_BOOL:
        *what = "neither yes nor no";
        return parse_bool(text, ret);
    default:
        *what = "no number";
        return parse_whole(text, ret);
    }
}

/* The value's name is unknown: which are known? */
static int wrong_name(const struct expression_place *place, enum tlz_field field,
                      const struct token *token)
{
    char list[512], *p = list;

    *p = '\0';
    for (uint64_t value = 0; value < NAMED_MAX; value++) {
        const char *name = tlz_enum_name(tlz_fields[field].enumeration, value);
        size_t left = (size_t)(list + sizeof list - p);

        if (name && left > strlen(name) + 2)
            p += sprintf(p, "%s%s", p > list ? ", " : "", name);
    }
    return expression_wrong(place, token->typed, token->typed_size,
                            "%s cannot be '%.*s'; it is one of %s", tlz_fields[field].name,
                            shown(token), token->text, list);
}

static int enum_value(const struct expression_place *place, enum tlz_field field,
                      const struct token *token, const char *text, uint64_t *ret)
{
    int r;

    if (tlz_enum_value(tlz_fields[field].enumeration, text, ret))
        return 0;
    if (!*text || !is_of_digits(text))
        return wrong_name(place, field, token);
    r = parse_number(text, tlz_fields[field].max, ret);
    return r < 0 ? wrong_range(place, field, token) : 0;
}

int value_integer(const struct expression_place *place, enum tlz_field field,
                  const struct token *token, uint64_t *ret)
{
    const struct tlz_field_info *info = &tlz_fields[field];
    char text[TEXT_ROOM + 1] = "";
    const char *what = "no number";
    uint64_t value;
    int r = -EINVAL;

    if (token->size <= TEXT_ROOM)
        memcpy(text, token->text, token->size);
    if (info->type == TLZ_TYPE_ENUM)
        return enum_value(place, field, token, text, ret);
    r = parse_integer(info->type, text, &value, &what);
    if (r == -ERANGE && info->type == TLZ_TYPE_TIME && !is_of_digits(text))
        return wrong_value(place, token, "no day and time from 1970 to 9999");
    if (r == -EDOM)
        return wrong_value(place, token, "finer than a microsecond");
    if (r == -EINVAL)
        return wrong_value(place, token, what);
    if (r < 0 || value > info->max)
        return wrong_range(place, field, token);
    *ret = value;
    return 0;
}

/* The mask of a prefix of so many bits. */
static void fill_mask(struct tlz_bytes *ret, uint64_t bits)
{
    for (size_t i = 0; i < sizeof ret->b; i++) {
        uint64_t here = bits > 8 * i ? bits - 8 * i : 0;

        ret->b[i] = (uint8_t)(here >= 8 ? 0xff : 0xff00 >> here);
    }
}

static void net_fill(struct net *ret, const struct tlz_bytes *value, const struct tlz_bytes *mask)
{
    *ret = (struct net){0};
    memcpy(ret->value, value->b, sizeof ret->value);
    memcpy(ret->mask, mask->b, sizeof ret->mask);
}

static bool is_behind_mask(const struct tlz_bytes *address, const struct tlz_bytes *mask)
{
    for (size_t i = 0; i < sizeof address->b; i++)
        if (address->b[i] & ~mask->b[i])
            return true;
    return false;
}

static int address_value(const struct expression_place *place, const struct token *token,
                         bool takes_prefix, struct net *ret)
{
    char text[TEXT_ROOM + 1] = "";
    struct tlz_bytes address, mask;
    uint8_t v4[4];
    uint64_t bits = 128;
    bool is_v4;
    char *slash;

    if (token->size <= TEXT_ROOM)
        memcpy(text, token->text, token->size);
    slash = strchr(text, '/');
    if (slash)
        *slash++ = '\0';
    is_v4 = inet_pton(AF_INET, text, v4) == 1;
    if (is_v4)
        tlz_address_from_v4(&address, v4);
    else if (inet_pton(AF_INET6, text, address.b) != 1)
        return wrong_value(place, token, takes_prefix ? "no address or prefix" : "no address");
    if (slash && !takes_prefix)
        return expression_wrong(place, token->typed, token->typed_size, "a prefix goes with in");
    if (slash && parse_number(slash, is_v4 ? 32 : 128, &bits) < 0)
        return expression_wrong(place, token->typed, token->typed_size,
                                "the length of this prefix is 0 to %d", is_v4 ? 32 : 128);
    if (slash && is_v4)
        bits += 96;
    fill_mask(&mask, bits);
    if (is_behind_mask(&address, &mask))
        return expression_wrong(place, token->typed, token->typed_size,
                                "this address has bits behind the prefix");
    net_fill(ret, &address, &mask);
    ret->is_v6 = bits < 96;
    return 0;
}

static int name_value(const struct expression_place *place, enum tlz_field field,
                      const struct token *token, struct net *ret)
{
    static const struct tlz_bytes all = {
        {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};
    const char *text = token->text, *end = text + token->size;
    struct tlz_bytes name = {{0}};
    bool unused;

    for (size_t i = 0; text < end; i++) {
        uint8_t byte;

        if (!text_take_byte(&text, end, &byte, &unused))
            return expression_wrong(place, text, 1, "a backslash wants xNN or a sign behind it");
        if (i == sizeof name.b)
            return expression_wrong(place, token->typed, token->typed_size,
                                    "this is longer than the %zu bytes that %s has", i,
                                    tlz_fields[field].name);
        name.b[i] = byte;
    }
    net_fill(ret, &name, &all);
    return 0;
}

int value_net(const struct expression_place *place, enum tlz_field field, const struct token *token,
              bool takes_prefix, struct net *ret)
{
    if (tlz_fields[field].type == TLZ_TYPE_ADDRESS)
        return address_value(place, token, takes_prefix, ret);
    return name_value(place, field, token, ret);
}

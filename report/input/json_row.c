/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/json_row.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "report/input/json_integers.h"
#include "report/text/escape.h"
#include "util/cleanup.h"

int json_problem_set(struct json_problem *problem, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    return -EBADMSG;
}

int json_to_bytes(const json_t *value, const char *key, char **ret, size_t *ret_size,
                  struct json_problem *problem)
{
    size_t size;
    char *text;

    if (!json_is_string(value))
        return json_problem_set(problem, "'%s' is not a string", key);
    size = json_string_length(value);
    text = malloc(size + 1);
    if (!text)
        return -ENOMEM;
    memcpy(text, json_string_value(value), size);
    size = unescape_json(text, size);
    if (size == (size_t)-1) {
        free(text);
        return json_problem_set(problem, "'%s': a backslash without another or xNN", key);
    }
    text[size] = '\0';
    *ret = text;
    *ret_size = size;
    return 0;
}

int json_get_u64(const json_t *object, const char *key, uint64_t max, uint64_t *ret,
                 struct json_problem *problem)
{
    const json_t *value = json_object_get(object, key);
    uint64_t number;

    if (!value)
        return 0;
    if (!json_unwrap_u64(value, &number) || number > max)
        return json_problem_set(problem, "'%s' is not an integer from 0 to %" PRIu64, key, max);
    *ret = number;
    return 0;
}

static int set_enum(struct tlz_row *s, enum tlz_field field, const json_t *value,
                    struct json_problem *problem)
{
    const struct tlz_field_info *info = &tlz_fields[field];
    uint64_t number;

    if (json_is_string(value)) {
        if (!tlz_enum_value(info->enumeration, json_string_value(value), &number))
            return json_problem_set(problem, "'%s' cannot be '%s'", info->name,
                                    json_string_value(value));
    } else if (!json_unwrap_u64(value, &number) || number > info->max) {
        return json_problem_set(problem, "'%s' is neither a name nor a number", info->name);
    }
    tlz_row_set(s, field, number);
    return 0;
}

static int set_address(struct tlz_row *s, enum tlz_field field, const json_t *value,
                       struct json_problem *problem)
{
    const char *text = json_string_value(value);
    struct tlz_bytes address;
    uint8_t v4[4];

    if (text && inet_pton(AF_INET, text, v4) == 1)
        tlz_address_from_v4(&address, v4);
    else if (!text || inet_pton(AF_INET6, text, address.b) != 1)
        return json_problem_set(problem, "'%s' is not an address", tlz_fields[field].name);
    tlz_row_set_address(s, field, address.b);
    return 0;
}

static int set_name(struct tlz_row *s, enum tlz_field field, const json_t *value,
                    struct json_problem *problem)
{
    _cleanup_(free_pointer) char *name = NULL;
    size_t size;
    int r = json_to_bytes(value, tlz_fields[field].name, &name, &size, problem);

    if (r < 0)
        return r;
    if (memchr(name, '\0', size))
        return json_problem_set(problem, "'%s' has a NUL", tlz_fields[field].name);
    if (size > sizeof s->value[field].bytes.b)
        return json_problem_set(problem, "'%s' is longer than %zu bytes", tlz_fields[field].name,
                                sizeof s->value[field].bytes.b);
    tlz_row_set_name(s, field, name, size);
    return 0;
}

static int set_number(struct tlz_row *s, enum tlz_field field, const json_t *value,
                      struct json_problem *problem)
{
    const struct tlz_field_info *info = &tlz_fields[field];
    uint64_t number;

    if (!json_unwrap_u64(value, &number) || number > info->max)
        return json_problem_set(problem, "'%s' is not an integer from 0 to %" PRIu64, info->name,
                                info->max);
    tlz_row_set(s, field, number);
    return 0;
}

static int set_field(struct tlz_row *s, enum tlz_field field, const json_t *value,
                     struct json_problem *problem)
{
    switch (tlz_fields[field].type) {
    case TLZ_TYPE_ENUM:
        return set_enum(s, field, value, problem);
    case TLZ_TYPE_ADDRESS:
        return set_address(s, field, value, problem);
    case TLZ_TYPE_NAME:
        return set_name(s, field, value, problem);
    case TLZ_TYPE_BOOL:
        if (!json_is_boolean(value))
            return json_problem_set(problem, "'%s' is neither true nor false",
                                    tlz_fields[field].name);
        tlz_row_set(s, field, json_is_true(value));
        return 0;
    default:
        return set_number(s, field, value, problem);
    }
}

static int check_required(enum tlz_kind kind, const struct tlz_row *s, struct json_problem *problem)
{
    static const char *const what[TLZ_KINDS] = {"a session", "a change of state"};
    const enum tlz_field required[] = {tlz_kinds[kind].time, TLZ_LADDR, TLZ_LPORT, TLZ_RADDR,
                                       TLZ_RPORT};

    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!tlz_row_has(s, required[i]))
            return json_problem_set(problem, "%s needs '%s'", what[kind],
                                    tlz_fields[required[i]].name);
    return 0;
}

/* What has the time of a change of state, and not that of a session, is one. */
static enum tlz_kind kind_of(const json_t *object)
{
    bool is_state = json_object_get(object, tlz_fields[TLZ_TIME_US].name) &&
                    !json_object_get(object, tlz_fields[TLZ_CLOSE_US].name);

    return is_state ? TLZ_STATES : TLZ_SESSIONS;
}

int json_to_row(json_t *object, enum tlz_kind *ret_kind, struct tlz_row *ret,
                const char **ret_unknown, struct json_problem *problem)
{
    enum tlz_kind kind = kind_of(object);
    const char *key;
    json_t *value;

    tlz_row_clear(ret);
    json_object_foreach(object, key, value)
    {
        enum tlz_field field = tlz_field_by_name(kind, key, strlen(key));
        int r = 0;

        if (field == TLZ_FIELD_COUNT)
            *ret_unknown = key;
        else if (tlz_fields[field].number != 0)
            r = set_field(ret, field, value, problem);
        if (r < 0)
            return r;
    }
    *ret_kind = kind;
    return check_required(kind, ret, problem);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int set_id(struct tlz_metadata *meta, const char *key, const json_t *value,
                  struct json_problem *problem)
{
    const char *text = json_string_value(value);
    uint8_t id[16];

    if (!text || strlen(text) != 2 * sizeof id)
        return json_problem_set(problem, "'%s' is not of 32 hexadecimal digits", key);
    for (size_t i = 0; i < sizeof id; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return json_problem_set(problem, "'%s' is not of 32 hexadecimal digits", key);
        id[i] = (uint8_t)(high << 4 | low);
    }
    return tlz_metadata_set_id(meta, id);
}

static int set_text(struct tlz_metadata *meta, enum tlz_meta_tag tag, const json_t *value,
                    struct json_problem *problem)
{
    _cleanup_(free_pointer) char *text = NULL;
    size_t size = 0;
    int r = json_to_bytes(value, tlz_meta_tags[tag].name, &text, &size, problem);

    if (r < 0)
        return r;
    if (size > TLZ_META_TEXT_MAX)
        return json_problem_set(problem, "'%s' is longer than %d bytes", tlz_meta_tags[tag].name,
                                TLZ_META_TEXT_MAX);
    return tlz_metadata_set_bytes(meta, tag, text, size);
}

static int set_tag(struct tlz_metadata *meta, enum tlz_meta_tag tag, const json_t *object,
                   struct json_problem *problem)
{
    const char *key = tlz_meta_tags[tag].name;
    const json_t *value = json_object_get(object, key);
    uint64_t number = 0;
    int r;

    if (!value)
        return 0;
    if (tlz_meta_tags[tag].type == TLZ_METATYPE_ID)
        return set_id(meta, key, value, problem);
    if (tlz_meta_tags[tag].type == TLZ_METATYPE_TEXT)
        return set_text(meta, tag, value, problem);
    r = json_get_u64(object, key, UINT64_MAX, &number, problem);
    return r < 0 ? r : tlz_metadata_set_number(meta, tag, number);
}

int json_to_metadata(json_t *object, struct tlz_metadata *meta, struct json_problem *problem)
{
    int r = 0;

    for (enum tlz_meta_tag tag = 0; r == 0 && tag < TLZ_META_TAG_COUNT; tag++)
        r = set_tag(meta, tag, object, problem);
    return r;
}

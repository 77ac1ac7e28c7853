/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/field.h"

#include <string.h>

const struct tlz_field_info tlz_fields[TLZ_FIELD_COUNT] = {
#define X(id, name_, number_, type_, enumeration_, max_, table_, predictor, help_)                 \
    [TLZ_##id] = {                                                                                 \
        .name = name_,                                                                             \
        .help = help_,                                                                             \
        .number = number_,                                                                         \
        .type = TLZ_TYPE_##type_,                                                                  \
        .enumeration = TLZ_ENUM_##enumeration_,                                                    \
        .max = max_,                                                                               \
    },
    TLZ_FIELDS(X) TLZ_STATE_ONLY_FIELDS(X)
#undef X
};

/* Of a bitmap of 64-bit words, the bit of a field in that word. */
#define BIT(id, word) ((uint64_t)(TLZ_##id / 64 == (word)) << (TLZ_##id % 64))

static const enum tlz_field session_order[] = {
#define X(id, ...) TLZ_##id,
    TLZ_FIELDS(X)
#undef X
};

static const enum tlz_field state_order[] = {
#define X(id, ...) TLZ_##id,
    TLZ_STATE_FIELDS(X)
#undef X
};

const struct tlz_kind_info tlz_kinds[TLZ_KINDS] = {
    [TLZ_SESSIONS] =
        {
            .name = "sessions",
            .time = TLZ_CLOSE_US,
            .order = session_order,
            .count = sizeof session_order / sizeof *session_order,
            .fields = {{
#define X(id, ...) BIT(id, 0) |
                TLZ_FIELDS(X) 0,
#undef X
#define X(id, ...) BIT(id, 1) |
                TLZ_FIELDS(X) 0,
#undef X
            }},
            .tables = TLZ_TABLE_REMOTE + 1,
            .table =
                {
#define X(id, name_, number_, type_, enumeration_, max_, table_, predictor, help_)                 \
    [TLZ_##id] = TLZ_TABLE_##table_,
                    TLZ_FIELDS(X)
#undef X
                },
        },
    [TLZ_STATES] =
        {
            .name = "states",
            .time = TLZ_TIME_US,
            .order = state_order,
            .count = sizeof state_order / sizeof *state_order,
            .fields = {{
#define X(id, table_) BIT(id, 0) |
                TLZ_STATE_FIELDS(X) 0,
#undef X
#define X(id, table_) BIT(id, 1) |
                TLZ_STATE_FIELDS(X) 0,
#undef X
            }},
            .tables = TLZ_TABLE_SOCKET + 1,
            .parent = {[TLZ_TABLE_PEER] = TLZ_TABLE_PORTS, [TLZ_TABLE_SOCKET] = TLZ_TABLE_PORTS},
            .table =
                {
#define X(id, table_) [TLZ_##id] = TLZ_TABLE_##table_,
                    TLZ_STATE_FIELDS(X)
#undef X
                },
        },
};

static const char *const owner_names[] = {
    [TLZ_OWNER_CONNECT] = "connect", [TLZ_OWNER_IO] = "io",
    [TLZ_OWNER_CLOSE] = "close",     [TLZ_OWNER_ACCEPT] = "accept",
    [TLZ_OWNER_LISTEN] = "listen",   [TLZ_OWNER_TASK_FILE] = "task-file",
    [TLZ_OWNER_UNKNOWN] = "unknown",
};

static const char *const direction_names[] = {
    [TLZ_DIRECTION_UNKNOWN] = "unknown",
    [TLZ_DIRECTION_OUT] = "out",
    [TLZ_DIRECTION_IN] = "in",
};

static const char *const end_names[] = {
    [TLZ_END_UNKNOWN] = "unknown",           [TLZ_END_CLOSED_HERE] = "closed-here",
    [TLZ_END_CLOSED_THERE] = "closed-there", [TLZ_END_RESET_HERE] = "reset-here",
    [TLZ_END_RESET_THERE] = "reset-there",   [TLZ_END_REFUSED] = "refused",
    [TLZ_END_TIMED_OUT] = "timed-out",       [TLZ_END_UNREACHABLE] = "unreachable",
    [TLZ_END_GAVE_UP] = "gave-up",           [TLZ_END_UNACCEPTED] = "unaccepted",
    [TLZ_END_DISCONNECTED] = "disconnected", [TLZ_END_STILL_OPEN] = "still-open",
};

static const char *const state_names[] = {
    [TLZ_STATE_ESTABLISHED] = "ESTABLISHED",
    [TLZ_STATE_SYN_SENT] = "SYN_SENT",
    [TLZ_STATE_SYN_RECV] = "SYN_RECV",
    [TLZ_STATE_FIN_WAIT1] = "FIN_WAIT1",
    [TLZ_STATE_FIN_WAIT2] = "FIN_WAIT2",
    [TLZ_STATE_TIME_WAIT] = "TIME_WAIT",
    [TLZ_STATE_CLOSE] = "CLOSE",
    [TLZ_STATE_CLOSE_WAIT] = "CLOSE_WAIT",
    [TLZ_STATE_LAST_ACK] = "LAST_ACK",
    [TLZ_STATE_LISTEN] = "LISTEN",
    [TLZ_STATE_CLOSING] = "CLOSING",
    [TLZ_STATE_NEW_SYN_RECV] = "NEW_SYN_RECV",
};

static const struct {
    const char *const *names;
    size_t count;
} enumerations[] = {
#define LIST(names)                                                                                \
    {                                                                                              \
        names, sizeof names / sizeof *names                                                        \
    }
    [TLZ_ENUM_NONE] = {NULL, 0},
    [TLZ_ENUM_OWNER] = LIST(owner_names),
    [TLZ_ENUM_DIRECTION] = LIST(direction_names),
    [TLZ_ENUM_END] = LIST(end_names),
    [TLZ_ENUM_STATE] = LIST(state_names),
#undef LIST
};

enum tlz_field tlz_field_by_name(enum tlz_kind kind, const char *name, size_t name_size)
{
    for (size_t i = 0; i < tlz_kinds[kind].count; i++) {
        enum tlz_field f = tlz_kinds[kind].order[i];

        if (strlen(tlz_fields[f].name) == name_size && !memcmp(tlz_fields[f].name, name, name_size))
            return f;
    }
    return TLZ_FIELD_COUNT;
}

enum tlz_field tlz_field_by_number(uint64_t number)
{
    enum tlz_field f = 0;

    while (f < TLZ_FIELD_COUNT && (tlz_fields[f].number != number || !number))
        f++;
    return f;
}

const char *tlz_type_unit(enum tlz_type type)
{
    switch (type) {
    case TLZ_TYPE_BYTES:
        return "bytes";
    case TLZ_TYPE_TIME:
        return "microseconds since 1970-01-01 UTC";
    case TLZ_TYPE_DURATION:
        return "microseconds";
    case TLZ_TYPE_MS:
        return "milliseconds";
    case TLZ_TYPE_COUNT:
    case TLZ_TYPE_ID:
    case TLZ_TYPE_ENUM:
    case TLZ_TYPE_BOOL:
    case TLZ_TYPE_ADDRESS:
    case TLZ_TYPE_NAME:
        break;
    }
    return "";
}

const char *tlz_enum_name(enum tlz_enum enumeration, uint64_t value)
{
    return value < enumerations[enumeration].count ? enumerations[enumeration].names[value] : NULL;
}

int tlz_enum_value(enum tlz_enum enumeration, const char *name, uint64_t *ret_value)
{
    for (size_t i = 0; i < enumerations[enumeration].count; i++) {
        const char *known = enumerations[enumeration].names[i];

        if (known && !strcmp(known, name)) {
            *ret_value = i;
            return 1;
        }
    }
    return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/schema/schema_values.h"

#include <stdio.h>
#include <string.h>

/* A name has 16 bytes, each of which may be written as four characters. */
#define ESCAPED_SIZE 4
#define NAME_SIZE    16

/* Printable characters; a backslash only as two, or before the number of a byte. */
#define ESCAPED "^([^\\\\\\x00-\\x1f\\x7f]|\\\\\\\\|\\\\x[0-9a-f]{2})*$"

#define ENUMERATION_MAX 32

void schema_integer(struct schema_writer *w, uint64_t max)
{
    schema_text(w, "type", "integer");
    schema_number(w, "minimum", 0);
    schema_number(w, "maximum", max);
    if (max >= SCHEMA_EXACT)
        schema_text(w, "format", "uint64");
}

void schema_bytes(struct schema_writer *w, uint64_t size_max)
{
    schema_text(w, "type", "string");
    schema_text(w, "pattern", ESCAPED);
    if (size_max)
        schema_number(w, "maxLength", ESCAPED_SIZE * size_max);
}

/* Which of the two it is, is for "format"; many validators take that for a note. */
void schema_address(struct schema_writer *w, bool is_network)
{
    schema_text(w, "type", "string");
    if (is_network) {
        schema_text(w, "pattern", "^[0-9a-f:.]{2,39}/[0-9]{1,3}$");
        return;
    }
    schema_text(w, "pattern", "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f.]*)$");
    schema_open_flat(w, "anyOf", '[');
    for (int v6 = 0; v6 < 2; v6++) {
        schema_open_flat(w, NULL, '{');
        schema_text(w, "format", v6 ? "ipv6" : "ipv4");
        schema_close(w, '}');
    }
    schema_close(w, ']');
}

void schema_names(struct schema_writer *w, const char *const *names, unsigned int count,
                  uint64_t max)
{
    if (max == 0) {
        schema_texts(w, "enum", names, count);
        return;
    }
    schema_open_flat(w, "anyOf", '[');
    schema_open_flat(w, NULL, '{');
    schema_texts(w, "enum", names, count);
    schema_close(w, '}');
    schema_open_flat(w, NULL, '{');
    schema_integer(w, max);
    schema_close(w, '}');
    schema_close(w, ']');
}

/* Who owns a session is worked out by this version, so each has a name. */
static void print_enumeration(struct schema_writer *w, enum tlz_enum enumeration, uint64_t max)
{
    const char *names[ENUMERATION_MAX];
    unsigned int count = 0;

    for (uint64_t value = 0; value < ENUMERATION_MAX; value++)
        if (tlz_enum_name(enumeration, value))
            names[count++] = tlz_enum_name(enumeration, value);
    schema_names(w, names, count, enumeration == TLZ_ENUM_OWNER ? 0 : max);
}

static void print_number(struct schema_writer *w, uint64_t max)
{
    schema_text(w, "type", "number");
    schema_number(w, "minimum", 0);
    if (max)
        schema_number(w, "maximum", max);
}

static void print_hex(struct schema_writer *w)
{
    schema_text(w, "type", "string");
    schema_text(w, "pattern", "^[0-9a-f]{32}$");
}

static void print_type(struct schema_writer *w, const struct column *column, uint64_t max)
{
    switch (column->type) {
    case TLZ_TYPE_MS:
    case COLUMN_DECIMAL:
    case COLUMN_RATE:
        print_number(w, 0);
        break;
    case COLUMN_SHARE:
        print_number(w, 1);
        break;
    case COLUMN_SHIFT:
        schema_text(w, "type", "integer");
        break;
    case TLZ_TYPE_ENUM:
        print_enumeration(w, column->enumeration, UINT32_MAX);
        break;
    case TLZ_TYPE_ADDRESS:
    case COLUMN_NETWORK:
        schema_address(w, column->type == COLUMN_NETWORK);
        break;
    case TLZ_TYPE_NAME:
    case COLUMN_TEXT:
        schema_bytes(w, column->type == TLZ_TYPE_NAME ? NAME_SIZE : 0);
        break;
    case COLUMN_HEX:
        print_hex(w);
        break;
    case TLZ_TYPE_BOOL:
        schema_text(w, "type", "boolean");
        break;
    default:
        schema_integer(w, max);
    }
}

void schema_column(struct schema_writer *w, const struct column *column, uint64_t max)
{
    const char *unit = column_unit(column);
    char text[256];

    snprintf(text, sizeof text, "%s%s%s", column->help, unit[0] ? "; " : "", unit);
    schema_open_flat(w, column->name, '{');
    schema_text(w, "description", text);
    print_type(w, column, max);
    schema_close(w, '}');
}

uint64_t schema_field_max(enum tlz_kind kind, const struct column *column)
{
    enum tlz_field f = tlz_field_by_name(kind, column->name, strlen(column->name));

    return f < TLZ_FIELD_COUNT && (int)tlz_fields[f].type == column->type ? tlz_fields[f].max
                                                                          : UINT64_MAX;
}

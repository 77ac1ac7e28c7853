/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/columns.h"

#include <ctype.h>
#include <string.h>

/* The name's length without its unit: text shows a value with the unit that suits it. */
static size_t unitless_size(const char *name)
{
    static const char *const units[] = {"_us", "_bytes"};
    size_t size = strlen(name);

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t unit_size = strlen(units[i]);

        if (size > unit_size && !strcmp(name + size - unit_size, units[i]))
            return size - unit_size;
    }
    return size;
}

void column_heading(const struct column *column, char *ret, size_t size)
{
    const char *from = column->heading ? column->heading : column->name;
    size_t length = column->heading ? strlen(from) : unitless_size(from);

    if (length > size - 1)
        length = size - 1;
    for (size_t i = 0; i < length; i++)
        ret[i] = (char)toupper((unsigned char)from[i]);
    ret[length] = '\0';
}

void column_label(const struct column *column, char *ret, size_t size)
{
    const char *from = column->heading ? column->heading : column->name;
    size_t length = column->heading ? strlen(from) : unitless_size(from);

    if (length > size - 1)
        length = size - 1;
    for (size_t i = 0; i < length; i++)
        ret[i] = from[i] == '_' ? ' ' : from[i];
    ret[length] = '\0';
}

const char *column_json_type(const struct column *column)
{
    switch (column->type) {
    case TLZ_TYPE_MS:
    case COLUMN_DECIMAL:
    case COLUMN_SHARE:
    case COLUMN_RATE:
    case COLUMN_BAR:
        return "number";
    case TLZ_TYPE_ENUM:
    case TLZ_TYPE_ADDRESS:
    case TLZ_TYPE_NAME:
    case COLUMN_TEXT:
    case COLUMN_HEX:
    case COLUMN_NETWORK:
        return "string";
    case TLZ_TYPE_BOOL:
        return "boolean";
    default:
        return "integer";
    }
}

const char *column_unit(const struct column *column)
{
    if (column->type == COLUMN_SHIFT)
        return tlz_type_unit(TLZ_TYPE_DURATION);
    return column->type <= TLZ_TYPE_NAME ? tlz_type_unit((enum tlz_type)column->type) : "";
}

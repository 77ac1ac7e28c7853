/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a field that there is none of. */
#include "report/filter/expression_value.h"
#include "report/text/nearest.h"

int value_no_field(const struct expression_place *place, enum tlz_kind kind,
                   const struct token *token)
{
    const struct tlz_kind_info *info = &tlz_kinds[kind];
    int size = token->size > 100 ? 100 : (int)token->size;
    struct nearest near;

    nearest_begin(&near, token->text, token->size);
    for (size_t i = 0; i < info->count; i++)
        nearest_try(&near, tlz_fields[info->order[i]].name);
    if (!near.name)
        return expression_wrong(place, token->typed, token->typed_size,
                                "%s have no field '%.*s'; --list-columns names them", info->name,
                                size, token->text);
    return expression_wrong(place, token->typed, token->typed_size,
                            "%s have no field '%.*s', but '%s'; --list-columns names them",
                            info->name, size, token->text, near.name);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a field that there is none of. */
#include "report/expression_value.h"

#define NAME_MAX_SIZE 24
#define NEAR          2 /* changes of a letter */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters have to be changed, added or left out to make one word of the other. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t row[NAME_MAX_SIZE + 1];

    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 0; i < a_size; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < b_size; j++) {
            size_t above = row[j + 1];

            row[j + 1] = least(least(above, row[j]) + 1, diagonal + (a[i] != b[j]));
            diagonal = above;
        }
    }
    return row[b_size];
}

/* The field with the name most like it, or TLZ_FIELD_COUNT. */
static enum tlz_field nearest(enum tlz_kind kind, const char *word, size_t size)
{
    const struct tlz_kind_info *info = &tlz_kinds[kind];
    size_t best = size > NEAR ? NEAR + 1 : size;
    enum tlz_field found = TLZ_FIELD_COUNT;

    for (size_t i = 0; i < info->count; i++) {
        const char *name = tlz_fields[info->order[i]].name;
        size_t name_size = strlen(name), away;

        if (name_size > NAME_MAX_SIZE)
            continue;
        away = distance(word, size, name, name_size);
        if (away < best) {
            best = away;
            found = info->order[i];
        }
    }
    return found;
}

int value_no_field(const struct expression_place *place, enum tlz_kind kind,
                   const struct token *token)
{
    enum tlz_field near =
        token->size <= NAME_MAX_SIZE ? nearest(kind, token->text, token->size) : TLZ_FIELD_COUNT;
    int size = (int)least(token->size, 100);

    if (near == TLZ_FIELD_COUNT)
        return expression_wrong(place, token->typed, token->typed_size,
                                "%s have no field '%.*s'; --list-columns names them",
                                tlz_kinds[kind].name, size, token->text);
    return expression_wrong(place, token->typed, token->typed_size,
                            "%s have no field '%.*s', but '%s'; --list-columns names them",
                            tlz_kinds[kind].name, size, token->text, tlz_fields[near].name);
}

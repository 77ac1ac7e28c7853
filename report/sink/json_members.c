/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/json_members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/append.h"
#include "report/text/cell.h"
#include "report/text/escape.h"

#define KEY_MAX    48 /* a comma, a name of ours, quotes and a colon */
#define QUOTED_MAX 24 /* of an enumeration, in quotes */
#define NAMES_MAX  32 /* of an enumeration; greater numbers are looked up */

/* A text that is copied whole, whatever its size, since that is faster. */
struct key_text {
    char bytes[KEY_MAX];
    size_t size;
};

struct name_text {
    char bytes[QUOTED_MAX];
    size_t size; /* 0 = none here */
};

struct member {
    struct key_text key;
    const struct column *column;
    struct name_text *names; /* NAMES_MAX of an enumeration; else NULL */
};

static int prepare_names(struct member *member)
{
    member->names = calloc(NAMES_MAX, sizeof *member->names);
    if (!member->names)
        return -ENOMEM;
    for (size_t i = 0; i < NAMES_MAX; i++) {
        const char *name = tlz_enum_name(member->column->enumeration, i);
        struct name_text *text = &member->names[i];
        char *p = text->bytes;

        if (!name || strlen(name) + 2 > sizeof text->bytes)
            continue;
        p = append_char(append_string(append_char(p, '"'), name), '"');
        text->size = (size_t)(p - text->bytes);
    }
    return 0;
}

static int prepare(struct member *member, const struct column *column)
{
    char *p = member->key.bytes;

    member->column = column;
    p = append_string(append_bytes(p, ",\"", 2), column->name);
    p = append_bytes(p, "\":", 2);
    member->key.size = (size_t)(p - member->key.bytes);
    return column->type == TLZ_TYPE_ENUM ? prepare_names(member) : 0;
}

int json_members_open(struct json_members *ret, const struct table *table)
{
    struct json_members m = {.room = 2};
    int r = 0;

    m.member = calloc(table->count, sizeof *m.member);
    if (!m.member)
        return -ENOMEM;
    for (; r == 0 && m.count < table->count; m.count++) {
        r = prepare(&m.member[m.count], table->columns[m.count]);
        m.has_texts |= table->columns[m.count]->type == COLUMN_TEXT;
        m.room += KEY_MAX + cell_room(table->columns[m.count], &(struct cell){0});
    }
    if (r < 0)
        json_members_close(&m);
    else
        *ret = m;
    return r;
}

void json_members_close(struct json_members *m)
{
    for (size_t i = 0; i < m->count; i++)
        free(m->member[i].names);
    free(m->member);
    *m = (struct json_members){0};
}

static char *append_enum(char *p, const struct member *member, const struct cell *cell)
{
    const struct name_text *name = &member->names[cell->value.u % NAMES_MAX];

    if (cell->value.u >= NAMES_MAX || name->size == 0)
        return cell_append_json(p, member->column, cell);
    memcpy(p, name->bytes, sizeof name->bytes);
    return p + name->size;
}

static char *append_value(char *p, const struct member *member, const struct cell *cell)
{
    switch (member->column->type) {
    case TLZ_TYPE_COUNT:
    case TLZ_TYPE_BYTES:
    case TLZ_TYPE_ID:
    case TLZ_TYPE_TIME:
    case TLZ_TYPE_DURATION:
        return append_u64(p, cell->value.u);
    case TLZ_TYPE_MS:
        return append_thousandths(p, cell->value.u);
    case TLZ_TYPE_BOOL:
        return cell->value.u ? append_bytes(p, "true", 4) : append_bytes(p, "false", 5);
    case TLZ_TYPE_ENUM:
        return append_enum(p, member, cell);
    case TLZ_TYPE_ADDRESS:
        return append_char(append_address(append_char(p, '"'), &cell->value.bytes), '"');
    case TLZ_TYPE_NAME:
        return append_char(escape_json_name(append_char(p, '"'), &cell->value.bytes), '"');
    default:
        return cell_append_json(p, member->column, cell);
    }
}

/* What texts take that `room` does not know of. */
static size_t room_of_texts(const struct json_members *m, const struct cell *cells)
{
    size_t room = 0;

    for (size_t i = 0; m->has_texts && i < m->count; i++)
        if (m->member[i].column->type == COLUMN_TEXT)
            room += cell_room(m->member[i].column, &cells[i]);
    return room;
}

/* The comma of the first member makes room for the brace. */
void json_members_write(const struct json_members *m, struct output *output,
                        const struct cell *cells)
{
    char *start = output_reserve(output, m->room + room_of_texts(m, cells));
    char *p = start;

    if (!start)
        return;
    for (size_t i = 0; i < m->count; i++) {
        const struct member *member = &m->member[i];

        if (!cells[i].present)
            continue;
        memcpy(p, member->key.bytes, sizeof member->key.bytes);
        p = append_value(p + member->key.size, member, &cells[i]);
    }
    p = p == start ? p + 1 : p;
    *start = '{';
    output_advance(output, append_char(p, '}'));
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/json_object.h"

#include <string.h>

#include "report/text/append.h"
#include "report/text/cell.h"
#include "report/text/escape.h"

#define KEY_ROOM 64 /* a comma, a name of ours, quotes and a colon */

void json_open(struct json_object *object, struct output *output)
{
    *object = (struct json_object){.output = output};
    output_string(output, "{");
}

void json_close(struct json_object *object)
{
    output_string(object->output, "}");
}

static char *append_key(char *p, bool any, const char *name)
{
    if (any)
        *p++ = ',';
    *p++ = '"';
    p = append_string(p, name);
    return append_bytes(p, "\":", 2);
}

void json_key(struct json_object *object, const char *name)
{
    char *p = output_reserve(object->output, KEY_ROOM);

    if (p)
        output_advance(object->output, append_key(p, object->any, name));
    object->any = true;
}

void json_number(struct json_object *object, const char *name, uint64_t value)
{
    char *p;

    json_key(object, name);
    p = output_reserve(object->output, APPEND_NUMBER_MAX);
    if (p)
        output_advance(object->output, append_u64(p, value));
}

void json_text(struct json_object *object, const char *name, const char *bytes, size_t size)
{
    char *p;

    json_key(object, name);
    p = output_reserve(object->output, size * ESCAPE_FACTOR + 2);
    if (!p)
        return;
    p = append_char(p, '"');
    p = escape_json(p, bytes, size);
    output_advance(object->output, append_char(p, '"'));
}

void json_bool(struct json_object *object, const char *name, bool value)
{
    json_key(object, name);
    output_string(object->output, value ? "true" : "false");
}

void json_cells(struct json_object *object, const struct column *const *columns, size_t count,
                const struct cell *cells)
{
    size_t room = 0;
    char *p;

    for (size_t i = 0; i < count; i++)
        if (cells[i].present)
            room += KEY_ROOM + cell_room(columns[i], &cells[i]);
    p = output_reserve(object->output, room);
    if (!p)
        return;
    for (size_t i = 0; i < count; i++) {
        if (!cells[i].present)
            continue;
        p = append_key(p, object->any, columns[i]->name);
        p = cell_append_json(p, columns[i], &cells[i]);
        object->any = true;
    }
    output_advance(object->output, p);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/joined_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/missing.h"

#define CAPACITY_MIN 64

static void add_bytes(struct joined_text *text, const char *bytes, size_t size)
{
    if (text->failed)
        return;
    if (size + 1 > text->capacity - text->size) {
        size_t capacity = 2 * (text->size + size) + CAPACITY_MIN;
        char *grown = realloc(text->bytes, capacity);

        if (!grown) {
            text->failed = true;
            return;
        }
        text->bytes = grown;
        text->capacity = capacity;
    }
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void joined_text_add(struct joined_text *text, const char *piece)
{
    add_bytes(text, piece, strlen(piece));
}

void joined_text_format(struct joined_text *text, const char *format, ...)
{
    va_list arguments;
    char *piece;
    int size;

    va_start(arguments, format);
    size = vasprintf(&piece, format, arguments);
    va_end(arguments);
    if (size < 0) {
        text->failed = true;
        return;
    }
    add_bytes(text, piece, (size_t)size);
    free(piece);
}

const char *joined_text_whole(const struct joined_text *text)
{
    if (text->failed)
        return NULL;
    return text->bytes ? text->bytes : "";
}

void joined_text_free(struct joined_text *text)
{
    free(text->bytes);
    *text = (struct joined_text){0};
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/schema/schema_writer.h"

#include <inttypes.h>
#include <stdio.h>

static void print_text(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void begin_line(const struct schema_writer *w)
{
    if (w->depth > 0 && !w->flat)
        printf("\n%*s", 2 * (int)w->depth, "");
}

/* What stands before a member. */
static void begin_member(struct schema_writer *w, const char *key)
{
    if (w->any)
        fputs(w->flat ? ", " : ",", stdout);
    begin_line(w);
    w->any = true;
    if (key) {
        print_text(key);
        fputs(": ", stdout);
    }
}

void schema_open(struct schema_writer *w, const char *key, char bracket)
{
    begin_member(w, key);
    putchar(bracket);
    w->depth++;
    w->any = false;
}

void schema_open_flat(struct schema_writer *w, const char *key, char bracket)
{
    schema_open(w, key, bracket);
    if (!w->flat)
        w->flat = w->depth;
}

void schema_close(struct schema_writer *w, char bracket)
{
    const bool was_flat = w->flat;

    if (w->flat == w->depth)
        w->flat = 0;
    w->depth--;
    if (!was_flat && w->any) {
        if (w->depth > 0)
            begin_line(w);
        else
            putchar('\n');
    }
    putchar(bracket);
    w->any = true;
    if (w->depth == 0)
        putchar('\n');
}

void schema_text(struct schema_writer *w, const char *key, const char *text)
{
    begin_member(w, key);
    print_text(text);
}

void schema_number(struct schema_writer *w, const char *key, uint64_t number)
{
    begin_member(w, key);
    printf("%" PRIu64, number);
}

void schema_bool(struct schema_writer *w, const char *key, bool value)
{
    begin_member(w, key);
    fputs(value ? "true" : "false", stdout);
}

void schema_reference(struct schema_writer *w, const char *key, const char *name)
{
    char reference[128];

    snprintf(reference, sizeof reference, "#/$defs/%s", name);
    schema_open_flat(w, key, '{');
    schema_text(w, "$ref", reference);
    schema_close(w, '}');
}

void schema_texts(struct schema_writer *w, const char *key, const char *const *texts,
                  unsigned int count)
{
    schema_open_flat(w, key, '[');
    for (unsigned int i = 0; i < count; i++)
        schema_text(w, NULL, texts[i]);
    schema_close(w, ']');
}

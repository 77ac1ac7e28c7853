/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/schema/schema.h"

#include <stdio.h>
#include <string.h>

#include "format/tlz.h"
#include "report/capture/recording.h"
#include "report/rows/row_table.h"
#include "report/schema/schema_page.h"
#include "report/schema/schema_rows.h"
#include "report/schema/schema_values.h"
#include "report/sink/json_facts.h"
#include "util/message.h"

#define DEFINITIONS_MAX 32 /* in a choice of them: one a view, and a few */
#define DIALECT         "https://json-schema.org/draft/2020-12/schema"

static const char *const recording_required[] = {
    "file",    "source",     "clean_end",    "sessions",      "blocks",         "bytes",
    "lost",    "name_count", "damage_count", "damaged_bytes", "missing_blocks", "unknown_count",
    "checked", "names",      "damage",       "unknown"};

static void open_definition(struct schema_writer *w, const char *name, const char *description)
{
    schema_open(w, name, '{');
    schema_text(w, "description", description);
    schema_object(w);
    schema_open(w, "properties", '{');
}

static void close_definition(struct schema_writer *w, const char *const *required,
                             unsigned int count)
{
    schema_close(w, '}');
    schema_texts(w, "required", required, count);
    schema_close(w, '}');
}

static void print_constant(struct schema_writer *w, const char *key, const char *value)
{
    schema_open_flat(w, key, '{');
    schema_text(w, "const", value);
    schema_close(w, '}');
}

static void print_integer(struct schema_writer *w, const char *key)
{
    schema_open_flat(w, key, '{');
    schema_integer(w, UINT64_MAX);
    schema_close(w, '}');
}

static void print_bytes(struct schema_writer *w, const char *key)
{
    schema_open_flat(w, key, '{');
    schema_bytes(w, 0);
    schema_close(w, '}');
}

static void print_list(struct schema_writer *w, const char *key, const char *name)
{
    schema_open_flat(w, key, '{');
    schema_text(w, "type", "array");
    schema_reference(w, "items", name);
    schema_close(w, '}');
}

static void print_causes(struct schema_writer *w)
{
    const char *names[TLZ_LOSS_UNSEEN + 1];

    for (unsigned int cause = 0; cause <= TLZ_LOSS_UNSEEN; cause++)
        names[cause] = tlz_loss_cause_name((enum tlz_loss_cause)cause);
    schema_open_flat(w, "cause", '{');
    schema_names(w, names, TLZ_LOSS_UNSEEN + 1, UINT32_MAX);
    schema_close(w, '}');
}

static void print_loss(struct schema_writer *w, const char *name, const char *type)
{
    static const char *const required[] = {"source",  "of",    "cause", "count",
                                           "from_us", "to_us", "type"};
    const char *of[TLZ_KINDS];

    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        of[kind] = tlz_kinds[kind].name;
    open_definition(w, name, "rows that the recorder counted and could not record");
    if (type)
        print_constant(w, "type", type);
    print_integer(w, "source");
    schema_open_flat(w, "of", '{');
    schema_names(w, of, TLZ_KINDS, 0);
    schema_close(w, '}');
    print_causes(w);
    print_integer(w, "count");
    print_integer(w, "from_us");
    print_integer(w, "to_us");
    close_definition(w, required, type ? 7 : 6);
}

static void print_name(struct schema_writer *w, const char *name, const char *type)
{
    static const char *const required[] = {"kind", "id", "name", "type", "source"};
    const char *kinds[TLZ_NAME_UID];

    for (unsigned int kind = TLZ_NAME_CGROUP; kind <= TLZ_NAME_UID; kind++)
        kinds[kind - 1] = name_kind_name((enum tlz_name_kind)kind);
    open_definition(w, name, "what the recording host called a number");
    if (type)
        print_constant(w, "type", type);
    if (type)
        print_integer(w, "source");
    schema_open_flat(w, "kind", '{');
    schema_names(w, kinds, TLZ_NAME_UID, UINT32_MAX);
    schema_close(w, '}');
    print_integer(w, "id");
    print_bytes(w, "name");
    close_definition(w, required, type ? 5 : 3);
}

static void print_damage(struct schema_writer *w, const char *name, const char *type)
{
    static const char *const required[] = {"offset", "bytes", "missing_blocks",
                                           "error",  "type",  "file"};

    open_definition(w, name, "a damaged place of a file");
    if (type)
        print_constant(w, "type", type);
    if (type)
        print_bytes(w, "file");
    print_integer(w, "offset");
    print_integer(w, "bytes");
    print_integer(w, "missing_blocks");
    print_bytes(w, "error");
    close_definition(w, required, type ? 6 : 4);
}

static void print_unknown(struct schema_writer *w)
{
    static const char *const required[] = {"kind", "number"};
    static const char *const kinds[] = {"column", "block"};

    open_definition(w, "unknown", "a part of a file that this version does not know");
    schema_open_flat(w, "kind", '{');
    schema_names(w, kinds, 2, 0);
    schema_close(w, '}');
    print_integer(w, "number");
    close_definition(w, required, 2);
}

static void print_columns_of_recording(struct schema_writer *w, size_t count)
{
    for (size_t i = 0; i < count; i++)
        schema_column(w, &recording_columns[i], UINT64_MAX);
}

static void print_recording(struct schema_writer *w)
{
    open_definition(w, "capture", "a recording, in \"captures\"");
    print_columns_of_recording(w, recording_column_count);
    print_list(w, "names", "name");
    print_list(w, "damage", "damage");
    print_list(w, "unknown", "unknown");
    close_definition(w, recording_required, sizeof recording_required / sizeof *recording_required);
}

static void print_capture_line(struct schema_writer *w)
{
    static const char *const required[] = {"type", "file", "source"};

    open_definition(w, "capture_line", "a recording begins; the rows that follow are its");
    print_constant(w, "type", "capture");
    print_columns_of_recording(w, recording_described);
    close_definition(w, required, 3);
}

static void print_source_line(struct schema_writer *w)
{
    static const char *const required[] = {"type", "source"};

    open_definition(w, "source_line", "the rows that follow are of this recording");
    print_constant(w, "type", "source");
    print_integer(w, "source");
    close_definition(w, required, 2);
}

static void print_end_line(struct schema_writer *w)
{
    static const char *const required[] = {"type", "file", "clean_end"};

    open_definition(w, "end_line", "the end of a file");
    print_constant(w, "type", "end");
    print_bytes(w, "file");
    schema_open_flat(w, "clean_end", '{');
    schema_text(w, "type", "boolean");
    schema_close(w, '}');
    print_integer(w, "ended_us");
    print_bytes(w, "reason");
    close_definition(w, required, 3);
}

static void print_listed_column(struct schema_writer *w)
{
    static const char *const required[] = {"name", "type", "help"};
    static const char *const types[] = {"integer", "number", "string", "boolean"};

    open_definition(w, "column", "a row of --list-columns");
    print_bytes(w, "name");
    schema_open_flat(w, "type", '{');
    schema_names(w, types, 4, 0);
    schema_close(w, '}');
    print_bytes(w, "unit");
    print_bytes(w, "help");
    close_definition(w, required, 3);
}

/* One document has the rows of one view: they are its first key. */
static void print_document(struct schema_writer *w, const char *key, const char *row)
{
    const char *const required[] = {key, "captures", "losses"};
    char name[64];

    snprintf(name, sizeof name, "%s_document", key);
    open_definition(w, name, "what --json prints");
    print_list(w, key, row);
    print_list(w, "captures", "capture");
    print_list(w, "losses", "loss");
    close_definition(w, required, 3);
}

static void print_any_of(struct schema_writer *w, const char *name, const char *description,
                         const char *const *names, size_t count)
{
    schema_open(w, name, '{');
    schema_text(w, "description", description);
    schema_open(w, "anyOf", '[');
    for (size_t i = 0; i < count; i++)
        schema_reference(w, NULL, names[i]);
    schema_close(w, ']');
    schema_close(w, '}');
}

static void print_documents(struct schema_writer *w)
{
    char room[DEFINITIONS_MAX][64];
    const char *names[DEFINITIONS_MAX] = {NULL};
    size_t count = 0;

    for (; count < schema_view_count; count++)
        snprintf(room[count], sizeof room[count], "%s_document", schema_views[count].type->name);
    snprintf(room[count++], sizeof room[0], "columns_document");
    for (size_t i = 0; i < count; i++)
        names[i] = room[i];
    print_any_of(w, "document", "what --json prints, of any view", names, count);
    for (size_t i = 0; i < schema_view_count; i++)
        print_document(w, schema_views[i].type->name, schema_views[i].row);
    print_document(w, "columns", "column");
}

static void print_lines(struct schema_writer *w)
{
    static const char *const typed[] = {"capture_line", "source_line", "name_line",
                                        "loss_line",    "damage_line", "end_line"};
    const char *names[DEFINITIONS_MAX] = {NULL};
    size_t count = 0;

    for (; count < sizeof typed / sizeof *typed; count++)
        names[count] = typed[count];
    print_any_of(w, "meta_line", "what --with-meta adds", names, count);
    for (size_t i = 0; i < schema_view_count; i++)
        names[count++] = schema_views[i].row;
    names[count++] = "column";
    print_any_of(w, "line", "a line of --jsonl: a row, or with --with-meta one that has a type",
                 names, count);
    print_capture_line(w);
    print_source_line(w);
    print_name(w, "name_line", "name");
    print_loss(w, "loss_line", "loss");
    print_damage(w, "damage_line", "damage");
    print_end_line(w);
}

static void print_definitions(struct schema_writer *w)
{
    schema_open(w, "$defs", '{');
    print_documents(w);
    print_lines(w);
    for (size_t i = 0; i < schema_view_count; i++)
        schema_row(w, &schema_views[i]);
    schema_page(w);
    print_listed_column(w);
    print_recording(w);
    print_name(w, "name", NULL);
    print_loss(w, "loss", NULL);
    print_damage(w, "damage", NULL);
    print_unknown(w);
    schema_close(w, '}');
}

int schema_print(const char *form)
{
    static const char *const forms[] = {"document", "line"};
    struct schema_writer w = {0};

    if (form && row_table_is_known(form)) {
        row_table_print(form);
        return -1;
    }
    if (form && strcmp(form, "json") != 0)
        return message_usage("--schema wants json, clickhouse, clickhouse=modern or duckdb, not "
                             "'%s'",
                             form);
    schema_open(&w, NULL, '{');
    schema_text(&w, "$schema", DIALECT);
    schema_text(&w, "title", "tcplife-report " PROGRAM_VERSION ": --json, and a line of --jsonl");
    schema_text(&w, "description",
                "Absent values are left out. Integers with the format uint64 are exact, and may be "
                "over 2^53. docs/JSON.md says what the members mean.");
    schema_open(&w, "anyOf", '[');
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        schema_reference(&w, NULL, forms[i]);
    schema_close(&w, ']');
    print_definitions(&w);
    schema_close(&w, '}');
    return -1;
}

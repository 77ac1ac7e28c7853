/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/schema/schema_page.h"

#include <stdint.h>
#include <string.h>

#include "report/flow/flow_column.h"
#include "report/page/page_tables.h"
#include "report/schema/schema_rows.h"
#include "report/schema/schema_values.h"

static void open_row(struct schema_writer *w, const char *name, const char *description)
{
    schema_open(w, name, '{');
    schema_text(w, "description", description);
    schema_object(w);
    schema_open(w, "properties", '{');
}

static void close_row(struct schema_writer *w)
{
    schema_close(w, '}');
    schema_close(w, '}');
}

static void print_table_row(struct schema_writer *w, enum page_table_name name, const char *called,
                            const char *description)
{
    struct table table = page_table(name);

    open_row(w, called, description);
    for (size_t i = 0; i < table.count; i++)
        schema_column(w, table.columns[i], UINT64_MAX);
    close_row(w);
}

static void print_field(struct schema_writer *w, enum tlz_field f)
{
    struct column column = {.name = tlz_fields[f].name,
                            .help = tlz_fields[f].help,
                            .type = (int)tlz_fields[f].type,
                            .enumeration = tlz_fields[f].enumeration};

    schema_column(w, &column, tlz_fields[f].max);
}

/* Columns of sessions, or figures of flows, by a list of their names. */
static void print_named(struct schema_writer *w, const char *names, bool is_flow)
{
    for (size_t size; *names; names += size + (names[size] == ',')) {
        struct flow_column column;
        enum tlz_field f;

        size = strcspn(names, ",");
        f = tlz_field_by_name(TLZ_SESSIONS, names, size);
        if (is_flow && flow_column_of_name(names, size, false, &column))
            schema_column(w, &column.column, UINT64_MAX);
        else
            print_field(w, f);
    }
}

static void print_list(struct schema_writer *w, const char *key, const char *row)
{
    schema_open_flat(w, key, '{');
    schema_text(w, "type", "array");
    schema_reference(w, "items", row);
    schema_close(w, '}');
}

static void print_integer(struct schema_writer *w, const char *key)
{
    schema_open_flat(w, key, '{');
    schema_integer(w, UINT64_MAX);
    schema_close(w, '}');
}

static void print_document(struct schema_writer *w)
{
    static const char *const members[][2] = {
        {"page", "page_head"},   {"summary", "summary_row"},   {"ends", "page_end"},
        {"scale", "page_scale"}, {"offsets", "page_offset"},   {"steps", "page_step"},
        {"flows", "page_flow"},  {"sessions", "page_session"}, {"captures", "capture"},
        {"losses", "loss"},
    };
    enum { MEMBERS = sizeof members / sizeof *members };
    const char *required[MEMBERS + 2] = {[MEMBERS] = "captures_left_out",
                                         [MEMBERS + 1] = "losses_left_out"};

    open_row(w, "page", "the document in a page that --html writes");
    for (size_t i = 0; i < MEMBERS; i++) {
        print_list(w, members[i][0], members[i][1]);
        required[i] = members[i][0];
    }
    print_integer(w, "captures_left_out");
    print_integer(w, "losses_left_out");
    schema_close(w, '}');
    schema_texts(w, "required", required, MEMBERS + 2);
    schema_close(w, '}');
}

void schema_page(struct schema_writer *w)
{
    print_document(w);
    print_table_row(w, PAGE_HEAD, "page_head", "what the page is of");
    print_table_row(w, PAGE_END_LIST, "page_end", "how sessions end: a letter of `ends`");
    print_table_row(w, PAGE_SCALE, "page_scale", "a step of durations: a letter of `ms` and `rtt`");
    print_table_row(w, PAGE_OFFSETS, "page_offset", "what clocks show from when on");
    print_table_row(w, PAGE_STEPS, "page_step", "a step of time");
    open_row(w, "page_flow", "a flow over time; the last one is all others together");
    print_named(w, PAGE_FLOW_FIGURES, true);
    for (size_t i = 0; i < PAGE_FLOW_COLUMNS; i++)
        schema_column(w, &page_flow_columns[i], UINT64_MAX);
    close_row(w);
    open_row(w, "page_session", "one of the slowest or largest");
    print_named(w, PAGE_SESSION_FIELDS, false);
    schema_column(w, &page_session_column, UINT64_MAX);
    close_row(w);
}

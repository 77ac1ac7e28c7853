/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/schema/schema_rows.h"

#include <stdio.h>

#include "report/schema/schema_asked.h"
#include "report/schema/schema_values.h"

void schema_object(struct schema_writer *w)
{
    schema_text(w, "type", "object");
    schema_bool(w, "additionalProperties", false);
}

const struct schema_view schema_views[] = {
    {&view_sessions,
     "session",
     NULL,
     NULL,
     {"close_us", "owner", "family", "laddr", "lport", "raddr", "rport"}},
    {&view_states,
     "state",
     NULL,
     NULL,
     {"time_us", "owner", "family", "laddr", "lport", "raddr", "rport"}},
    {&view_flows, "flow", schema_of_flows, schema_patterns_of_flows, {"sessions"}},
    {&view_histogram, "histogram_row", schema_of_histogram, NULL, {"sessions"}},
    {&view_timeline,
     "timeline_row",
     schema_of_timeline,
     NULL,
     {"from_us", "to_us", "ended", "opened", "failed", "still_open", "lost"}},
    {&view_summary, "summary_row", schema_of_summary, NULL, {"section"}},
    {&view_pairs, "pair", schema_of_pairs, NULL, {NULL}},
    {&view_info, "info", NULL, NULL, {"file", "source", "clean_end"}},
    {&view_verify, "verify", NULL, NULL, {"file", "source", "clean_end"}},
};
const size_t schema_view_count = sizeof schema_views / sizeof *schema_views;

static void print_properties(struct schema_writer *w, const struct schema_view *view)
{
    const struct view_type *type = view->type;
    const enum tlz_kind kind = type == &view_states ? TLZ_STATES : TLZ_SESSIONS;

    schema_open(w, "properties", '{');
    for (size_t i = 0; type->columns && i < *type->column_count; i++)
        schema_column(w, &type->columns[i],
                      type->is_rows ? schema_field_max(kind, &type->columns[i]) : UINT64_MAX);
    if (view->more)
        view->more(w);
    schema_close(w, '}');
}

static void print_whole(struct schema_writer *w, const struct schema_view *view)
{
    char name[64], reference[64];
    unsigned int count = 0;

    while (count < sizeof view->required / sizeof *view->required && view->required[count])
        count++;
    snprintf(name, sizeof name, "whole_%s", view->row);
    snprintf(reference, sizeof reference, "#/$defs/%s", view->row);
    schema_open(w, name, '{');
    schema_text(w, "description", "the same without --columns: what is always there");
    schema_text(w, "$ref", reference);
    schema_texts(w, "required", view->required, count);
    schema_close(w, '}');
}

void schema_row(struct schema_writer *w, const struct schema_view *view)
{
    char text[128];

    snprintf(text, sizeof text, "a row of %s; what is absent, or not among --columns, is left out",
             view->type->option);
    schema_open(w, view->row, '{');
    schema_text(w, "description", text);
    schema_object(w);
    print_properties(w, view);
    if (view->patterns) {
        schema_open(w, "patternProperties", '{');
        view->patterns(w);
        schema_close(w, '}');
    }
    schema_close(w, '}');
    print_whole(w, view);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/schema_rows.h"

#include <stdio.h>
#include <string.h>

#include "report/flow_column.h"
#include "report/schema_values.h"

#define PATTERN_MAX 1024

void schema_object(struct schema_writer *w)
{
    schema_text(w, "type", "object");
    schema_bool(w, "additionalProperties", false);
}

/* The field as a column. */
static void field_column(enum tlz_field f, struct column *ret)
{
    *ret = (struct column){.name = tlz_fields[f].name,
                           .help = tlz_fields[f].help,
                           .type = (int)tlz_fields[f].type,
                           .enumeration = tlz_fields[f].enumeration};
}

static bool is_flow_total(const char *name)
{
    for (size_t i = 0; i < flow_total_count; i++)
        if (!strcmp(flow_totals[i].column.name, name))
            return true;
    return false;
}

/* Each field may be a key. One that is called like a total is of the same type. */
static void flow_keys(struct schema_writer *w)
{
    TLZ_FOREACH_SESSION_FIELD(f) {
        struct column column;

        field_column(f, &column);
        if (!is_flow_total(column.name))
            schema_column(w, &column, tlz_fields[f].max);
    }
    for (size_t i = 0; i < flow_total_count; i++)
        schema_column(w, &flow_totals[i].column, UINT64_MAX);
}

/* "^(FIELD|FIELD)SUFFIX$" of the fields of a type; false when there are none. */
static bool fields_pattern(char ret[PATTERN_MAX], enum tlz_type type, const char *suffix)
{
    size_t used = (size_t)snprintf(ret, PATTERN_MAX, "^(");
    bool any = false;

    TLZ_FOREACH_SESSION_FIELD(f) {
        if (tlz_fields[f].type != type)
            continue;
        used += (size_t)snprintf(ret + used, PATTERN_MAX - used, "%s%s", any ? "|" : "",
                                 tlz_fields[f].name);
        any = true;
    }
    snprintf(ret + used, PATTERN_MAX - used, ")%s$", suffix);
    return any;
}

static void print_pattern(struct schema_writer *w, enum tlz_type of, const char *suffix, int type,
                          const char *help)
{
    char pattern[PATTERN_MAX];

    if (fields_pattern(pattern, of, suffix))
        schema_column(w, &(struct column){.name = pattern, .help = help, .type = type}, UINT64_MAX);
}

#define QUANTILE "p[0-9]{1,3}(\\.[0-9])?"

static void flow_patterns(struct schema_writer *w)
{
    static const enum tlz_type counted[] = {TLZ_TYPE_COUNT, TLZ_TYPE_BYTES, TLZ_TYPE_DURATION,
                                            TLZ_TYPE_MS};
    static const char figure[] = "a figure of all sessions of the flow that have the field";

    print_pattern(w, TLZ_TYPE_ADDRESS, "/[0-9/]+", COLUMN_NETWORK, "the network");
    print_pattern(w, TLZ_TYPE_TIME, "/[0-9a-z]+", TLZ_TYPE_TIME, "the beginning of the step");
    print_pattern(w, TLZ_TYPE_DURATION, "/[0-9a-z]+", TLZ_TYPE_DURATION,
                  "the beginning of the step");
    print_pattern(w, TLZ_TYPE_MS, "/[0-9a-z]+", TLZ_TYPE_MS, "the beginning of the step");
    print_pattern(w, TLZ_TYPE_TIME, "_count", TLZ_TYPE_COUNT, "how many have it");
    print_pattern(w, TLZ_TYPE_TIME, "_(min|max|" QUANTILE ")", TLZ_TYPE_TIME, figure);
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        const enum tlz_type type = counted[i];
        const int mean = type == TLZ_TYPE_COUNT ? COLUMN_DECIMAL : (int)type;

        print_pattern(w, type, "_count", TLZ_TYPE_COUNT, "how many have it");
        print_pattern(w, type, "_(min|max|sum|" QUANTILE ")", (int)type, figure);
        print_pattern(w, type, "_mean", mean, "the mean");
    }
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
    {&view_flows, "flow", flow_keys, flow_patterns, {"sessions"}},
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

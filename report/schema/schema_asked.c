/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/schema/schema_asked.h"

#include <stdio.h>
#include <string.h>

#include "report/flow/flow_column.h"
#include "report/pair/pair_columns.h"
#include "report/schema/schema_values.h"
#include "report/view/summary_columns.h"
#include "report/view/timeline_columns.h"

#define PATTERN_MAX 1024

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

static void print_field(struct schema_writer *w, enum tlz_field f)
{
    struct column column;

    field_column(f, &column);
    schema_column(w, &column, tlz_fields[f].max);
}

/* Those of --compare, but the ratios. */
static void print_compared(struct schema_writer *w)
{
    static const char *const changes[] = {"change", "score"};
    struct flow_column column;
    char name[sizeof column.name];

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        if (flow_column_of_name(changes[i], strlen(changes[i]), true, &column))
            schema_column(w, &column.column, UINT64_MAX);
    for (size_t i = 0; i < flow_total_count; i++) {
        snprintf(name, sizeof name, "%s_before", flow_totals[i].column.name);
        if (flow_column_of_name(name, strlen(name), true, &column))
            schema_column(w, &column.column, UINT64_MAX);
    }
}

/* Each field may be a key. One that is called like a total is of the same type. */
void schema_of_flows(struct schema_writer *w)
{
    TLZ_FOREACH_SESSION_FIELD(f) {
        if (!is_flow_total(tlz_fields[f].name))
            print_field(w, f);
    }
    for (size_t i = 0; i < flow_total_count; i++)
        schema_column(w, &flow_totals[i].column, UINT64_MAX);
    print_compared(w);
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

#define BEFORE   "(_before)?"
#define QUANTILE "p[0-9]{1,3}(\\.[0-9])?"

void schema_patterns_of_flows(struct schema_writer *w)
{
    static const enum tlz_type counted[] = {TLZ_TYPE_COUNT, TLZ_TYPE_BYTES, TLZ_TYPE_DURATION,
                                            TLZ_TYPE_MS};
    static const enum tlz_type others[] = {TLZ_TYPE_TIME, TLZ_TYPE_ID,      TLZ_TYPE_ENUM,
                                           TLZ_TYPE_BOOL, TLZ_TYPE_ADDRESS, TLZ_TYPE_NAME};
    static const char figure[] = "a figure of all sessions of the flow that have the field";

    print_pattern(w, TLZ_TYPE_ADDRESS, "/[0-9/]+", COLUMN_NETWORK, "the network");
    print_pattern(w, TLZ_TYPE_TIME, "/[0-9a-z.]+", TLZ_TYPE_TIME, "the beginning of the step");
    print_pattern(w, TLZ_TYPE_DURATION, "/[0-9a-z.]+", TLZ_TYPE_DURATION,
                  "the beginning of the step");
    print_pattern(w, TLZ_TYPE_MS, "/[0-9a-z.]+", TLZ_TYPE_MS, "the beginning of the step");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        print_pattern(w, others[i], "_count" BEFORE, TLZ_TYPE_COUNT, "how many have it");
    print_pattern(w, TLZ_TYPE_TIME, "_(min|max|" QUANTILE ")" BEFORE, TLZ_TYPE_TIME, figure);
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        const enum tlz_type type = counted[i];
        const int mean = type == TLZ_TYPE_COUNT ? COLUMN_DECIMAL : (int)type;

        print_pattern(w, type, "_count" BEFORE, TLZ_TYPE_COUNT, "how many have it");
        print_pattern(w, type, "_(min|max|sum|" QUANTILE ")" BEFORE, (int)type, figure);
        print_pattern(w, type, "_mean" BEFORE, mean, "the mean");
    }
    schema_column(w,
                  &(struct column){.name = "^[a-z0-9_.]+_ratio$",
                                   .help = "what the figure is of that before",
                                   .type = COLUMN_DECIMAL},
                  UINT64_MAX);
}

/* Edges are called by their unit. A field of names is there itself. */
void schema_of_histogram(struct schema_writer *w)
{
    static const struct column columns[] = {
        {"from", NULL, "the least value of the step", TLZ_TYPE_COUNT},
        {"to", NULL, "the first value behind it", TLZ_TYPE_COUNT},
        {"from_bytes", NULL, "the same, of a size", TLZ_TYPE_BYTES},
        {"to_bytes", NULL, "the same, of a size", TLZ_TYPE_BYTES},
        {"from_us", NULL, "the same, of a time or a duration", TLZ_TYPE_DURATION},
        {"to_us", NULL, "the same, of a time or a duration", TLZ_TYPE_DURATION},
        {"from_ms", NULL, "the same, of ms", TLZ_TYPE_MS},
        {"to_ms", NULL, "the same, of ms", TLZ_TYPE_MS},
        {"sessions", NULL, "how many have such a value", TLZ_TYPE_COUNT},
        {"share", NULL, "of those that have a value", COLUMN_SHARE},
        {"cumulative", NULL, "the same, of this row and all above it", COLUMN_SHARE},
    };

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        schema_column(w, &columns[i], UINT64_MAX);
    TLZ_FOREACH_SESSION_FIELD(f)
        print_field(w, f);
}

void schema_of_timeline(struct schema_writer *w)
{
    for (size_t i = 0; i < timeline_column_count; i++)
        if (timeline_columns[i].type != COLUMN_BAR)
            schema_column(w, &timeline_columns[i], UINT64_MAX);
}

void schema_of_summary(struct schema_writer *w)
{
    schema_open_flat(w, summary_columns[SUMMARY_SECTION].name, '{');
    schema_text(w, "description", summary_columns[SUMMARY_SECTION].help);
    schema_names(w, summary_section_names, SUMMARY_SECTIONS, 0);
    schema_close(w, '}');
    for (size_t i = SUMMARY_SECTION + 1; i < SUMMARY_COLUMNS; i++)
        schema_column(w, &summary_columns[i], UINT64_MAX);
}

static bool is_of_pair(const struct column *column)
{
    for (size_t i = 0; i < pair_column_count; i++)
        if (!strcmp(pair_columns[i].name, column->name))
            return true;
    return false;
}

/* Of sessions, and of hosts. */
void schema_of_pairs(struct schema_writer *w)
{
    for (size_t i = 0; i < pair_column_count; i++)
        schema_column(w, &pair_columns[i], UINT64_MAX);
    for (size_t i = 0; i < pair_host_column_count; i++)
        if (!is_of_pair(&pair_host_columns[i]))
            schema_column(w, &pair_host_columns[i], UINT64_MAX);
}

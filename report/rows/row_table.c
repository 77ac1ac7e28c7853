/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/rows/row_table.h"

#include <stdio.h>
#include <string.h>

#include "report/schema/schema_rows.h"
#include "report/schema/schema_values.h"

const char *const row_identity_names[ROW_IDENTITIES] = {
    [ROW_HOST] = "host", [ROW_BOOT_ID] = "boot_id", [ROW_CAPTURE_ID] = "capture_id"};

enum row_form row_form_of(const struct column *column)
{
    uint64_t max = schema_field_max(TLZ_SESSIONS, column);

    switch (column->type) {
    case TLZ_TYPE_BOOL:
        return ROW_U8;
    case TLZ_TYPE_TIME:
        return ROW_TIME;
    case TLZ_TYPE_MS:
        return ROW_MS;
    case TLZ_TYPE_ENUM:
    case TLZ_TYPE_NAME:
        return ROW_NAME;
    case TLZ_TYPE_ADDRESS:
        return ROW_ADDRESS;
    default:
        return max <= UINT16_MAX ? ROW_U16 : max <= UINT32_MAX ? ROW_U32 : ROW_U64;
    }
}

/* As in JSON. */
bool row_is_required(const struct column *column)
{
    const char *const *required = schema_views[0].required;

    while (*required && strcmp(*required, column->name) != 0)
        required++;
    return *required != NULL;
}

/* What a database calls values, and how it says that one may be absent. */
struct dialect {
    const char *form;
    const char *types[ROW_ADDRESS + 1];
    const char *identities[ROW_IDENTITIES];
    bool is_nullable;     /* what may be absent says so */
    const char *required; /* what is behind the type of what is always there */
    const char *before, *behind;
};

#define CLICKHOUSE_ORDER                                                                           \
    "ORDER BY (toStartOfHour(closed), host, close_us, capture_id, laddr, lport, raddr, rport,\n"   \
    "          ifNull(cookie, 0))"

static const struct dialect dialects[] = {
    {.form = "clickhouse",
     .types = {"UInt8", "UInt16", "UInt32", "UInt64", "UInt64", "Float64", "String",
               "FixedString(16)"},
     .identities = {"String", "String", "FixedString(16)"},
     .is_nullable = true,
     .required = "",
     .before =
         "-- For ClickHouse 18.16 and later. Rows of --rows clickhouse, loaded twice, are one:\n"
         "-- ask with FINAL, or after a merge. Times are microseconds since 1970, ms is\n"
         "-- milliseconds; an IPv4 address is in its mapped form (IPv6NumToString()).\n",
     .behind =
         "    closed DateTime('UTC') MATERIALIZED toDateTime(intDiv(close_us, 1000000), 'UTC')\n"
         ") ENGINE = ReplacingMergeTree\n"
         "PARTITION BY toYYYYMMDD(closed)\n" CLICKHOUSE_ORDER ";\n"},
    {.form = "clickhouse=modern",
     .types = {"Bool", "UInt16", "UInt32", "UInt64 CODEC(T64, ZSTD)",
               "DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD)", "Float64 CODEC(Gorilla, ZSTD)",
               "LowCardinality(String)", "IPv6"},
     .identities = {"LowCardinality(String)", "LowCardinality(String)", "FixedString(16)"},
     .is_nullable = true,
     .required = "",
     .before = "-- For a ClickHouse of 2022 and later. Not tested here. It takes the same rows of\n"
               "-- --rows clickhouse, of which a time is a DateTime64(6).\n",
     .behind = "    closed DateTime('UTC') MATERIALIZED toDateTime(close_us, 'UTC')\n"
               ") ENGINE = ReplacingMergeTree\n"
               "PARTITION BY toYYYYMMDD(closed)\n" CLICKHOUSE_ORDER "\n"
               "TTL closed + INTERVAL 90 DAY;\n"},
    {.form = "duckdb",
     .types = {"BOOLEAN", "USMALLINT", "UINTEGER", "UBIGINT", "UBIGINT", "DOUBLE", "VARCHAR",
               "VARCHAR"},
     .identities = {"VARCHAR", "VARCHAR", "VARCHAR"},
     .required = " NOT NULL",
     .before = "-- For DuckDB, and the CSV of --rows duckdb:\n"
               "-- COPY sessions FROM 'sessions.csv' (HEADER, ALLOW_QUOTED_NULLS false);\n"
               "-- Times are microseconds since 1970 (make_timestamp()), ms is milliseconds.\n",
     .behind = ");\n"},
};

static const struct dialect *find_dialect(const char *form)
{
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
        if (!strcmp(dialects[i].form, form))
            return &dialects[i];
    return NULL;
}

bool row_table_is_known(const char *form)
{
    return find_dialect(form) != NULL;
}

#define LOW "LowCardinality("

/* Nullable is within LowCardinality, and a codec behind both. */
static void print_optional(const char *type)
{
    size_t low = strncmp(type, LOW, strlen(LOW)) == 0 ? strlen(LOW) : 0;
    const char *codec = strstr(type, " CODEC");
    size_t size = low ? strcspn(type + low, ")") : codec ? (size_t)(codec - type) : strlen(type);

    printf("%.*sNullable(%.*s)%s", (int)low, type, (int)size, type + low, type + low + size);
}

static void print_field(const struct dialect *d, const struct column *column, bool is_last)
{
    const char *type = d->types[row_form_of(column)];
    const char *unit = column_unit(column);

    printf("    \"%s\" ", column->name);
    if (row_is_required(column))
        printf("%s%s", type, d->required);
    else if (d->is_nullable)
        print_optional(type);
    else
        printf("%s", type);
    printf("%s -- %s%s%s\n", is_last ? "" : ",", column->help, *unit ? "; " : "", unit);
}

void row_table_print(const char *form)
{
    const struct dialect *d = find_dialect(form);
    size_t count = *view_sessions.column_count;

    printf("%sCREATE TABLE IF NOT EXISTS sessions (\n", d->before);
    for (int i = 0; i < ROW_IDENTITIES; i++)
        printf("    \"%s\" %s%s,\n", row_identity_names[i], d->identities[i], d->required);
    for (size_t i = 0; i < count; i++)
        print_field(d, &view_sessions.columns[i], i + 1 == count && d->behind[0] == ')');
    printf("%s", d->behind);
}

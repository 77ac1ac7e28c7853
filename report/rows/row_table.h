/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions as a table of a database: who recorded them, and a column for each field, in the order
 * in which --list-columns has them. The rows (--rows) and the table (--schema) are made from the
 * same.
 */
#ifndef REPORT_ROWS_ROW_TABLE_H
#define REPORT_ROWS_ROW_TABLE_H

#include "report/view/columns.h"

#define ROW_TABLE_NAMES "clickhouse|duckdb"

/* What a value is in a row. Integers are little-endian. */
enum row_form {
    ROW_U8,
    ROW_U16,
    ROW_U32,
    ROW_U64,
    ROW_TIME,    /* 64 bits: microseconds since 1970 */
    ROW_MS,      /* a double: milliseconds */
    ROW_NAME,    /* a text of few values */
    ROW_ADDRESS, /* 16 bytes, IPv4 in its mapped form */
};

enum row_form row_form_of(const struct column *column);

/* True when every session has it; else a row says whether it does. */
bool row_is_required(const struct column *column);

/* Who recorded a session: before the fields of each row. */
enum row_identity { ROW_HOST, ROW_BOOT_ID, ROW_CAPTURE_ID, ROW_IDENTITIES };

extern const char *const row_identity_names[ROW_IDENTITIES];

/* True when --schema takes it: "clickhouse", "clickhouse=modern", "duckdb". */
bool row_table_is_known(const char *form);

/* Prints the statement that makes the table. */
void row_table_print(const char *form);

#endif

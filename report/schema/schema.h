/* SPDX-License-Identifier: BSD-2-Clause */
/* --schema: what the reporter's JSON looks like, for programs. */
#ifndef REPORT_SCHEMA_SCHEMA_H
#define REPORT_SCHEMA_SCHEMA_H

/* The forms in which it can be had, as --help names them. */
#define SCHEMA_NAMES "[=json|clickhouse|clickhouse=modern|duckdb]"

/*
 * Prints a JSON Schema (2020-12) of documents and lines on standard output, made from the tables of
 * fields and columns, or the statement that makes a table for --rows. `form` is "json", or NULL for
 * the same, or one of row_table_is_known(). -1, or EXIT_USAGE after saying that there is no such
 * form.
 */
int schema_print(const char *form);

#endif

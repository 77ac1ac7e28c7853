/* SPDX-License-Identifier: BSD-2-Clause */
/* A cell in each of the plain forms. Each function writes at p and returns the place behind. */
#ifndef REPORT_TEXT_CELL_H
#define REPORT_TEXT_CELL_H

#include "report/view/columns.h"

struct zone;

/* An upper bound of the bytes that any function below writes for this cell. */
size_t cell_room(const struct column *column, const struct cell *cell);

/* The raw value as a CSV field; nothing when absent. */
char *cell_append_csv(char *p, const struct column *column, const struct cell *cell);

/* The raw value as a JSON value. The cell must be present. */
char *cell_append_json(char *p, const struct column *column, const struct cell *cell);

/*
 * For a person: sizes and durations with the unit that suits them, times in the zone, "-" when
 * absent, safe on a terminal. The terminal columns taken are added to *width.
 */
char *cell_append_text(char *p, const struct column *column, const struct cell *cell,
                       struct zone *zone, size_t *width);

/* True when text aligns it to the right. */
bool column_is_numeric(const struct column *column);

/* Whether its cells are in the order of the unsigned numbers in them. */
bool cell_is_number(const struct column *column);

/* Orders two present cells of the column: < 0, 0, > 0. Names, texts and addresses by their bytes.
 */
int cell_compare(const struct column *column, const struct cell *a, const struct cell *b);

#endif

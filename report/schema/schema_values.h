/* SPDX-License-Identifier: BSD-2-Clause */
/* What a JSON Schema says of a value: its type, its bounds, what it may look like. */
#ifndef REPORT_SCHEMA_SCHEMA_VALUES_H
#define REPORT_SCHEMA_SCHEMA_VALUES_H

#include "report/schema/schema_writer.h"
#include "report/view/columns.h"

/* The least integer that readers with floating-point numbers round: 2^53. */
#define SCHEMA_EXACT (UINT64_C(1) << 53)

/* Members of an open object: of an integer up to `max`, and of strings (docs/JSON.md). */
void schema_integer(struct schema_writer *w, uint64_t max);
void schema_bytes(struct schema_writer *w, uint64_t size_max); /* 0 = of any length */
void schema_address(struct schema_writer *w, bool is_network);

/* Names of an enumeration, and numbers that have none yet, up to `max`; 0 = there are none. */
void schema_names(struct schema_writer *w, const char *const *names, unsigned int count,
                  uint64_t max);

/* The member of a column, whose integers are not above `max`; with its unit and what it is. */
void schema_column(struct schema_writer *w, const struct column *column, uint64_t max);

/* The greatest integer of the field of that name and type, in rows of that kind; UINT64_MAX where
 * there is none. */
uint64_t schema_field_max(enum tlz_kind kind, const struct column *column);

#endif

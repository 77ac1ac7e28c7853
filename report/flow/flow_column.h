/* SPDX-License-Identifier: BSD-2-Clause */
/* Each column of flows by itself: what it is called, and of what it is made. */
#ifndef REPORT_FLOW_FLOW_COLUMN_H
#define REPORT_FLOW_FLOW_COLUMN_H

#include "report/flow/flow_query.h"

/* The column of a key. */
void flow_column_of_key(const struct flow_key *key, uint32_t number, struct flow_column *ret);

/* The totals that always are there; the first flow_totals_shown of them are shown where nothing is
 * chosen. */
extern const struct flow_column flow_totals[];
extern const size_t flow_total_count, flow_totals_shown;

/* Columns FIELD_count and so on that are listed of a field: their number (1 of one that is no
 * magnitude: FIELD_count), and the one of that place. */
size_t flow_column_aggregates(enum tlz_field field);
void flow_column_of_field(enum tlz_field field, size_t place, struct flow_column *ret);

/* The column of that name that is no key: a total, or FIELD_count and so on, with any FIELD_pNN or
 * FIELD_pNN.N. Where flows are compared, with _before or _ratio behind it, too. False when there is
 * none. */
bool flow_column_of_name(const char *name, size_t name_size, bool is_compared,
                         struct flow_column *ret);

/* The field that is no magnitude of which that name asks for a figure that there is not, such as
 * pid_sum; TLZ_FIELD_COUNT = it is no such name. */
enum tlz_field flow_column_refused(const char *name, size_t name_size);

/* The names of those that are shown where flows are compared and nothing is chosen. */
extern const char *const flow_compared_names[];
extern const size_t flow_compared_count;

#endif

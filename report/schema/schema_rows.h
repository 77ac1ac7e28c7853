/* SPDX-License-Identifier: BSD-2-Clause */
/* The definitions of rows: one a view. */
#ifndef REPORT_SCHEMA_SCHEMA_ROWS_H
#define REPORT_SCHEMA_SCHEMA_ROWS_H

#include "report/schema/schema_writer.h"
#include "report/view/view.h"

/* A view of the reporter, for --schema. */
struct schema_view {
    const struct view_type *type;
    const char *row; /* what the definition of a row is called */
    /* Members and patterns of columns that depend on what is asked. NULL = there are none. */
    void (*more)(struct schema_writer *w);
    void (*patterns)(struct schema_writer *w);
    const char *required[8]; /* without --columns each row has these */
};

extern const struct schema_view schema_views[];
extern const size_t schema_view_count;

/* "ROW": {...}, and "whole_ROW" where something is required. */
void schema_row(struct schema_writer *w, const struct schema_view *view);

/* The type, what may be in it besides, and that nothing else may: of an open object. */
void schema_object(struct schema_writer *w);

#endif

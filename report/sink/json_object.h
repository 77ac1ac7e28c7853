/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON objects, written by hand into an output: every u64 stays an integer, bytes come back
 * exactly. */
#ifndef REPORT_SINK_JSON_OBJECT_H
#define REPORT_SINK_JSON_OBJECT_H

#include "report/text/output.h"
#include "report/view/columns.h"

/* An object being written. */
struct json_object {
    struct output *output;
    bool any; /* it has a member */
};

/* "{" and "}" */
void json_open(struct json_object *object, struct output *output);
void json_close(struct json_object *object);

/* A comma where one is needed, and "name": */
void json_key(struct json_object *object, const char *name);

/* Members. A text is escaped as escape_json() has it. */
void json_number(struct json_object *object, const char *name, uint64_t value);
void json_text(struct json_object *object, const char *name, const char *bytes, size_t size);
void json_bool(struct json_object *object, const char *name, bool value);

/* A member for each cell that is present. */
void json_cells(struct json_object *object, const struct column *const *columns, size_t count,
                const struct cell *cells);

#endif

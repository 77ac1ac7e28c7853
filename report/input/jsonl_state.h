/* SPDX-License-Identifier: BSD-2-Clause */
/* What jsonl_capture.c and jsonl_lines.c share. */
#ifndef REPORT_INPUT_JSONL_STATE_H
#define REPORT_INPUT_JSONL_STATE_H

#include "format/tlz.h"
#include "report/input/json_row.h"

struct source_number {
    uint64_t in_lines;
    uint32_t in_capture;
};

struct jsonl_capture {
    const char *name;
    struct json_problem problem;
    struct tlz_writer *writer;
    struct tlz_metadata *file; /* what the file says of itself, once the writer is open */
    struct tlz_metadata *end;
    bool has_no_end;
    struct source_number *sources; /* sorted by in_lines */
    size_t source_count;
    uint32_t current; /* the writer's number of the source that rows belong to; 0 = none yet */
    char *bytes;      /* written and not yet taken: bytes[taken..used) */
    size_t used, taken, capacity;
    bool said_key, said_type;
};

/* Opens the writer, once nothing more will be known of the file. 0 or an error. */
int jsonl_open_writer(struct jsonl_capture *c);

/* Makes sure that there is a source for what belongs to one. 0 or an error. */
int jsonl_need_source(struct jsonl_capture *c);

/* A line that is no row: its "type", and what takes it. */
struct line_type {
    const char *name;
    int (*add)(struct jsonl_capture *c, json_t *object);
};

/* The type of that name, or NULL. */
const struct line_type *jsonl_line_type(const char *name);

#endif

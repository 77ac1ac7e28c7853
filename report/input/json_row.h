/* SPDX-License-Identifier: BSD-2-Clause */
/* A JSON object as a row or as metadata: the reporter's own output, read back. */
#ifndef REPORT_INPUT_JSON_ROW_H
#define REPORT_INPUT_JSON_ROW_H

#include <jansson.h>

#include "format/metadata.h"
#include "format/row.h"

/* What is wrong with a line, for a person. */
struct json_problem {
    char text[400];
};

/* Sets the problem's text and returns -EBADMSG. */
int json_problem_set(struct json_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The stored fields of a session, or of a change of state: what has `time_us` and no `close_us`.
 * Derived fields are passed over. 0, *ret_kind and *ret; -ENOMEM; or -EBADMSG and the problem. A
 * key that is no field goes to *ret_unknown, which is otherwise left alone; it is valid as long as
 * the object.
 */
int json_to_row(json_t *object, enum tlz_kind *ret_kind, struct tlz_row *ret,
                const char **ret_unknown, struct json_problem *problem);

/*
 * The metadata tags in the object, into meta; other keys are passed over. 0, -ENOMEM, or -EBADMSG
 * and the problem.
 */
int json_to_metadata(json_t *object, struct tlz_metadata *meta, struct json_problem *problem);

/* The bytes that a JSON string stands for (see escape_json()): 0, *ret (malloc'ed, a NUL behind it)
 * and *ret_size; -ENOMEM; or -EBADMSG and the problem, which names `key`. */
int json_to_bytes(const json_t *value, const char *key, char **ret, size_t *ret_size,
                  struct json_problem *problem);

/* An integer of at most max by key: 0 and *ret, or -EBADMSG and the problem; *ret stays when the
 * key is missing. */
int json_get_u64(const json_t *object, const char *key, uint64_t max, uint64_t *ret,
                 struct json_problem *problem);

#endif

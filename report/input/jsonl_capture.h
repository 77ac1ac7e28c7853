/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON lines as a capture: lines go in, the bytes of a capture come out. The same lines, the same
 * bytes. */
#ifndef REPORT_INPUT_JSONL_CAPTURE_H
#define REPORT_INPUT_JSONL_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

struct jsonl_capture;

/* `name` is the input's, for messages; it stays the caller's. 0 and *ret, or -ENOMEM. */
int jsonl_capture_new(struct jsonl_capture **ret, const char *name);

/* NULL is fine. */
void jsonl_capture_free(struct jsonl_capture *capture);

/*
 * Adds a line; an empty one is nothing. What is not known is passed over and said once of each
 * kind. 0, -EBADMSG (see jsonl_capture_problem()), or another negative error.
 */
int jsonl_capture_add(struct jsonl_capture *capture, const char *line, size_t size,
                      uint64_t number);

/* What is wrong with the last line. */
const char *jsonl_capture_problem(const struct jsonl_capture *capture);

/* Makes blocks of what was added: 1 when that gave bytes, 0 when not, or a negative error. */
int jsonl_capture_flush(struct jsonl_capture *capture);

/* After the last line. 0 or a negative error. */
int jsonl_capture_finish(struct jsonl_capture *capture);

/* The bytes that wait to be taken, and taking at most `size` of them; returns how many. */
size_t jsonl_capture_size(const struct jsonl_capture *capture);
size_t jsonl_capture_take(struct jsonl_capture *capture, void *data, size_t size);

#endif

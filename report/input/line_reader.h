/* SPDX-License-Identifier: BSD-2-Clause */
/* An input as lines. */
#ifndef REPORT_INPUT_LINE_READER_H
#define REPORT_INPUT_LINE_READER_H

#include "report/input/inputs.h"

#define LINE_MAX_BYTES ((size_t)1024 * 1024)

struct line_reader {
    struct input *input;
    char *buffer;
    size_t used, at; /* bytes in the buffer; where the next line begins */
    bool at_end;
    uint64_t number; /* of the line last returned, from 1 */
};

/* The input stays the caller's. */
void line_reader_init(struct line_reader *reader, struct input *input);
void line_reader_close(struct line_reader *reader);

/* True when the next line is there without reading. */
bool line_reader_is_ready(const struct line_reader *reader);

/*
 * 1 and the next line without its line feed (the last may lack one), valid until the next call; 0
 * at the end; -EMSGSIZE for a line over LINE_MAX_BYTES; -ENOMEM; or the input's error.
 */
int line_reader_next(struct line_reader *reader, const char **ret, size_t *ret_size);

#endif

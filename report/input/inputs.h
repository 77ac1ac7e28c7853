/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that a report reads: named, in directories, or standard input. */
#ifndef REPORT_INPUT_INPUTS_H
#define REPORT_INPUT_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct input {
    char *name;         /* "-" is standard input */
    int fd;             /* -1 = not open */
    struct stat status; /* zeros when there is no such file */
    uint64_t bytes;     /* read so far: up to where */
    uint8_t first_byte; /* once bytes > 0 */
    bool grows;         /* where it ends more may come: -EAGAIN */
};

struct inputs {
    struct input *input;
    size_t count;
    size_t first_before; /* of them, the first that others are compared with */
    bool failed;         /* something that was named could not be opened, which was said */
};

/*
 * Adds to the list what was typed; a directory stands for the files in it whose names end in
 * `suffix`, sorted; what is no file there is passed over, which is said. Opens none of them. 0 or
 * -ENOMEM.
 */
int inputs_list(struct inputs *inputs, char *const *operands, size_t count, const char *suffix);

/* Adds what the others are compared with, as it was typed; NULL = nothing. No other is added behind
 * it. 0 or -ENOMEM. */
int inputs_list_before(struct inputs *inputs, const char *operand, const char *suffix);

/* Opens them all, since the reading of several goes on side by side; one that cannot be opened is
 * said and keeps fd -1. */
void inputs_open(struct inputs *inputs);

/* Closes what is open. */
void inputs_close(struct inputs *inputs);

/* As read(2), but a negative errno on failure; interrupted reads go on. Counts the bytes. */
ssize_t input_read(struct input *input, void *data, size_t size);

/* As pread(2), of a file; otherwise as input_read(). */
ssize_t input_read_at(struct input *input, uint64_t offset, void *data, size_t size);

/* False for a pipe, a socket, a terminal: reading it may wait for somebody. */
bool input_is_file(const struct input *input);

/* True when one of them is no file. */
bool inputs_are_live(const struct inputs *inputs);

/* The input that is the same file as this one, or NULL. */
const struct input *inputs_find(const struct inputs *inputs, const struct stat *status);

/*
 * Reading what is being written would go on for ever. EXIT_OK, or the status after saying that
 * standard output is an input; `written` is what is written instead, or NULL.
 */
int inputs_refuse_output(const struct inputs *inputs, const char *written);

#endif

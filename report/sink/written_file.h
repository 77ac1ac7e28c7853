/* SPDX-License-Identifier: BSD-2-Clause */
/* The file that --write or --html makes. */
#ifndef REPORT_SINK_WRITTEN_FILE_H
#define REPORT_SINK_WRITTEN_FILE_H

#include <stdbool.h>

#include "report/input/inputs.h"

struct written_file {
    int fd;
    const char *path; /* "-" is standard output */
    bool replaces;    /* what stands there when it is whole */
    char *temporary;  /* what is written to instead, until it is whole; NULL = nothing */
    char *target;     /* what that is then renamed to */
};

/* What is written: the option, and why it is nothing for a terminal. */
struct written_kind {
    const char *option, *refusal;
};

/*
 * Opens `path` for a new file, which stands there once it is whole and not before; until then it
 * is a hidden file beside it, which a signal that ends the program removes. An existing file is
 * kept unless `force`; an input never becomes the output; a terminal is refused. One at a time. 0
 * and *ret, or a negative errno after saying what is wrong.
 */
int written_file_open(struct written_file *ret, const struct written_kind *kind, const char *path,
                      bool force, const struct inputs *inputs);

/* A path in the directory in which closing or abandoning it changes names; NULL when none does. */
const char *written_file_place(const struct written_file *file);

/* Closes it, and puts it in its place. 0 or a negative errno: then nothing is left of it, and an
 * old file is as it was; -EEXIST: without `force` one has come to stand there meanwhile. */
int written_file_close(struct written_file *file);

/* Closes it and removes what was made of it. Fine when it is not open. */
void written_file_abandon(struct written_file *file);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON on standard output, for people too: a member a line, but for objects that are opened flat.
 * Texts are the program's own, and ASCII. */
#ifndef REPORT_SCHEMA_SCHEMA_WRITER_H
#define REPORT_SCHEMA_SCHEMA_WRITER_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed = at the start. */
struct schema_writer {
    unsigned int depth;
    unsigned int flat; /* the depth from which on all is on one line; 0 = none */
    bool any;          /* something stands before in what is open */
};

/* Opens an object '{' or a list '['; `key` is NULL inside of a list and at the top. */
void schema_open(struct schema_writer *w, const char *key, char bracket);
void schema_open_flat(struct schema_writer *w, const char *key, char bracket);
void schema_close(struct schema_writer *w, char bracket);

/* A member, or where `key` is NULL an element of a list. */
void schema_text(struct schema_writer *w, const char *key, const char *text);
void schema_number(struct schema_writer *w, const char *key, uint64_t number);
void schema_bool(struct schema_writer *w, const char *key, bool value);

/* {"$ref": "#/$defs/NAME"} */
void schema_reference(struct schema_writer *w, const char *key, const char *name);

/* A list of `count` texts. */
void schema_texts(struct schema_writer *w, const char *key, const char *const *texts,
                  unsigned int count);

#endif

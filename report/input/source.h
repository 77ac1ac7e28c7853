/* SPDX-License-Identifier: BSD-2-Clause */
/* Where rows come from: a capture, or something that is turned into one as it is read. */
#ifndef REPORT_INPUT_SOURCE_H
#define REPORT_INPUT_SOURCE_H

#include "format/tlz.h"
#include "report/input/inputs.h"

/* A form of input: one row of source_types. */
struct source_type {
    const char *name;   /* of --input */
    const char *suffix; /* of its files in a directory */
    /* Opens what its libraries open for themselves: before the program is confined. NULL = none. */
    void (*prepare)(void);
    /* Begins to turn the input into the bytes of a capture. 0, *ret and *ret_state, or an error. */
    int (*open)(struct tlz_input *ret, void **ret_state, struct input *input);
    /* Frees the state; NULL is fine. */
    void (*free)(void *state);
    /* What to say of an error of ret->read, or NULL for tlz_strerror(). NULL = never anything. */
    const char *(*problem)(const void *state);
};

extern const struct source_type source_tlz, source_jsonl;

/* The type of that name, or NULL. */
const struct source_type *source_type_by_name(const char *name);

struct filter_expressions;
struct sink;

/* What is wanted of the sources. */
struct selection {
    struct tlz_fieldset fields[TLZ_KINDS]; /* of a kind that is not wanted, none */
    uint64_t from_us, to_us;               /* times of rows, at least: tlz_reader_window() */
    bool verify;                           /* tlz_reader_verify() */
    tlz_pass *pass;                        /* tlz_reader_pass(), of this selection: */
    const struct filter_expressions *expressions;
    const struct sink *sorter; /* that keeps some of all rows, by that number; or NULL */
    enum tlz_field sorted_by;
};

struct source;

/*
 * Opens the input, which stays the caller's, to read what is selected. 0 and *ret; -EAGAIN: it
 * grows, and its beginning is not there yet; or another negative error after saying what is wrong.
 */
int source_open(struct source **ret, const struct source_type *type, struct input *input,
                const struct selection *selection);

/* tlz_reader_offset() of it. */
uint64_t source_offset(const struct source *source);

/* Frees it (NULL is fine) and returns NULL. */
struct source *source_free(struct source *source);

/*
 * The next item: 1 and *ret, valid until the next call; 0 at the end; -EAGAIN: of an input that
 * grows no more is there yet; or another negative error, which source_say() says, and after which
 * only source_free() may follow.
 */
int source_next(struct source *source, struct tlz_item *ret);

/* Says why it cannot be read on: what source_next() returned, and its item. */
void source_say(const struct source *source, const struct tlz_item *item, int error);

/* Has blocks of rows decoded elsewhere: tlz_reader_defer(), tlz_decoder_unknown(). */
void source_defer(struct source *source);
bool source_unknown(struct source *source, struct tlz_decoder *decoder, struct tlz_item *ret);

#endif

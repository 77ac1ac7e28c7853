/* SPDX-License-Identifier: BSD-2-Clause */
/* Of a word that nothing is called by, which name was probably meant. */
#ifndef REPORT_TEXT_NEAREST_H
#define REPORT_TEXT_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *word; /* as it was typed, not terminated */
    size_t size;
    const char *name; /* the most like it of those tried; NULL = none is like it */
    size_t away;      /* how far a name may be to come before that */
};

/* Begins with no name. The word is read until the last name was tried. */
void nearest_begin(struct nearest *n, const char *word, size_t size);

/* Keeps the name, if none before it is as near. */
void nearest_try(struct nearest *n, const char *name);

#endif

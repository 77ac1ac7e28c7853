/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A text that is put together piece by piece, and never a part of it taken for the whole: when
 * memory is out, `failed` is set, for ever. (A stream of open_memstream() may lose pieces unseen.)
 */
#ifndef UTIL_JOINED_TEXT_H
#define UTIL_JOINED_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed = empty. */
struct joined_text {
    char *bytes; /* NUL behind them; NULL when nothing was added */
    size_t size;
    size_t capacity;
    bool failed;
};

void joined_text_add(struct joined_text *text, const char *piece);
void joined_text_format(struct joined_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The whole, the text's own until it is freed; or NULL when memory was out. */
const char *joined_text_whole(const struct joined_text *text);

void joined_text_free(struct joined_text *text);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes that somebody else chose, made safe for where they go: a terminal, a JSON string, a CSV
 * file. Each function writes at p, without a NUL, and returns the place behind what it wrote.
 */
#ifndef REPORT_TEXT_ESCAPE_H
#define REPORT_TEXT_ESCAPE_H

#include <stddef.h>

#include "format/row.h"

/* Room for one byte in any of the forms below, the marks around the whole left out. */
#define ESCAPE_FACTOR 6

/*
 * For a terminal: what is not printable UTF-8 becomes \xNN. At most max_width columns, never a part
 * of an escape or a character. The columns taken are added to *width.
 */
char *escape_text(char *p, const void *bytes, size_t size, size_t max_width, size_t *width);

/*
 * For the inside of a JSON string. A byte that is not printable UTF-8 becomes the text \xNN and a
 * backslash two of them, so that unescape_json() gives the bytes back.
 */
char *escape_json(char *p, const void *bytes, size_t size);

/*
 * A CSV field (RFC 4180): in quotes where a comma, quote or line break needs them. A field that a
 * spreadsheet would run as a formula (also behind a tab or line break) gets an apostrophe before
 * it. Otherwise the bytes themselves: what shows them on a terminal escapes them there.
 */
char *escape_csv(char *p, const void *bytes, size_t size);

/* The same of a name, without the NULs behind it; fast for those that need no escape. Up to 16
 * bytes are written past the place that is returned. */
char *escape_json_name(char *p, const struct tlz_bytes *name);
char *escape_csv_name(char *p, const struct tlz_bytes *name);

/*
 * Undoes escape_json() on the content of a parsed JSON string, in place. Its new size, or
 * (size_t)-1 when a backslash is followed by neither a backslash nor xNN.
 */
size_t unescape_json(char *text, size_t size);

#endif

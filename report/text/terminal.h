/* SPDX-License-Identifier: BSD-2-Clause */
/* What the text is read on, and bars that fit it. */
#ifndef REPORT_TEXT_TERMINAL_H
#define REPORT_TEXT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct terminal {
    size_t columns; /* in a line; 80 where it is no terminal, or does not say */
    bool utf8;      /* the locale's characters are */
};

/* Asks the descriptor and the environment. */
void terminal_ask(struct terminal *ret, int fd);

/* The most bytes of a column of a bar. */
#define BAR_BYTES 3

/*
 * A bar at p, of at most `columns` columns: millionths of them (up to a million), in eighths of a
 * column in UTF-8, else in whole ones. What is not 0 is seen. Returns the place behind it, and adds
 * the columns taken to *width.
 */
char *append_bar(char *p, uint64_t millionths, size_t columns, bool utf8, size_t *width);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose output it looks like. A style is a row of a table; it has a layout for each view that its
 * peer has a tool for. A layout prints exactly the columns it names, in text and in CSV.
 */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include "report/columns.h"

struct zone;

/* What the user asked of it, and what it must remember between rows. */
struct look {
    bool time;      /* -T */
    bool timestamp; /* -t */
    bool wide;      /* -w */
    bool csv;       /* as CSV and not as text */
    struct zone *zone;
    bool started;      /* a row was printed: first_us is set */
    uint64_t first_us; /* close of the first row */
};

struct layout {
    const char *const *columns; /* names of the view's columns, in the order of the cells */
    size_t count;
    size_t room; /* the most bytes of a header or row, line feed included */
    /* Each writes a line at p and returns the place behind it. */
    char *(*header)(char *p, const struct look *look);
    char *(*row)(char *p, struct look *look, const struct cell *cells);
};

struct style {
    const char *name;
    const struct layout *sessions; /* the peer's tcplife */
};

extern const struct style style_bcc;

#endif

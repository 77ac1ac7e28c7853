/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose output it looks like. A style is a row of a table; it has a layout for each view that its
 * peer has a tool for. A layout reads exactly the columns it names, in text and in CSV.
 */
#ifndef REPORT_STYLE_STYLE_H
#define REPORT_STYLE_STYLE_H

#include "report/view/columns.h"

struct zone;

/* What the user asked of it, and what it must remember between rows. */
struct look {
    bool time;      /* -T */
    bool timestamp; /* -t */
    bool wide;      /* -w */
    bool csv;       /* as CSV and not as text */
    struct zone *zone;
    bool started;         /* a row was printed: first_us is set */
    uint64_t first_us;    /* time of the first row */
    unsigned int section; /* of the last row of a summary */
    bool utf8;            /* what it is read on shows it */
};

/* What of a look a peer's tool has an option for. */
enum look_option {
    LOOK_NONE = 0,
    LOOK_TIME = 1 << 0,
    LOOK_TIMESTAMP = 1 << 1,
    LOOK_WIDE = 1 << 2,
    LOOK_CSV = 1 << 3,
};

/* Why a peer would not have printed a row. */
enum omission {
    OMISSION_NONE, /* it would have */
    OMISSION_STILL_OPEN,
    OMISSION_NO_BIRTH, /* it did not see it begin, so it does not know it at its end */
    OMISSIONS
};

struct layout {
    const char *tool;           /* whose it is: "bcc's tcplife" */
    const char *noun;           /* what a row is: "session", with an s for several */
    unsigned int look_options;  /* of enum look_option */
    const char *const *columns; /* names of the view's columns, in the order of the cells */
    size_t count;               /* that are printed; */
    size_t all_count;           /* with those behind them that only omission() reads */
    size_t room;                /* the most bytes of a header or row, line feed included */
    enum omission (*omission)(const struct cell *cells);
    /* Each writes a line at p and returns the place behind it. */
    char *(*header)(char *p, const struct look *look);
    char *(*row)(char *p, struct look *look, const struct cell *cells);
};

struct style {
    const char *name;
    const struct layout *sessions; /* the peer's tcplife */
    const struct layout *states;   /* its tcpstates; NULL = it has none */
};

/* The table: a style's name, with style_NAME for its row. The first is the default. */
#define STYLES(X)                                                                                  \
    X(bcc)                                                                                         \
    X(libbpf)                                                                                      \
    X(bpftrace)

#define X(name) extern const struct style style_##name;
STYLES(X)
#undef X

/* Their names, with "|" before each. */
#define STYLE_NAME(name) "|" #name
#define STYLE_NAMES      STYLES(STYLE_NAME)

/* The style of that name, or NULL. */
const struct style *style_by_name(const char *name);

#endif

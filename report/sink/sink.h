/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where rows go: a format, or a capture. Each sink is a table of functions
 * (struct sink_type); nobody else asks which one is in use.
 */
#ifndef REPORT_SINK_SINK_H
#define REPORT_SINK_SINK_H

#include "report/capture/captures.h"
#include "report/confine/confine.h"
#include "report/input/inputs.h"
#include "report/style/style.h"
#include "report/view/columns.h"

/* The columns that a view gives to a sink when the user chose none. */
enum sink_columns {
    SINK_COLUMNS_LAYOUT, /* those of the style's layout, where the view has one */
    SINK_COLUMNS_ALL,
    SINK_COLUMNS_STORED, /* every field that a capture stores; views of rows only */
};

/* What a sink may need to know. Lives as long as the sink. */
struct sink_setup {
    const struct captures *captures;
    const struct inputs *inputs;
    struct look look;       /* its zone is set */
    bool with_meta;         /* JSON lines: say what is known besides the rows */
    bool sorted;            /* rows may come in another order than that of their recording */
    const char *path;       /* of the capture or page to write */
    bool force;             /* overwrite it */
    int level;              /* of zstd, 0 = the default */
    const char *made_by;    /* what to say in the capture of how it was made; NULL = nothing */
    const char *anonymized; /* the key by which all is anonymized, to be said in the capture; NULL =
                               it is not */
    struct confinement *confinement; /* to be told what a sink goes on to need when it is open */
};

struct sink;

/*
 * Every function returns 0 or a negative errno or TLZ_E code, which its caller only passes on;
 * -ECANCELED when what is wrong was said.
 */
struct sink_type {
    const char *option; /* as it is typed: "--csv"; NULL = the default */
    enum sink_columns columns;
    enum look_option look_option; /* what a peer must have for it to print the peer's columns */
    bool takes_meta;              /* --with-meta means something to it */
    bool is_for_person;           /* it is for a person: bars, and no details unless asked for */
    bool is_for_database;         /* rows of sessions alone, with every column */
    bool takes_both;              /* sessions and changes of state, in one */
    int (*open)(struct sink **ret, const struct sink_setup *setup);
    /* Before all others: once, and of one that takes both, once for each kind of row; of one for a
     * page, before the rows of each table. */
    int (*begin)(struct sink *sink, const struct table *table);
    int (*row)(struct sink *sink, const struct row *row);
    int (*learn)(struct sink *sink,
                 const struct fact *fact); /* NULL: asks the captures at the end */
    int (*flush)(struct sink *sink);       /* the reader may wait now: show what there is */
    int (*end)(struct sink *sink);         /* after the last row */
    void (*free)(struct sink *sink);       /* in any state */
    /*
     * A part is a sink that writes rows into memory, in whichever thread, for the sink to take
     * later; the tables are those of the sink, which has begun. -ENOTSUP where rows cannot be
     * written apart. All three are NULL where they never can be.
     */
    int (*part)(struct sink *sink, struct sink **ret);
    void (*clear)(struct sink *part);
    /* Rows of the part, behind the first so many; their recording's number. */
    int (*take)(struct sink *sink, const struct sink *part, uint32_t first, uint32_t count,
                uint32_t source);
};

/* Sinks embed it as their first member. */
struct sink {
    const struct sink_type *type;
};

extern const struct sink_type sink_text, sink_csv, sink_json, sink_jsonl, sink_capture, sink_html;

/* Calls, so that callers read well. sink_free() takes NULL and returns NULL. */
int sink_begin(struct sink *sink, const struct table *table);
int sink_row(struct sink *sink, const struct row *row);
int sink_learn(struct sink *sink, const struct fact *fact);
int sink_flush(struct sink *sink);
int sink_end(struct sink *sink);
int sink_part(struct sink *sink, struct sink **ret);
void sink_clear(struct sink *part);
int sink_take(struct sink *sink, const struct sink *part, uint32_t first, uint32_t count,
              uint32_t source);
struct sink *sink_free(struct sink *sink);

#endif

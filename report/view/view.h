/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is shown of the captures. Views are rows of a table (view types); each turns sessions or
 * changes of state, or what is known of the captures, into rows of typed cells and hands them to a
 * sink.
 */
#ifndef REPORT_VIEW_VIEW_H
#define REPORT_VIEW_VIEW_H

#include "report/capture/captures.h"
#include "report/filter/time_range.h"
#include "report/sink/sink.h"
#include "report/style/style.h"
#include "report/text/zone.h"
#include "report/view/column_set.h"

/* Some rows of a batch: row[0..count) are their numbers in it, ascending. */
struct rows {
    const struct tlz_batch *batch;
    const uint32_t *row;
    uint32_t count;
    uint32_t source;         /* number of the recording */
    bool is_before;          /* they are of what others are compared with */
    const struct sink *part; /* in which they are written already, behind `first` others; or NULL */
    uint32_t first;
};

struct view_type;

/* What a view may have to know of the report that it is in. */
struct view_report {
    const struct captures *captures;
    size_t first_before;            /* of them, the first that others are compared with */
    const struct time_range *times; /* of which rows are asked for */
    struct zone *zone;     /* in which times are shown; views whose steps go by it choose it */
    uint64_t top;          /* how long lists are that the type has; 0 = as it has them */
    const char *selection; /* how rows were selected, as it was typed; NULL = not at all */
    const char *command;   /* by which the report can be made again; NULL = it is not told */
};

/* Of a view's rows, what the sink behind it keeps: the first by a cell, greatest or least first,
 * and of equal ones those that came first. */
struct view_kept {
    size_t cell;
    bool ascending;
    uint64_t top; /* how many; 0 = all rows are kept, or go by nothing but their order */
};

/* A view as the user wants it: which columns, and where rows go. */
struct view_plan {
    const struct view_type *type;
    struct column_set set;         /* all that there are to choose from */
    void *query;                   /* what the type keeps of what was asked */
    bool is_compared;              /* rows are of two sides */
    size_t *choice;                /* the set's column for each cell of a row */
    const struct column **columns; /* the same as columns */
    size_t cells;                  /* those shown, and behind them those that are not */
    struct table table;            /* those shown */
    struct sink *sink;
    struct view_kept kept;
    struct view_report report;
};

struct view_type {
    const char *name;             /* the key of its rows in JSON */
    const char *option;           /* as it is typed: "--flows" */
    const struct column *columns; /* all that it has, if they are always the same; */
    const size_t *column_count;   /* how many */
    unsigned int kinds;           /* what it is made of: of KIND_BIT() */
    bool is_unordered;            /* in which order rows come does not matter to it */
    bool is_rows;     /* its rows are those of captures, of one kind: they can be written as one */
    bool is_whole;    /* it describes whole captures: no filter, and no row is shown */
    bool is_unread;   /* ... and what the index tells of them is enough */
    bool is_check;    /* ... and everything in them is checked */
    bool is_vertical; /* few rows, many columns */
    /*
     * Of a view whose columns depend on what is asked. Each returns 0, -ENOMEM, or EXIT_USAGE after
     * saying what is wrong.
     *
     * ask: reads what was typed behind its option (NULL = nothing), fills the plan's set and keeps
     * in plan->query what it has to. NULL = a view of fixed columns.
     * find: adds the column of that name, which is not in the set, at its end; or leaves it as it
     * is, where there is none. NULL = there never is one.
     * forget: frees the query. NULL is fine.
     */
    int (*ask)(struct view_plan *plan, const char *argument);
    int (*find)(struct view_plan *plan, const char *name, size_t name_size);
    void (*forget)(void *query);
    bool has_lists;            /* --top says how long they are; it has an order of its own */
    const struct layout *page; /* as text, where no columns are chosen; NULL = a table */
    /* The peer's way to print it, or NULL. The function may be NULL. */
    const struct layout *(*layout)(const struct style *style);
    /* Adds the fields that the view reads of rows of each kind. */
    void (*add_fields)(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS]);
    /* 0 and *ret_state, or -ENOMEM. The plan outlives the view. */
    int (*open)(void **ret_state, const struct view_plan *plan);
    /* Each returns 0, -ENOMEM, or the sink's error. `rows` is NULL in a view of whole captures. */
    int (*rows)(void *state, const struct rows *rows);
    int (*finish)(void *state);
    void (*free)(void *state); /* NULL is fine */
};

extern const struct view_type view_sessions, view_states, view_flows, view_histogram, view_timeline,
    view_summary, view_pairs, view_info, view_verify, view_page;

/* What the user asked for; `argument`, `columns` and `sort` are NULL when it was nothing. */
struct view_request {
    const struct view_type *type;
    const char *argument; /* of the view's option: what is behind --flows= */
    bool is_compared;     /* there are rows to compare with */
    const struct sink_type *sink;
    const struct style *style;
    bool is_peers; /* only rows that the style's peer would print */
    const char *columns;
    const char *sort;        /* FIELD[:asc|:desc] */
    const char *const *also; /* columns that must be among the cells, if only behind the others */
    size_t also_count;
};

/*
 * Chooses columns. 0, *ret (view_plan_close() it; its sink and report are still to be set),
 * the cell to sort by (SORTER_NO_KEY = none) and its direction; -ENOMEM; or EXIT_USAGE after saying
 * what is wrong.
 */
int view_plan_open(struct view_plan *ret, size_t *ret_key, bool *ret_ascending,
                   const struct view_request *request);
void view_plan_close(struct view_plan *plan);

#endif

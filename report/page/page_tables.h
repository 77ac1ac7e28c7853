/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of a page's document, besides those of other views. */
#ifndef REPORT_PAGE_PAGE_TABLES_H
#define REPORT_PAGE_PAGE_TABLES_H

#include "report/page/page_series.h"
#include "report/view/columns.h"

enum page_table_name {
    PAGE_HEAD,     /* one row: what the page is of */
    PAGE_END_LIST, /* the letters of `ends` */
    PAGE_SCALE,    /* ... of `ms` and `min_rtt_us` */
    PAGE_OFFSETS,  /* what clocks show */
    PAGE_STEPS,
    PAGE_TABLES
};

enum page_head_column {
    PAGE_VERSION,
    PAGE_COMMAND,
    PAGE_STEP_US,
    PAGE_SESSIONS,
    PAGE_FLOWS,
    PAGE_FLOWS_SHOWN,
    PAGE_HEAD_COLUMNS
};

extern const struct column page_head_columns[PAGE_HEAD_COLUMNS];

/* Of that table; its columns are always the same. */
struct table page_table(enum page_table_name name);

/* Behind the columns of flows: how many of its sessions are in the texts, and these. */
#define PAGE_FLOW_COLUMNS (1 + PAGE_SERIES_TEXTS)
extern const struct column page_flow_columns[PAGE_FLOW_COLUMNS];

/* Behind those of sessions: the row of `flows` to which it belongs. */
extern const struct column page_session_column;

/* Which figures of flows, and which fields of sessions. */
#define PAGE_FLOW_KEYS "comm,direction,service,raddr"
#define PAGE_FLOW_FIGURES                                                                          \
    PAGE_FLOW_KEYS                                                                                 \
    ",sessions,failed,tx_bytes,rx_bytes,ms_p50,ms_p99,min_rtt_us_p50,retrans_share"
#define PAGE_SESSION_FIELDS                                                                        \
    "open_us,close_us,ms,pid,comm,direction,laddr,lport,raddr,rport,service,end,tx_bytes,"         \
    "rx_bytes,min_rtt_us,retrans_bytes"

#endif

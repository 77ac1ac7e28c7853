/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of a summary. What a row has depends on its section. */
#ifndef REPORT_VIEW_SUMMARY_COLUMNS_H
#define REPORT_VIEW_SUMMARY_COLUMNS_H

#include "report/view/columns.h"

enum summary_column {
    SUMMARY_SECTION,
    SUMMARY_NAME,
    SUMMARY_END,
    SUMMARY_COMM,
    SUMMARY_RADDR,
    SUMMARY_SERVICE,
    SUMMARY_DIRECTION,
    SUMMARY_FROM_US,
    SUMMARY_TO_US,
    SUMMARY_SESSIONS,
    SUMMARY_SHARE,
    SUMMARY_RATE,
    SUMMARY_FAILED,
    SUMMARY_FAILED_SHARE,
    SUMMARY_TX_BYTES,
    SUMMARY_RX_BYTES,
    SUMMARY_MS_SUM,
    SUMMARY_MS_P50,
    SUMMARY_MS_P99,
    SUMMARY_MIN_RTT_P50,
    SUMMARY_MIN_RTT_P99,
    SUMMARY_RETRANS_BYTES,
    SUMMARY_RETRANS_SHARE,
    SUMMARY_STILL_OPEN,
    SUMMARY_OWNER_UNKNOWN,
    SUMMARY_RECORDINGS,
    SUMMARY_LOST,
    SUMMARY_COLUMNS
};

/* Those that flows have, too, are called as there. */
extern const struct column summary_columns[SUMMARY_COLUMNS];

/* The sections, in the order in which they come. */
enum summary_section {
    SUMMARY_TOTAL,
    SUMMARY_PEAK,
    SUMMARY_HOST,
    SUMMARY_RECORDER_FILTER,
    SUMMARY_FILTER,
    SUMMARY_ENDS,
    SUMMARY_FAILURES,
    SUMMARY_BY_BYTES,
    SUMMARY_BY_SESSIONS,
    SUMMARY_BY_TIME,
    SUMMARY_SLOW,
    SUMMARY_RETRANS,
    SUMMARY_LOSSES,
    SUMMARY_SECTIONS
};

extern const char *const summary_section_names[SUMMARY_SECTIONS];

struct layout;

/* The summary as a page of text, of all these columns. */
extern const struct layout summary_page;

#endif

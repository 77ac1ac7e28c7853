/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The summary as text, for a person: a page of 80 columns. The first sections are lines with a
 * label; those below are lists, each with a heading that says what it is.
 */
#include "report/style/style_fields.h"
#include "report/text/cell.h"
#include "report/text/escape.h"
#include "report/text/terminal.h"
#include "report/text/zone.h"
#include "report/view/summary_columns.h"

#define LABEL_WIDTH  11
#define TEXT_WIDTH   66 /* of a text behind a label */
#define END_WIDTH    12
#define NAME_WIDTH   16
#define DIR_WIDTH    3
#define PORT_WIDTH   5
#define REMOTE_WIDTH 21
#define KEY_WIDTH    (NAME_WIDTH + 1 + DIR_WIDTH + 1 + PORT_WIDTH + 1 + REMOTE_WIDTH)
#define BAR_WIDTH    40

/* More than a row takes: the longest is a text of 4 * TEXT_WIDTH bytes, all of them escaped. */
#define ROOM 4096

#define FIGURES 4
#define NONE    SUMMARY_COLUMNS

static const size_t figure_widths[FIGURES] = {8, 6, 6, 6};

/* The lists: what each shows behind a flow. */
static const struct list {
    const char *title; /* at most NAME_WIDTH columns */
    const char *headings[FIGURES];
    enum summary_column figures[FIGURES];
    const char *key; /* the heading of the flow, its program left out */
} lists[SUMMARY_SECTIONS] = {
    [SUMMARY_FAILURES] = {"FAILURES",
                          {"SESSIONS", "SHARE", "", ""},
                          {SUMMARY_SESSIONS, SUMMARY_SHARE, NONE, NONE},
                          "DIR PORT"},
    [SUMMARY_BY_BYTES] = {"MOST BYTES",
                          {"SESSIONS", "TX", "RX", "SHARE"},
                          {SUMMARY_SESSIONS, SUMMARY_TX_BYTES, SUMMARY_RX_BYTES, SUMMARY_SHARE},
                          "DIR PORT  REMOTE"},
    [SUMMARY_BY_SESSIONS] = {"MOST SESSIONS",
                             {"SESSIONS", "FAILED", "", "SHARE"},
                             {SUMMARY_SESSIONS, SUMMARY_FAILED_SHARE, NONE, SUMMARY_SHARE},
                             "DIR PORT  REMOTE"},
    [SUMMARY_BY_TIME] = {"MOST TIME",
                         {"SESSIONS", "TIME", "", "SHARE"},
                         {SUMMARY_SESSIONS, SUMMARY_MS_SUM, NONE, SUMMARY_SHARE},
                         "DIR PORT  REMOTE"},
    [SUMMARY_SLOW] = {"SLOWEST SERVICES",
                      {"SESSIONS", "P50", "P99", "RTT"},
                      {SUMMARY_SESSIONS, SUMMARY_MS_P50, SUMMARY_MS_P99, SUMMARY_MIN_RTT_P50},
                      "DIR PORT"},
    [SUMMARY_RETRANS] = {"RETRANSMITTED",
                         {"SESSIONS", "BYTES", "SHARE", ""},
                         {SUMMARY_SESSIONS, SUMMARY_RETRANS_BYTES, SUMMARY_RETRANS_SHARE, NONE},
                         "          REMOTE"},
};

/* 999us, 1.23ms, 12.3s, 123s, 3.25h: three digits where there are so many. */
static char *append_short_duration(char *p, uint64_t us)
{
    static const struct {
        const char *name;
        uint64_t us, end_us; /* up to which it is used */
    } units[] = {{"us", 1, 1000},
                 {"ms", 1000, 1000000},
                 {"s", 1000000, 200000000},
                 {"m", 60000000, 12000000000},
                 {"h", 3600000000, 200 * UINT64_C(3600000000)},
                 {"d", 86400000000, UINT64_MAX}};
    size_t i = 0;
    uint64_t hundredths;

    while (us >= units[i].end_us && units[i].end_us != UINT64_MAX)
        i++;
    if (units[i].us == 1 || us / units[i].us >= 100)
        return append_string(append_u64(p, us / units[i].us), units[i].name);
    hundredths = us / (units[i].us / 100);
    p = append_char(append_u64(p, hundredths / 100), '.');
    p = hundredths >= 1000 ? append_u64(p, hundredths / 10 % 10)
                           : append_padded(p, hundredths % 100, 2);
    return append_string(p, units[i].name);
}

/* A cell's own text, but for durations. */
static char *append_cell(char *p, const struct cell *cells, enum summary_column column)
{
    const struct column *c = &summary_columns[column];
    const struct cell *cell = &cells[column];
    size_t unused = 0;

    if (!cell->present)
        return append_char(p, '-');
    if (c->type == TLZ_TYPE_MS || c->type == TLZ_TYPE_DURATION)
        return append_short_duration(p, cell->value.u);
    return cell_append_text(p, c, cell, NULL, &unused);
}

static char *append_time(char *p, const struct look *look, const struct cell *cell)
{
    if (!cell->present)
        return append_char(p, '-');
    /* to the second */
    return zone_append_time(look->zone, p, cell->value.u) - strlen(".000000");
}

static char *append_label(char *p, const char *label)
{
    return style_left(p, label, LABEL_WIDTH);
}

/* A text that somebody chose, of so many columns; a longer one ends in "...". */
static char *append_clipped(char *p, const struct cell *cell, size_t columns)
{
    const char *bytes = cell->value.text.bytes;
    size_t most = 4 * columns, width = 0;
    size_t size = cell->value.text.size < most ? cell->value.text.size : most;
    char *end = escape_text(p, bytes, size, SIZE_MAX, &width);

    if (size == cell->value.text.size && width <= columns)
        return end;
    return append_string(escape_text(p, bytes, size, columns - 3, &width), "...");
}

static char *append_count(char *p, const struct cell *cells, enum summary_column column,
                          const char *text)
{
    return append_string(append_cell(p, cells, column), text);
}

/* "LABEL  p50 A, p99 B" */
static char *append_quantiles(char *p, const char *label, const struct cell *cells,
                              enum summary_column p50, enum summary_column p99)
{
    if (!cells[p50].present)
        return p;
    p = append_cell(append_string(append_label(p, label), "p50 "), cells, p50);
    return append_char(append_cell(append_string(p, ", p99 "), cells, p99), '\n');
}

static char *append_bytes_line(char *p, const struct cell *cells)
{
    if (!cells[SUMMARY_TX_BYTES].present && !cells[SUMMARY_RX_BYTES].present)
        return p;
    p = append_count(append_label(p, "bytes"), cells, SUMMARY_TX_BYTES, " sent, ");
    p = append_count(p, cells, SUMMARY_RX_BYTES, " received");
    if (cells[SUMMARY_RETRANS_BYTES].present) {
        p = append_count(append_string(p, ", "), cells, SUMMARY_RETRANS_BYTES, " sent again (");
        p = append_count(p, cells, SUMMARY_RETRANS_SHARE, " of the payload)");
    }
    return append_char(p, '\n');
}

static char *append_total(char *p, const struct look *look, const struct cell *cells)
{
    p = append_count(append_label(p, "sessions"), cells, SUMMARY_SESSIONS, ": ");
    p = append_count(p, cells, SUMMARY_FAILED, " failed");
    if (cells[SUMMARY_FAILED_SHARE].present)
        p = append_count(append_string(p, " ("), cells, SUMMARY_FAILED_SHARE, ")");
    p = append_count(append_string(p, ", "), cells, SUMMARY_STILL_OPEN, " still open, ");
    p = append_count(p, cells, SUMMARY_OWNER_UNKNOWN, " without a known owner\n");
    if (cells[SUMMARY_FROM_US].present) {
        p = append_time(append_label(p, "ended"), look, &cells[SUMMARY_FROM_US]);
        p = append_time(append_string(p, " to "), look, &cells[SUMMARY_TO_US]);
        p = append_short_duration(append_string(p, ": "),
                                  cells[SUMMARY_TO_US].value.u - cells[SUMMARY_FROM_US].value.u);
        if (cells[SUMMARY_RATE].present)
            p = append_count(append_string(p, ", "), cells, SUMMARY_RATE, " a second");
        p = append_char(p, '\n');
    }
    p = append_bytes_line(p, cells);
    p = append_quantiles(p, "lifespan", cells, SUMMARY_MS_P50, SUMMARY_MS_P99);
    return append_quantiles(p, "least rtt", cells, SUMMARY_MIN_RTT_P50, SUMMARY_MIN_RTT_P99);
}

static char *append_peak(char *p, const struct look *look, const struct cell *cells)
{
    p = append_count(append_label(p, "busiest"), cells, SUMMARY_SESSIONS,
                     " ended in the second of ");
    return append_char(append_time(p, look, &cells[SUMMARY_FROM_US]), '\n');
}

static char *append_host(char *p, const struct cell *cells)
{
    p = append_label(p, "host");
    if (cells[SUMMARY_NAME].present)
        p = append_clipped(p, &cells[SUMMARY_NAME], TEXT_WIDTH / 2);
    else
        p = append_string(p, "not named");
    p = append_count(append_string(p, ": "), cells, SUMMARY_SESSIONS, " sessions read");
    if (cells[SUMMARY_RECORDINGS].value.u > 1)
        p = append_count(append_string(p, " from "), cells, SUMMARY_RECORDINGS, " recordings");
    if (cells[SUMMARY_LOST].value.u > 0)
        p = append_count(append_string(p, ", "), cells, SUMMARY_LOST, " lost");
    return append_char(p, '\n');
}

static char *append_filter(char *p, const char *label, const struct cell *cells)
{
    return append_char(append_clipped(append_label(p, label), &cells[SUMMARY_NAME], TEXT_WIDTH),
                       '\n');
}

static char *append_loss(char *p, const struct look *look, const struct cell *cells)
{
    p = append_count(append_label(p, "lost"), cells, SUMMARY_LOST, " sessions, ");
    p = append_clipped(p, &cells[SUMMARY_NAME], NAME_WIDTH);
    p = append_time(append_string(p, ", "), look, &cells[SUMMARY_FROM_US]);
    return append_char(append_time(append_string(p, " to "), look, &cells[SUMMARY_TO_US]), '\n');
}

static char *append_end(char *p, const struct look *look, const struct cell *cells)
{
    char text[APPEND_NUMBER_MAX + 16], *end = append_cell(text, cells, SUMMARY_END);
    size_t unused = 0;

    *end = '\0';
    p = style_left(p, text, NAME_WIDTH);
    end = append_cell(text, cells, SUMMARY_SESSIONS);
    p = style_right(p, text, (size_t)(end - text), figure_widths[0]);
    end = append_cell(text, cells, SUMMARY_SHARE);
    p = style_right(p, text, (size_t)(end - text), figure_widths[1]);
    p = append_bar(p, cells[SUMMARY_SHARE].value.u, BAR_WIDTH, look->utf8, &unused);
    return append_char(p, '\n');
}

static bool has_end(const struct list *list)
{
    return list == &lists[SUMMARY_FAILURES];
}

static char *append_list_heading(char *p, const struct list *list)
{
    size_t key = KEY_WIDTH - NAME_WIDTH - 1;

    if (has_end(list)) {
        p = style_left(p, list->title, END_WIDTH);
        p = style_left(p, "COMM", NAME_WIDTH);
    } else {
        p = style_left(p, list->title, NAME_WIDTH);
    }
    p = style_left(p, list->key, key);
    for (size_t i = 0; i < FIGURES; i++)
        p = style_right(p, list->headings[i], strlen(list->headings[i]), figure_widths[i]);
    while (p[-1] == ' ')
        p--;
    return append_char(p, '\n');
}

/* The program, the direction, the port and the address of a flow: what a list has of them. */
static char *append_key(char *p, const struct cell *cells)
{
    char text[APPEND_NUMBER_MAX + 40], *end;
    size_t size = 0;

    p = cells[SUMMARY_COMM].present ? style_name(p, &cells[SUMMARY_COMM], NAME_WIDTH)
                                    : style_left(p, "", NAME_WIDTH);
    text[0] = '\0';
    if (cells[SUMMARY_DIRECTION].present)
        *append_cell(text, cells, SUMMARY_DIRECTION) = '\0';
    text[DIR_WIDTH] = '\0';
    p = style_left(p, text, DIR_WIDTH);
    text[0] = '\0';
    if (cells[SUMMARY_SERVICE].present)
        *append_cell(text, cells, SUMMARY_SERVICE) = '\0';
    p = style_left(p, text, PORT_WIDTH);
    if (cells[SUMMARY_RADDR].present) {
        end = append_cell(text, cells, SUMMARY_RADDR);
        size = (size_t)(end - text);
        p = append_bytes(p, text, size);
    }
    /* What a long address leaves no room for stands in the next line. */
    if (size > REMOTE_WIDTH)
        p = style_pad(append_char(p, '\n'), 0, KEY_WIDTH);
    else
        p = style_pad(p, size, REMOTE_WIDTH);
    return p;
}

static char *append_list_row(char *p, const struct list *list, const struct cell *cells)
{
    char text[APPEND_NUMBER_MAX + 16], *end;

    if (has_end(list)) {
        *append_cell(text, cells, SUMMARY_END) = '\0';
        p = style_left(p, text, END_WIDTH);
    }
    p = append_key(p, cells);
    for (size_t i = 0; i < FIGURES; i++) {
        end = list->figures[i] == NONE ? text : append_cell(text, cells, list->figures[i]);
        p = style_right(p, text, (size_t)(end - text), figure_widths[i]);
    }
    while (p[-1] == ' ')
        p--;
    return append_char(p, '\n');
}

static enum summary_section section_of(const struct cell *cells)
{
    enum summary_section i = 0;

    while (strcmp(summary_section_names[i], cells[SUMMARY_SECTION].value.text.bytes) != 0)
        i++;
    return i;
}

/* A list begins behind an empty line, with its heading. */
static char *append_heading(char *p, enum summary_section section)
{
    if (section == SUMMARY_ENDS)
        return append_string(p, "\nENDED            SESSIONS  SHARE\n");
    if (section == SUMMARY_LOSSES)
        return append_char(p, '\n');
    return lists[section].title ? append_list_heading(append_char(p, '\n'), &lists[section]) : p;
}

static char *page_header(char *p, const struct look *look)
{
    (void)look;
    return p;
}

static char *page_row(char *p, struct look *look, const struct cell *cells)
{
    enum summary_section section = section_of(cells);

    if (section != look->section)
        p = append_heading(p, section);
    look->section = section;
    switch (section) {
    case SUMMARY_TOTAL:
        return append_total(p, look, cells);
    case SUMMARY_PEAK:
        return append_peak(p, look, cells);
    case SUMMARY_HOST:
        return append_host(p, cells);
    case SUMMARY_RECORDER_FILTER:
        return append_filter(p, "recorded", cells);
    case SUMMARY_FILTER:
        return append_filter(p, "shown", cells);
    case SUMMARY_ENDS:
        return append_end(p, look, cells);
    case SUMMARY_LOSSES:
        return append_loss(p, look, cells);
    default:
        return append_list_row(p, &lists[section], cells);
    }
}

const struct layout summary_page = {
    .tool = "tcplife-report's summary",
    .noun = "row",
    .room = ROOM,
    .header = page_header,
    .row = page_row,
};

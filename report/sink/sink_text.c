/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for a person: the peer's where the table has a layout, else columns as wide as the first
 * rows need, or for a vertical table a line a cell.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/sink/sink.h"
#include "report/text/cell.h"
#include "report/text/output.h"
#include "report/text/terminal.h"
#include "report/text/zone.h"

/* Rows that are measured before the first is printed. */
#define MEASURED_ROWS 500

/* A bar takes what the other columns leave of a line, within these; with less there is none. */
#define BAR_MIN 4
#define BAR_MAX 40

/* A cell as it will be printed. */
struct piece {
    size_t offset; /* in held */
    size_t size;
    size_t width; /* terminal columns */
    uint64_t bar; /* of one: it is made when its width is known */
};

struct text {
    struct sink sink;
    struct output output;
    struct look look;
    struct terminal terminal;
    const struct captures *captures;
    const struct table *table;
    size_t *widths;       /* of the columns */
    struct output held;   /* text of the rows that were measured and not yet printed */
    struct piece *pieces; /* their cells */
    size_t held_rows;
    bool printing; /* the heading was printed: widths are fixed */
    bool any_row;
};

static int text_open(struct sink **ret, const struct sink_setup *setup)
{
    struct text *text = calloc(1, sizeof *text);

    if (!text)
        return -ENOMEM;
    text->sink.type = &sink_text;
    text->look = setup->look;
    text->captures = setup->captures;
    terminal_ask(&text->terminal, STDOUT_FILENO);
    text->look.utf8 = text->terminal.utf8;
    output_init(&text->output, STDOUT_FILENO);
    output_init(&text->held, -1);
    *ret = &text->sink;
    return 0;
}

static bool shows_times(const struct text *text)
{
    for (size_t i = 0; i < text->table->count; i++)
        if (!text->table->layout && text->table->columns[i]->type == TLZ_TYPE_TIME)
            return true;
    return text->table->layout && text->look.time;
}

static int begin_columns(struct text *text)
{
    size_t count = text->table->count;

    text->widths = calloc(count + 1, sizeof *text->widths);
    text->pieces = calloc(count * MEASURED_ROWS + 1, sizeof *text->pieces);
    if (!text->widths || !text->pieces)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        char heading[HEADING_MAX];

        column_heading(text->table->columns[i], heading, sizeof heading);
        text->widths[i] = strlen(heading);
    }
    return 0;
}

static int text_begin(struct sink *sink, const struct table *table)
{
    struct text *text = (struct text *)sink;
    char *p;

    text->table = table;
    if (!table->layout)
        return begin_columns(text);
    p = output_reserve(&text->output, table->layout->room);
    if (p)
        output_advance(&text->output, table->layout->header(p, &text->look));
    return text->output.error;
}

static void write_spaces(struct output *output, size_t count)
{
    char *p = output_reserve(output, count);

    if (p) {
        memset(p, ' ', count);
        output_advance(output, p + count);
    }
}

/* One field of a line; the last has nothing behind it. */
static void write_field(struct text *text, size_t column, const char *bytes, size_t size,
                        size_t width)
{
    bool last = column + 1 == text->table->count;
    size_t room = text->widths[column] > width ? text->widths[column] - width : 0;
    bool numeric = column_is_numeric(text->table->columns[column]);

    if (column > 0 && (!last || numeric || size > 0))
        output_string(&text->output, " ");
    if (numeric)
        write_spaces(&text->output, room);
    output_bytes(&text->output, bytes, size);
    if (!numeric && !last)
        write_spaces(&text->output, room);
    if (last)
        output_string(&text->output, "\n");
}

static bool is_bar(const struct text *text, size_t column)
{
    return text->table->columns[column]->type == COLUMN_BAR;
}

/* Shares what the other columns leave of a line among the bars. */
static void fit_bars(struct text *text)
{
    size_t used = 0, bars = 0, each;

    for (size_t i = 0; i < text->table->count; i++) {
        used += 1 + (is_bar(text, i) ? 0 : text->widths[i]);
        bars += is_bar(text, i);
    }
    /* a line has no space behind it */
    each = bars > 0 && used - 1 < text->terminal.columns
               ? (text->terminal.columns - (used - 1)) / bars
               : 0;
    for (size_t i = 0; i < text->table->count; i++)
        if (is_bar(text, i))
            text->widths[i] = each < BAR_MIN ? 0 : each > BAR_MAX ? BAR_MAX : each;
}

static void write_bar(struct text *text, size_t column, uint64_t millionths)
{
    size_t room = text->widths[column], width = 0;
    char *p = output_reserve(&text->held, room * BAR_BYTES);
    char *end;

    if (!p)
        return;
    end = append_bar(p, millionths, room, text->terminal.utf8, &width);
    write_field(text, column, p, (size_t)(end - p), width);
}

static void write_heading(struct text *text)
{
    fit_bars(text);
    for (size_t i = 0; i < text->table->count; i++) {
        char heading[HEADING_MAX];

        column_heading(text->table->columns[i], heading, sizeof heading);
        if (is_bar(text, i))
            heading[0] = '\0';
        write_field(text, i, heading, strlen(heading), strlen(heading));
    }
}

/* Prints the heading, once, and the rows held. */
static void write_held(struct text *text)
{
    if (!text->printing)
        write_heading(text);
    text->printing = true;
    for (size_t i = 0; i < text->held_rows * text->table->count; i++) {
        const struct piece *piece = &text->pieces[i];

        if (is_bar(text, i % text->table->count))
            write_bar(text, i % text->table->count, piece->bar);
        else
            write_field(text, i % text->table->count, text->held.buffer + piece->offset,
                        piece->size, piece->width);
    }
    text->held_rows = 0;
    text->held.used = 0;
}

/* Makes a cell's text at the end of held. */
static struct piece make_piece(struct text *text, size_t column, const struct cell *cell)
{
    const struct column *c = text->table->columns[column];
    struct piece piece = {.offset = text->held.used};
    char *p;

    if (c->type == COLUMN_BAR) {
        piece.bar = cell->present ? cell->value.u : 0;
        return piece;
    }
    p = output_reserve(&text->held, cell_room(c, cell));
    if (!p) {
        text->output.error = -ENOMEM;
        return piece;
    }
    output_advance(&text->held, cell_append_text(p, c, cell, text->look.zone, &piece.width));
    piece.size = text->held.used - piece.offset;
    return piece;
}

static void hold_row(struct text *text, const struct row *row)
{
    size_t count = text->table->count;
    struct piece *pieces = text->pieces + text->held_rows * count;

    for (size_t i = 0; i < count; i++) {
        pieces[i] = make_piece(text, i, &row->cells[i]);
        if (!text->printing && pieces[i].width > text->widths[i])
            text->widths[i] = pieces[i].width;
    }
    if (++text->held_rows == MEASURED_ROWS)
        write_held(text);
}

static size_t widest_label(const struct table *table)
{
    char label[HEADING_MAX];
    size_t widest = 0;

    for (size_t i = 0; i < table->count; i++) {
        column_label(table->columns[i], label, sizeof label);
        widest = strlen(label) > widest ? strlen(label) : widest;
    }
    return widest;
}

/* "label   value", the values in one column; absent cells are left out. */
static void write_vertical(struct text *text, const struct row *row)
{
    size_t widest = widest_label(text->table);

    if (text->any_row)
        output_string(&text->output, "\n");
    for (size_t i = 0; i < text->table->count; i++) {
        char label[HEADING_MAX];
        struct piece piece;

        if (!row->cells[i].present)
            continue;
        column_label(text->table->columns[i], label, sizeof label);
        piece = make_piece(text, i, &row->cells[i]);
        output_string(&text->output, label);
        write_spaces(&text->output, widest - strlen(label) + 2);
        output_bytes(&text->output, text->held.buffer + piece.offset, piece.size);
        output_string(&text->output, "\n");
    }
    text->held.used = 0;
}

static void write_layout_row(struct text *text, const struct row *row)
{
    char *p = output_reserve(&text->output, text->table->layout->room);

    if (p)
        output_advance(&text->output, text->table->layout->row(p, &text->look, row->cells));
}

static int text_row(struct sink *sink, const struct row *row)
{
    struct text *text = (struct text *)sink;
    int r = shows_times(text) ? zone_choose(text->look.zone, text->captures) : 0;

    if (r < 0)
        return r;
    if (text->table->layout)
        write_layout_row(text, row);
    else if (text->table->vertical)
        write_vertical(text, row);
    else
        hold_row(text, row);
    text->any_row = true;
    return output_row_done(&text->output);
}

static int text_flush(struct sink *sink)
{
    struct text *text = (struct text *)sink;

    if (!text->table->layout && text->held_rows > 0)
        write_held(text);
    return output_flush(&text->output);
}

static int text_end(struct sink *sink)
{
    struct text *text = (struct text *)sink;

    if (!text->table->layout && !text->table->vertical)
        write_held(text);
    return output_flush(&text->output);
}

static void text_free(struct sink *sink)
{
    struct text *text = (struct text *)sink;

    output_release(&text->output);
    output_release(&text->held);
    free(text->widths);
    free(text->pieces);
    free(text);
}

const struct sink_type sink_text = {
    .columns = SINK_COLUMNS_LAYOUT,
    .is_for_person = true,
    .open = text_open,
    .begin = text_begin,
    .row = text_row,
    .flush = text_flush,
    .end = text_end,
    .free = text_free,
};

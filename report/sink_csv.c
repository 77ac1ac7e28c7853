/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSV: the peer's where the table has a layout, else names and raw values. Lines end in LF. In a
 * file or a pipe, names are the bytes that they are; a terminal gets them escaped as in text.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/cell.h"
#include "report/escape.h"
#include "report/output.h"
#include "report/sink.h"
#include "report/zone.h"

struct csv {
    struct sink sink;
    struct output output;
    struct output line; /* one that is to be escaped */
    bool is_terminal;
    struct look look;
    struct zone zone;
    const struct captures *captures;
    const struct table *table;
};

static int csv_open(struct sink **ret, const struct sink_setup *setup)
{
    struct csv *csv = calloc(1, sizeof *csv);

    if (!csv)
        return -ENOMEM;
    csv->sink.type = &sink_csv;
    csv->look = setup->look;
    csv->look.csv = true;
    csv->look.zone = &csv->zone;
    csv->captures = setup->captures;
    output_init(&csv->output, STDOUT_FILENO);
    output_init(&csv->line, -1);
    csv->is_terminal = isatty(STDOUT_FILENO);
    *ret = &csv->sink;
    return 0;
}

static int write_names(struct csv *csv)
{
    for (size_t i = 0; i < csv->table->count; i++) {
        if (i)
            output_string(&csv->output, ",");
        output_string(&csv->output, csv->table->columns[i]->name);
    }
    output_string(&csv->output, "\n");
    return csv->output.error;
}

static int csv_begin(struct sink *sink, const struct table *table)
{
    struct csv *csv = (struct csv *)sink;
    char *p;

    csv->table = table;
    if (!table->layout)
        return write_names(csv);
    p = output_reserve(&csv->output, table->layout->room);
    if (p)
        output_advance(&csv->output, table->layout->header(p, &csv->look));
    return csv->output.error;
}

static void write_layout_row(struct csv *csv, struct output *output, const struct row *row)
{
    char *p = output_reserve(output, csv->table->layout->room);

    if (p)
        output_advance(output, csv->table->layout->row(p, &csv->look, row->cells));
}

static void write_row(const struct csv *csv, struct output *output, const struct row *row)
{
    size_t room = 1;
    char *p;

    for (size_t i = 0; i < csv->table->count; i++)
        room += cell_room(csv->table->columns[i], &row->cells[i]) + 1;
    p = output_reserve(output, room);
    if (!p)
        return;
    for (size_t i = 0; i < csv->table->count; i++) {
        p = cell_append_csv(p, csv->table->columns[i], &row->cells[i]);
        *p++ = ',';
    }
    p[-1] = '\n';
    output_advance(output, p);
}

/* Moves a line to the output, safe for a terminal. */
static void write_escaped(struct csv *csv)
{
    char *p = output_reserve(&csv->output, csv->line.used * ESCAPE_FACTOR + 1);
    size_t width = 0;

    csv->output.error = csv->output.error ? csv->output.error : csv->line.error;
    if (!p || csv->line.used == 0)
        return;
    p = escape_text(p, csv->line.buffer, csv->line.used - 1, SIZE_MAX, &width);
    *p++ = '\n';
    output_advance(&csv->output, p);
    csv->line.used = 0;
}

static int csv_row(struct sink *sink, const struct row *row)
{
    struct csv *csv = (struct csv *)sink;
    struct output *output = csv->is_terminal ? &csv->line : &csv->output;
    int r = csv->look.time ? zone_choose(&csv->zone, csv->captures) : 0;

    if (r < 0)
        return r;
    if (csv->table->layout)
        write_layout_row(csv, output, row);
    else
        write_row(csv, output, row);
    if (csv->is_terminal)
        write_escaped(csv);
    return output_row_done(&csv->output);
}

static int csv_flush(struct sink *sink)
{
    return output_flush(&((struct csv *)sink)->output);
}

static void csv_free(struct sink *sink)
{
    struct csv *csv = (struct csv *)sink;

    output_release(&csv->output);
    output_release(&csv->line);
    free(csv);
}

const struct sink_type sink_csv = {
    .option = "--csv",
    .columns = SINK_COLUMNS_LAYOUT,
    .look_option = LOOK_CSV,
    .open = csv_open,
    .begin = csv_begin,
    .row = csv_row,
    .flush = csv_flush,
    .end = csv_flush,
    .free = csv_free,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSV: the peer's where the table has a layout, else names and raw values. Lines end in LF. In a
 * file or a pipe, names are the bytes that they are; a terminal gets them escaped as in text.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "format/block.h"
#include "report/sink/sink.h"
#include "report/text/cell.h"
#include "report/text/escape.h"
#include "report/text/output.h"
#include "report/text/zone.h"

struct csv {
    struct sink sink;
    struct output output;
    struct output line; /* one that is to be escaped */
    bool is_terminal;
    struct look look;
    const struct captures *captures;
    const struct table *table;
    const struct csv *whole; /* of a part: what it is of, whose table is meant; else NULL */
};

static int csv_open(struct sink **ret, const struct sink_setup *setup)
{
    struct csv *csv = calloc(1, sizeof *csv);

    if (!csv)
        return -ENOMEM;
    csv->sink.type = &sink_csv;
    csv->look = setup->look;
    csv->look.csv = true;
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

static const struct table *table_of(const struct csv *csv)
{
    return csv->whole ? csv->whole->table : csv->table;
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
    const struct layout *layout = table_of(csv)->layout;
    char *p = output_reserve(output, layout->room);

    if (p)
        output_advance(output, layout->row(p, &csv->look, row->cells));
}

static void write_row(const struct csv *csv, struct output *output, const struct row *row)
{
    const struct table *table = table_of(csv);
    size_t room = 1;
    char *p;

    for (size_t i = 0; i < table->count; i++)
        room += cell_room(table->columns[i], &row->cells[i]) + 1;
    p = output_reserve(output, room);
    if (!p)
        return;
    for (size_t i = 0; i < table->count; i++) {
        p = cell_append_csv(p, table->columns[i], &row->cells[i]);
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
    int r = csv->look.time ? zone_choose(csv->look.zone, csv->captures) : 0;

    if (r < 0)
        return r;
    if (table_of(csv)->layout)
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

/* What begins with a time, or is for a terminal, depends on what came before. */
static int csv_part(struct sink *sink, struct sink **ret)
{
    struct csv *csv = (struct csv *)sink, *part;

    if (csv->is_terminal || csv->look.time || csv->look.timestamp)
        return -ENOTSUP;
    part = calloc(1, sizeof *part);
    if (!part)
        return -ENOMEM;
    *part = (struct csv){.sink = csv->sink, .look = csv->look, .whole = csv};
    *ret = &part->sink;
    return output_init_part(&part->output, TLZ_ROWS_MAX);
}

static void csv_clear(struct sink *part)
{
    output_clear(&((struct csv *)part)->output);
}

static int csv_take(struct sink *sink, const struct sink *part, uint32_t first, uint32_t count,
                    uint32_t source)
{
    (void)source;
    return output_take(&((struct csv *)sink)->output, &((const struct csv *)part)->output, first,
                       count, 0);
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
    .part = csv_part,
    .clear = csv_clear,
    .take = csv_take,
};

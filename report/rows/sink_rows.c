/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows for a database: who recorded each session, and every field. ClickHouse takes RowBinary;
 * DuckDB CSV, whose names are as text shows them, since it takes no bytes that are no UTF-8.
 */
#include "report/rows/sink_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/block.h"
#include "format/wire.h"
#include "report/capture/recording.h"
#include "report/rows/row_table.h"
#include "report/text/append.h"
#include "report/text/cell.h"
#include "report/text/escape.h"
#include "report/text/output.h"
#include "util/message.h"

#define VALUE_MAX 96 /* of a field in either form: a name escaped, in quotes */

/* So many bytes of a recording's texts stand in each of its rows: no more than a host is called by,
 * lest a small capture makes long ones. */
#define IDENTITY_MAX 256

#define NAMES_MAX 16 /* of an enumeration; greater numbers are looked up */

/* The name of an enumeration's number with its size, which is copied whole. */
struct name_value {
    char bytes[24];
    size_t size; /* 0 = none here */
};

/* A column as its values are written. */
struct written {
    const struct column *column;
    enum row_form form;
    bool is_optional;
    struct name_value names[NAMES_MAX];
};

/* What stands before the fields of a recording's rows. */
struct identity {
    char *bytes; /* NULL = not made yet */
    size_t size;
};

struct row_sink {
    struct sink sink;
    struct output output;
    const struct captures *captures;
    struct written *written;
    size_t count;
    struct identity *identity; /* by numbers of recordings */
    size_t identity_count;
    const struct row_sink *whole; /* of a part: what it is of; else NULL */
};

static bool is_binary(const struct row_sink *rows)
{
    return rows->sink.type == &sink_rows_clickhouse;
}

static int open_rows(struct sink **ret, const struct sink_setup *setup,
                     const struct sink_type *type)
{
    struct row_sink *rows;

    if (type == &sink_rows_clickhouse && isatty(STDOUT_FILENO)) {
        message_error("--rows: they are no text, and standard output is a terminal; send them to a "
                      "file or a program");
        return -ECANCELED;
    }
    rows = calloc(1, sizeof *rows);
    if (!rows)
        return -ENOMEM;
    rows->sink.type = type;
    rows->captures = setup->captures;
    output_init(&rows->output, STDOUT_FILENO);
    *ret = &rows->sink;
    return 0;
}

static int clickhouse_open(struct sink **ret, const struct sink_setup *setup)
{
    return open_rows(ret, setup, &sink_rows_clickhouse);
}

static int duckdb_open(struct sink **ret, const struct sink_setup *setup)
{
    return open_rows(ret, setup, &sink_rows_duckdb);
}

/* 7 bits a byte, the least first. */
static char *append_varint(char *p, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        p = append_char(p, (char)(value | 0x80));
    return append_char(p, (char)value);
}

static char *append_string_value(char *p, const void *bytes, size_t size)
{
    return append_bytes(append_varint(p, size), bytes, size);
}

static void prepare(struct written *w, const struct column *column)
{
    *w = (struct written){column, row_form_of(column), !row_is_required(column), {{{0}, 0}}};
    for (size_t i = 0; column->type == TLZ_TYPE_ENUM && i < NAMES_MAX; i++) {
        const char *name = tlz_enum_name(column->enumeration, i);

        if (name && strlen(name) < sizeof w->names[i].bytes)
            w->names[i].size = (size_t)(append_string_value(w->names[i].bytes, name, strlen(name)) -
                                        w->names[i].bytes);
    }
}

static void write_header(struct row_sink *rows)
{
    for (int i = 0; i < ROW_IDENTITIES; i++) {
        output_string(&rows->output, i ? "," : "");
        output_string(&rows->output, row_identity_names[i]);
    }
    for (size_t i = 0; i < rows->count; i++) {
        output_string(&rows->output, ",");
        output_string(&rows->output, rows->written[i].column->name);
    }
    output_string(&rows->output, "\n");
}

static int rows_begin(struct sink *sink, const struct table *table)
{
    struct row_sink *rows = (struct row_sink *)sink;

    rows->written = calloc(table->count, sizeof *rows->written);
    if (!rows->written)
        return -ENOMEM;
    for (; rows->count < table->count; rows->count++)
        prepare(&rows->written[rows->count], table->columns[rows->count]);
    if (!is_binary(rows))
        write_header(rows);
    return rows->output.error;
}

/* A name as a person is shown it, in quotes. */
static char *append_csv_text(char *p, const char *bytes, size_t size)
{
    size_t width = 0;

    p = append_char(p, '"');
    for (size_t at = 0; at < size;) {
        const char *quote = memchr(bytes + at, '"', size - at);
        size_t part = quote ? (size_t)(quote - bytes) - at : size - at;

        p = escape_text(p, bytes + at, part, SIZE_MAX, &width);
        if (quote)
            p = append_bytes(p, "\"\"", 2);
        at += part + (quote ? 1 : 0);
    }
    return append_char(p, '"');
}

static char *append_integer(char *p, uint64_t u, size_t size)
{
    u = wire_little64(u);
    return append_bytes(p, &u, size);
}

/* Milliseconds as a double. */
static char *append_ms(char *p, uint64_t us)
{
    double ms = (double)us / 1000;
    uint64_t bits;

    memcpy(&bits, &ms, sizeof bits);
    return append_integer(p, bits, sizeof bits);
}

/* The name of an enumeration's number; of one without a name, the number. */
static char *append_enum(char *p, const struct written *w, const struct cell *cell)
{
    const struct name_value *name = &w->names[cell->value.u % NAMES_MAX];
    char text[VALUE_MAX];

    if (cell->value.u >= NAMES_MAX || name->size == 0)
        return append_string_value(p, text,
                                   (size_t)(cell_append_csv(text, w->column, cell) - text));
    memcpy(p, name->bytes, sizeof name->bytes);
    return p + name->size;
}

static char *append_binary(char *p, const struct written *w, const struct cell *cell)
{
    const char *name = (const char *)cell->value.bytes.b;

    if (w->is_optional)
        p = append_char(p, cell->present ? 0 : 1);
    if (!cell->present)
        return p;
    switch (w->form) {
    case ROW_U8:
        return append_integer(p, cell->value.u, 1);
    case ROW_U16:
        return append_integer(p, cell->value.u, 2);
    case ROW_U32:
        return append_integer(p, cell->value.u, 4);
    case ROW_U64:
    case ROW_TIME:
        return append_integer(p, cell->value.u, 8);
    case ROW_MS:
        return append_ms(p, cell->value.u);
    case ROW_ADDRESS:
        return append_bytes(p, name, sizeof cell->value.bytes.b);
    case ROW_NAME:
        break;
    }
    return w->column->type == TLZ_TYPE_NAME
               ? append_string_value(p, name, strnlen(name, sizeof cell->value.bytes.b))
               : append_enum(p, w, cell);
}

static char *append_csv(char *p, const struct written *w, const struct cell *cell)
{
    const char *name = (const char *)cell->value.bytes.b;

    p = append_char(p, ',');
    if (cell->present && w->column->type == TLZ_TYPE_NAME)
        return append_csv_text(p, name, strnlen(name, sizeof cell->value.bytes.b));
    return cell_append_csv(p, w->column, cell);
}

static int write_fields(struct row_sink *rows, const struct row *row)
{
    const struct row_sink *whole = rows->whole ? rows->whole : rows;
    char *p = output_reserve(&rows->output, whole->count * VALUE_MAX + 1);
    const bool binary = is_binary(rows);

    if (!p)
        return rows->output.error;
    for (size_t i = 0; i < whole->count; i++)
        p = binary ? append_binary(p, &whole->written[i], &row->cells[i])
                   : append_csv(p, &whole->written[i], &row->cells[i]);
    if (!binary)
        p = append_char(p, '\n');
    output_advance(&rows->output, p);
    return output_row_done(&rows->output);
}

/* The recording of that number, and its capture; NULL when there is none. */
static const struct recording *find_recording(const struct captures *captures, uint32_t number,
                                              const struct capture **ret_capture)
{
    for (size_t i = 0; i < captures->count; i++) {
        const struct capture *capture = &captures->capture[i];

        *ret_capture = capture;
        for (size_t j = 0; j < capture->recording_count; j++)
            if (capture->recordings[j]->number == number)
                return capture->recordings[j];
    }
    return NULL;
}

static const uint8_t *capture_id(const struct capture *capture, const struct recording *r)
{
    static const uint8_t none[16];
    const uint8_t *id = r->meta ? tlz_metadata_id(r->meta) : NULL;

    if (!id && capture->file)
        id = tlz_metadata_id(capture->file);
    return id ? id : none;
}

static int make_identity(const struct row_sink *rows, uint32_t number, struct identity *ret)
{
    static const enum tlz_meta_tag tags[] = {TLZ_META_HOST, TLZ_META_BOOT_ID};
    const struct capture *capture;
    const struct recording *r = find_recording(rows->captures, number, &capture);
    const char *text[2] = {"", ""};
    size_t size[2] = {0, 0};
    char *p;

    for (size_t i = 0; r && i < 2; i++)
        if (!(text[i] = recording_text(capture, r, tags[i], &size[i])))
            size[i] = 0;
        else if (size[i] > IDENTITY_MAX)
            size[i] = IDENTITY_MAX;
    ret->bytes = p = malloc((size[0] + size[1]) * ESCAPE_FACTOR + VALUE_MAX);
    if (!p)
        return -ENOMEM;
    for (size_t i = 0; i < 2; i++)
        p = is_binary(rows) ? append_string_value(p, text[i], size[i])
                            : append_char(append_csv_text(p, text[i], size[i]), ',');
    if (r)
        p = is_binary(rows) ? append_bytes(p, capture_id(capture, r), 16)
                            : append_hex(p, capture_id(capture, r), 16);
    ret->size = (size_t)(p - ret->bytes);
    return 0;
}

/* Who recorded rows of that recording. NULL when memory is out. */
static const struct identity *identity_of(struct row_sink *rows, uint32_t number)
{
    while (rows->identity_count <= number) {
        if (recording_grow(&rows->identity, rows->identity_count, sizeof *rows->identity) < 0)
            return NULL;
        rows->identity[rows->identity_count++] = (struct identity){NULL, 0};
    }
    if (!rows->identity[number].bytes && make_identity(rows, number, &rows->identity[number]) < 0)
        return NULL;
    return &rows->identity[number];
}

static int rows_row(struct sink *sink, const struct row *row)
{
    struct row_sink *rows = (struct row_sink *)sink;
    const struct identity *identity = rows->whole ? NULL : identity_of(rows, row->source);

    if (!rows->whole && !identity)
        return -ENOMEM;
    if (identity)
        output_bytes(&rows->output, identity->bytes, identity->size);
    return write_fields(rows, row);
}

static int rows_flush(struct sink *sink)
{
    return output_flush(&((struct row_sink *)sink)->output);
}

static int rows_part(struct sink *sink, struct sink **ret)
{
    struct row_sink *rows = (struct row_sink *)sink, *part = calloc(1, sizeof *part);

    if (!part)
        return -ENOMEM;
    part->sink.type = rows->sink.type;
    part->whole = rows;
    *ret = &part->sink;
    return output_init_part(&part->output, TLZ_ROWS_MAX);
}

static void rows_clear(struct sink *part)
{
    output_clear(&((struct row_sink *)part)->output);
}

/* Each row of a part gets what stands before it. */
static int rows_take(struct sink *sink, const struct sink *part, uint32_t first, uint32_t count,
                     uint32_t source)
{
    struct row_sink *rows = (struct row_sink *)sink;
    const struct output *from = &((const struct row_sink *)part)->output;
    const struct identity *identity = identity_of(rows, source);
    int r = identity ? 0 : -ENOMEM;

    for (uint32_t i = first; r == 0 && i < first + count; i++) {
        size_t begin = i > 0 ? from->ends[i - 1] : 0;

        output_bytes(&rows->output, identity->bytes, identity->size);
        output_bytes(&rows->output, from->buffer + begin, from->ends[i] - begin);
        r = output_row_done(&rows->output);
    }
    return r;
}

static void rows_free(struct sink *sink)
{
    struct row_sink *rows = (struct row_sink *)sink;

    for (size_t i = 0; i < rows->identity_count; i++)
        free(rows->identity[i].bytes);
    free(rows->identity);
    free(rows->written);
    output_release(&rows->output);
    free(rows);
}

#define ROWS_TYPE(open_)                                                                           \
    {                                                                                              \
        .option = "--rows", .columns = SINK_COLUMNS_ALL, .is_for_database = true, .open = (open_), \
        .begin = rows_begin, .row = rows_row, .flush = rows_flush, .end = rows_flush,              \
        .free = rows_free, .part = rows_part, .clear = rows_clear, .take = rows_take,              \
    }

const struct sink_type sink_rows_clickhouse = ROWS_TYPE(clickhouse_open);
const struct sink_type sink_rows_duckdb = ROWS_TYPE(duckdb_open);

const struct sink_type *sink_rows_by_name(const char *name)
{
    if (!strcmp(name, "clickhouse"))
        return &sink_rows_clickhouse;
    return !strcmp(name, "duckdb") ? &sink_rows_duckdb : NULL;
}

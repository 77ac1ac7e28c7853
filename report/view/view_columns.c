/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of a view, as rows: --list-columns, in every format. */
#include "report/view/view_columns.h"

enum { NAME, TYPE, UNIT, HELP, CELLS };

static const struct column columns[CELLS] = {
    [NAME] = {"name", NULL, "of the column", COLUMN_TEXT},
    [TYPE] = {"type", NULL, "in JSON", COLUMN_TEXT},
    [UNIT] = {"unit", NULL, "of its values", COLUMN_TEXT},
    [HELP] = {"help", NULL, "what it is", COLUMN_TEXT},
};

static const struct column *const pointers[CELLS] = {&columns[NAME], &columns[TYPE], &columns[UNIT],
                                                     &columns[HELP]};

static struct cell string_cell(const char *text)
{
    struct cell cell = cell_text(text, strlen(text));

    cell.present = cell.value.text.size > 0;
    return cell;
}

int list_columns(const struct column_set *set, struct sink *sink)
{
    static const struct table table = {.name = "columns", .columns = pointers, .count = CELLS};
    int r = sink_begin(sink, &table);

    for (size_t i = 0; r == 0 && i < set->listed; i++) {
        const struct column *c = set->column[i];
        struct cell cells[CELLS] = {
            [NAME] = string_cell(c->name),
            [TYPE] = string_cell(column_json_type(c)),
            [UNIT] = string_cell(column_unit(c)),
            [HELP] = string_cell(c->help),
        };

        r = sink_row(sink, &(struct row){.cells = cells});
    }
    return r < 0 ? r : sink_end(sink);
}

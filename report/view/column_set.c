/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/column_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/capture/recording.h"
#include "report/text/nearest.h"
#include "report/view/columns.h"

int column_set_add(struct column_set *set, const struct column *column)
{
    if (recording_grow(&set->column, set->count, sizeof(const struct column *)) < 0)
        return -ENOMEM;
    set->column[set->count++] = column;
    return 0;
}

int column_set_add_all(struct column_set *set, const struct column *columns, size_t count)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++)
        r = column_set_add(set, &columns[i]);
    set->listed = set->shown = set->count;
    return r;
}

void column_set_close(struct column_set *set)
{
    free(set->column);
    *set = (struct column_set){0};
}

static bool is_typed(const char *text, const char *typed, size_t typed_size)
{
    return strlen(text) == typed_size && !strncasecmp(text, typed, typed_size);
}

/* The one that is listed and has that heading; the count, where there is none, or several. */
static size_t find_headed(const struct column_set *set, const char *typed, size_t typed_size)
{
    size_t found = set->count;

    for (size_t i = 0; i < set->listed; i++) {
        char heading[HEADING_MAX];

        column_heading(set->column[i], heading, sizeof heading);
        if (!is_typed(heading, typed, typed_size))
            continue;
        if (found < set->count)
            return set->count;
        found = i;
    }
    return found;
}

size_t column_set_find(const struct column_set *set, const char *name, size_t name_size)
{
    size_t i = 0;

    while (i < set->count && !is_typed(set->column[i]->name, name, name_size))
        i++;
    return i < set->count ? i : find_headed(set, name, name_size);
}

const char *column_set_nearest(const struct column_set *set, const char *name, size_t name_size)
{
    struct nearest near;

    nearest_begin(&near, name, name_size);
    for (size_t i = 0; i < set->listed; i++)
        nearest_try(&near, set->column[i]->name);
    return near.name;
}

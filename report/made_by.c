/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/made_by.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static bool is_selection(const struct report_options *o)
{
    return filter_is_active(&o->filter) || time_range_is_active(&o->times) || o->top > 0 ||
           (o->has_view && !o->other_view);
}

/* Names of files may tell who somebody is: an anonymized capture has none. */
static void add_names(struct joined_text *ret, const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        const char *slash = strrchr(inputs->input[i].name, '/');

        joined_text_add(ret, i ? ", " : "");
        joined_text_add(ret, slash ? slash + 1 : inputs->input[i].name);
    }
}

/* " (a selection: --states --top 3)" */
static void add_selection(struct joined_text *ret, const struct report_options *o)
{
    joined_text_add(ret, " (a selection:");
    if (o->has_view && !o->other_view)
        joined_text_format(ret, " %s", o->view->option);
    if (o->selection.size > 0)
        joined_text_format(ret, " %s", o->selection.bytes);
    if (o->top > 0 && o->sort)
        joined_text_format(ret, " --sort %s", o->sort);
    if (o->top > 0)
        joined_text_format(ret, " --top %" PRIu64, o->top);
    joined_text_add(ret, ")");
}

int describe_making(struct joined_text *ret, const struct report_options *o,
                    const struct inputs *inputs)
{
    /* JSON lines are a capture in another form: nothing was done to it. */
    if (!o->write || o->input != &source_tlz)
        return 0;
    joined_text_add(ret, "tcplife-report " PROGRAM_VERSION " from ");
    if (o->anonymize)
        joined_text_format(ret, "%zu capture%s", inputs->count, inputs->count == 1 ? "" : "s");
    else
        add_names(ret, inputs);
    if (is_selection(o) && o->anonymize)
        joined_text_add(ret, " (a selection, anonymized)");
    else if (is_selection(o))
        add_selection(ret, o);
    else if (o->anonymize)
        joined_text_add(ret, " (anonymized)");
    return joined_text_whole(ret) ? 0 : -ENOMEM;
}

const char *describe_selection(const struct report_options *o)
{
    if (o->selection.size == 0)
        return NULL;
    return o->anonymize ? "not told, since it may name what is anonymized" : o->selection.bytes;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/made_by.h"

#include <errno.h>
#include <string.h>

int describe_making(struct joined_text *ret, const struct report_options *o,
                    const struct inputs *inputs)
{
    /* JSON lines are a capture in another form: nothing was done to it. */
    if (!o->write || o->input != &source_tlz)
        return 0;
    joined_text_add(ret, "tcplife-report " PROGRAM_VERSION " from ");
    for (size_t i = 0; i < inputs->count; i++) {
        const char *slash = strrchr(inputs->input[i].name, '/');

        joined_text_add(ret, i ? ", " : "");
        joined_text_add(ret, slash ? slash + 1 : inputs->input[i].name);
    }
    if (filter_is_active(&o->filter) || time_range_is_active(&o->times) || o->top > 0 ||
        (o->has_view && !o->other_view))
        joined_text_add(ret, " (a selection)");
    return joined_text_whole(ret) ? 0 : -ENOMEM;
}

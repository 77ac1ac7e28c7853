/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/filter_options.h"

#include <errno.h>
#include <string.h>

#include "util/message.h"

/* It is compiled when all options are known: it depends on the view which fields there are. */
int apply_filter(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    if (filter_expressions_add(&o->filter.expressions, argument) < 0) {
        message_error("--filter: %s", strerror(ENOMEM));
        return EXIT_FAILED;
    }
    o->filter_option = "--filter";
    return -1;
}

static int apply_time(struct report_options *o, const char *option, const char *text,
                      struct typed_time *ret)
{
    int r = parse_time(text, ret);

    if (r == -ERANGE)
        return message_usage("%s: there is no time '%s' between 1970 and 9999", option, text);
    if (r == -EDOM)
        return message_usage("%s: '%s' is finer than a microsecond", option, text);
    if (r < 0)
        return message_usage("%s wants a time such as 2026-05-01T12:30:00Z, 2026-05-01, "
                             "'2026-05-01 12:30', 12:30, '10 minutes ago' or -10m, not '%s'",
                             option, text);
    o->filter_option = option;
    return -1;
}

int apply_since(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    o->times.has_since = true;
    return apply_time(o, "--since", argument, &o->times.since);
}

int apply_until(struct report_options *o, const char *argument, const void *data)
{
    (void)data;
    o->times.has_until = true;
    return apply_time(o, "--until", argument, &o->times.until);
}

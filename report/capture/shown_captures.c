/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/capture/shown_captures.h"

#include "util/message.h"

int shown_captures_open(struct shown_captures *ret, struct captures *captures,
                        const struct report_options *options)
{
    int r;

    ret->captures = captures;
    if (!options->anonymize)
        return EXIT_OK;
    r = captures_open(&ret->anonymous, captures->room);
    ret->anonymous.count = r < 0 ? 0 : captures->count;
    if (r < 0) {
        message_error("%s", tlz_strerror(r));
        return EXIT_FAILED;
    }
    ret->captures = &ret->anonymous;
    return anonymizer_open(&ret->anonymizer, options->key_file, report_options_output(options));
}

void shown_captures_close(struct shown_captures *shown)
{
    captures_close(&shown->anonymous);
    anonymizer_free(shown->anonymizer);
    *shown = (struct shown_captures){0};
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/verdict.h"

#include <inttypes.h>

#include "report/filter/filter_words.h"
#include "util/message.h"

/* Changes of state were asked for, and are not only written with the rest. */
static bool wants_states(const struct report_options *o)
{
    return o->view == &view_states || (o->has_view && o->other_view == &view_states);
}

/* They were recorded, and there were none. */
static bool had_no_states(const struct capture *capture)
{
    uint64_t number;

    return capture->end && tlz_metadata_number(capture->end, TLZ_META_STATES, &number);
}

/* Nothing to show may mean that nothing was recorded of it. */
static void say_without_states(const struct captures *captures)
{
    for (size_t i = 0; i < captures->count; i++) {
        const struct capture *capture = &captures->capture[i];

        if (!capture->failed && !capture_is_empty_of_good(capture) &&
            capture_rows(capture, TLZ_STATES) == 0 && capture_lost(capture, TLZ_STATES) == 0 &&
            !had_no_states(capture))
            message_notice("%s: it has no changes of state; to record them there is "
                           "tcplife-record --states",
                           capture->name);
    }
}

/* What a capture that was written lacks of its inputs though no filter says so. */
static void say_left_out(const struct verdict *v)
{
    static const char *const nouns[TLZ_KINDS][2] = {{"session", "sessions"},
                                                    {"change of state", "changes of state"}};
    const struct report_options *o = v->options;

    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        uint64_t rows = captures_rows(v->captures, kind);

        if (v->kinds & KIND_BIT(kind) || rows == 0)
            continue;
        message_notice("%s: %" PRIu64 " %s left out: %s", o->write, rows, nouns[kind][rows != 1],
                       o->has_view ? "another view was asked for"
                                   : "--top is of sessions; --states writes the others");
    }
}

/* Lines that shall hold a whole capture hold rows of one kind, unless both are asked for. */
static void say_not_in_lines(const struct verdict *v)
{
    uint64_t states = captures_rows(v->captures, TLZ_STATES);

    if (!v->options->has_view && states > 0)
        message_notice("%" PRIu64 " change%s of state %s not among the lines; --sessions --states "
                       "together have all rows",
                       states, states == 1 ? "" : "s", states == 1 ? "is" : "are");
}

/* EXIT_FAILED when nothing in some input could be read, which is said. */
static int check_emptiness(const struct verdict *v)
{
    int status = EXIT_OK;

    for (size_t i = 0; i < v->captures->count; i++) {
        const struct capture *capture = &v->captures->capture[i];

        /* All that is whole in it was read, and is nothing: it is damaged, as one cut later is. But
         * nothing is written of it. */
        if (capture_is_only_begun(capture) && !report_options_output(v->options))
            continue;
        if (capture_is_empty_of_good(capture)) {
            message_error("%s: nothing in it can be read", capture->name);
            status = EXIT_FAILED;
        }
    }
    return status;
}

int verdict_say(const struct verdict *v)
{
    const struct report_options *o = v->options;

    captures_say(v->captures, v->kinds);
    if (!v->failed)
        filter_warn_of_words(&o->filter, v->captures);
    if (wants_states(o))
        say_without_states(v->captures);
    if (o->write)
        say_left_out(v);
    if (o->with_meta)
        say_not_in_lines(v);
    if (check_emptiness(v) != EXIT_OK || v->failed)
        return EXIT_FAILED;
    if (captures_are_damaged(v->captures))
        return EXIT_DAMAGED;
    return o->fail_on_loss && captures_have_losses(v->captures, v->kinds) ? EXIT_DAMAGED : EXIT_OK;
}

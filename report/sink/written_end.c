/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/written_end.h"

#include <errno.h>
#include <inttypes.h>

#include "report/capture/recording.h"
#include "util/cleanup.h"
#include "util/joined_text.h"

#define REASON_KEPT 3072 /* bytes of an input's reason, so that there is room behind it */

/* What is wrong with the inputs, which the new capture does not show since it is whole itself. */
struct flaws {
    bool no_end;
    uint64_t damaged, missing;
};

static struct flaws find_flaws(const struct captures *captures)
{
    struct flaws flaws = {0};

    for (size_t i = 0; i < captures->count; i++) {
        const struct capture *capture = &captures->capture[i];

        flaws.no_end = flaws.no_end || !capture->end;
        flaws.damaged += capture->damage_count;
        flaws.missing = add_saturated(flaws.missing, capture->missing_blocks);
    }
    return flaws;
}

/* ", 2 damaged places"; nothing for 0. */
static void add_count(struct joined_text *text, const char *between, uint64_t count,
                      const char *what)
{
    if (count > 0)
        joined_text_format(text, "%s%" PRIu64 " %s%s", between, count, what, count == 1 ? "" : "s");
}

/* Puts the flaws, if there are any, behind the reason for the end. 0 or -ENOMEM. */
static int describe_flaws(const struct flaws *flaws, struct tlz_metadata *end)
{
    const char *reason = tlz_metadata_text(end, TLZ_META_REASON, NULL);
    _cleanup_(joined_text_free) struct joined_text text = {0};

    if (!flaws->no_end && flaws->damaged == 0)
        return 0;
    if (reason)
        joined_text_format(&text, "%.*s; ", REASON_KEPT, reason);
    joined_text_add(&text, "what it was made from has ");
    joined_text_add(&text, flaws->no_end ? "no end" : "");
    add_count(&text, flaws->no_end ? ", " : "", flaws->damaged, "damaged place");
    add_count(&text, ", ", flaws->missing, "missing block");
    return metadata_set_joined(end, TLZ_META_REASON, &text);
}

int written_end_describe(const struct captures *captures, struct tlz_metadata *end)
{
    struct flaws flaws = find_flaws(captures);
    uint64_t last_us = 0;
    bool any = false;
    int r = 0;

    for (size_t i = 0; r == 0 && i < captures->count; i++) {
        const struct tlz_metadata *other = captures->capture[i].end;
        uint64_t ended_us = 0;

        if (!other)
            continue;
        tlz_metadata_number(other, TLZ_META_ENDED_US, &ended_us);
        if (any && ended_us <= last_us)
            continue;
        any = true;
        last_us = ended_us;
        r = metadata_merge_end(end, other);
    }
    return r < 0 ? r : describe_flaws(&flaws, end);
}

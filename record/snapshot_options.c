/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/snapshot_options.h"

#include <string.h>

#include "record/history.h"
#include "util/message.h"
#include "util/parse.h"

#define DEFAULT_BYTES (UINT64_C(64) << 20)
#define BYTES_MAX     (UINT64_C(64) << 30)
#define SPAN_US_MIN   UINT64_C(1000000)
#define SPAN_US_MAX   (UINT64_C(100) * 365 * 86400 * 1000000)

/* A bare number could be either. */
int snapshot_take(const char *text, struct snapshot_options *o)
{
    bool has_unit = text[0] && !strchr("0123456789", text[strlen(text) - 1]);
    uint64_t number;

    if (has_unit && parse_size(text, &number) == 0 && number >= HISTORY_BYTES_MIN &&
        number <= BYTES_MAX)
        o->bytes = number;
    else if (has_unit && parse_duration(text, &number) == 0 && number >= SPAN_US_MIN &&
             number <= SPAN_US_MAX)
        o->span_us = number;
    else
        return message_usage("--snapshot wants a size from 4M to 64G, such as 64M, or a time of at "
                             "least 1s, such as 10m, not '%s'",
                             text);
    o->is_wanted = true;
    return -1;
}

int snapshot_options_finish(struct snapshot_options *o, const struct ring_options *ring,
                            const char *output, bool force)
{
    if (o->at_exit && !o->is_wanted)
        return message_usage("--snapshot-at-exit needs --snapshot");
    if (!o->is_wanted)
        return -1;
    if (ring_is_wanted(ring))
        return message_usage("--snapshot keeps in memory what --rotate-size and --rotate-time "
                             "would write: choose one");
    if (!strcmp(output, "-"))
        return message_usage("-o - cannot take snapshots: give -o a directory");
    if (force)
        return message_usage("--force replaces nothing: each snapshot has a name of its own");
    if (!o->bytes)
        o->bytes = DEFAULT_BYTES;
    return -1;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/style/peer_rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/message.h"

struct peer_rows {
    struct sink sink;
    struct sink *next;
    const struct layout *layout;
    uint64_t omitted[OMISSIONS];
};

static int peer_rows_begin(struct sink *sink, const struct table *table)
{
    return sink_begin(((struct peer_rows *)sink)->next, table);
}

static int peer_rows_row(struct sink *sink, const struct row *row)
{
    struct peer_rows *p = (struct peer_rows *)sink;
    enum omission omission = p->layout->omission(row->cells);

    if (omission == OMISSION_NONE)
        return sink_row(p->next, row);
    p->omitted[omission]++;
    return 0;
}

static int peer_rows_learn(struct sink *sink, const struct fact *fact)
{
    return sink_learn(((struct peer_rows *)sink)->next, fact);
}

static int peer_rows_flush(struct sink *sink)
{
    return sink_flush(((struct peer_rows *)sink)->next);
}

static int peer_rows_end(struct sink *sink)
{
    return sink_end(((struct peer_rows *)sink)->next);
}

static void peer_rows_free(struct sink *sink)
{
    free(sink);
}

static const struct sink_type peer_rows_type = {
    .begin = peer_rows_begin,
    .row = peer_rows_row,
    .learn = peer_rows_learn,
    .flush = peer_rows_flush,
    .end = peer_rows_end,
    .free = peer_rows_free,
};

int peer_rows_open(struct sink **ret, struct sink *next, const struct layout *layout)
{
    struct peer_rows *p = calloc(1, sizeof *p);

    if (!p)
        return -ENOMEM;
    p->sink.type = &peer_rows_type;
    p->next = next;
    p->layout = layout;
    *ret = &p->sink;
    return 0;
}

void peer_rows_say(const struct sink *sink)
{
    static const char *const why[OMISSIONS] = {
        [OMISSION_STILL_OPEN] = "still open",
        [OMISSION_NO_BIRTH] = "not seen to begin",
    };
    const struct peer_rows *p = (const struct peer_rows *)sink;
    char causes[128] = "";
    uint64_t sum = 0;
    size_t used = 0;

    for (int i = OMISSION_NONE + 1; i < OMISSIONS; i++) {
        if (p->omitted[i] > 0)
            used += (size_t)snprintf(causes + used, sizeof causes - used, "%s%" PRIu64 " %s",
                                     used ? ", " : "", p->omitted[i], why[i]);
        sum += p->omitted[i];
    }
    if (sum > 0)
        message_notice("%" PRIu64 " %s%s that %s would not show %s left out: %s", sum,
                       p->layout->noun, sum == 1 ? "" : "s", p->layout->tool,
                       sum == 1 ? "was" : "were", causes);
}

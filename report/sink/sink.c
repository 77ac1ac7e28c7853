/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/sink.h"

#include <errno.h>

int sink_begin(struct sink *sink, const struct table *table)
{
    return sink->type->begin(sink, table);
}

int sink_row(struct sink *sink, const struct row *row)
{
    return sink->type->row(sink, row);
}

int sink_learn(struct sink *sink, const struct fact *fact)
{
    return sink->type->learn ? sink->type->learn(sink, fact) : 0;
}

int sink_flush(struct sink *sink)
{
    return sink->type->flush(sink);
}

int sink_end(struct sink *sink)
{
    return sink->type->end(sink);
}

int sink_part(struct sink *sink, struct sink **ret)
{
    return sink->type->part ? sink->type->part(sink, ret) : -ENOTSUP;
}

void sink_clear(struct sink *part)
{
    part->type->clear(part);
}

int sink_take(struct sink *sink, const struct sink *part, uint32_t first, uint32_t count,
              uint32_t source)
{
    return sink->type->take(sink, part, first, count, source);
}

struct sink *sink_free(struct sink *sink)
{
    if (sink)
        sink->type->free(sink);
    return NULL;
}

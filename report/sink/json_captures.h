/* SPDX-License-Identifier: BSD-2-Clause */
/* What a document says besides its rows: recordings and losses. */
#ifndef REPORT_SINK_JSON_CAPTURES_H
#define REPORT_SINK_JSON_CAPTURES_H

#include "report/capture/recording.h"
#include "report/sink/json_object.h"

/* How many of each are written at most; the first ones are. */
struct json_limits {
    size_t names, damage, unknown;
};

extern const struct json_limits json_captures_all; /* that are kept */

/* Writes the recording as an object. */
void json_captures_recording(struct output *output, const struct capture *capture,
                             const struct recording *recording, const struct json_limits *limits);

/* Writes its losses as objects, each behind *between, which becomes a comma. */
void json_captures_losses(struct output *output, const struct recording *r, const char **between);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of the inputs, as members of JSON objects: the same in a document and on lines. */
#ifndef REPORT_SINK_JSON_FACTS_H
#define REPORT_SINK_JSON_FACTS_H

#include "report/capture/captures.h"
#include "report/sink/json_object.h"

/* The first `columns` of recording_columns. */
void json_recording(struct json_object *object, const struct capture *capture,
                    const struct recording *recording, size_t columns);

void json_loss(struct json_object *object, const struct recording *recording,
               const struct tlz_loss *loss);
void json_name(struct json_object *object, enum tlz_name_kind kind, uint64_t id, const char *text,
               size_t size);
void json_damage(struct json_object *object, uint64_t offset, const struct tlz_damage *damage);
void json_unknown(struct json_object *object, const struct tlz_unknown *unknown);

/* How the input ended: "clean_end", and what its end block says. */
void json_end(struct json_object *object, const struct capture *capture);

/* The name of a kind of name, or NULL for one that this version does not know. */
const char *name_kind_name(enum tlz_name_kind kind);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/json_facts.h"

#include <string.h>

#include "report/capture/recording.h"

void json_recording(struct json_object *object, const struct capture *capture,
                    const struct recording *recording, size_t columns)
{
    const struct column *pointers[RECORDING_COLUMNS_MAX];
    struct cell cells[RECORDING_COLUMNS_MAX];

    for (size_t i = 0; i < columns; i++)
        pointers[i] = &recording_columns[i];
    recording_cells(capture, recording, cells);
    json_cells(object, pointers, columns, cells);
}

static void json_string(struct json_object *object, const char *name, const char *text)
{
    json_text(object, name, text, strlen(text));
}

void json_loss(struct json_object *object, const struct recording *recording,
               const struct tlz_loss *loss)
{
    const char *cause = tlz_loss_cause_name(loss->cause);

    json_number(object, "source", recording->number);
    json_string(object, "of", tlz_kinds[loss->kind].name);
    if (cause)
        json_string(object, "cause", cause);
    else
        json_number(object, "cause", (uint64_t)loss->cause);
    json_number(object, "count", loss->count);
    json_number(object, "from_us", loss->from_us);
    json_number(object, "to_us", loss->to_us);
}

const char *name_kind_name(enum tlz_name_kind kind)
{
    switch (kind) {
    case TLZ_NAME_CGROUP:
        return "cgroup";
    case TLZ_NAME_NETNS:
        return "netns";
    case TLZ_NAME_UID:
        return "uid";
    }
    return NULL;
}

void json_name(struct json_object *object, enum tlz_name_kind kind, uint64_t id, const char *text,
               size_t size)
{
    const char *name = name_kind_name(kind);

    if (name)
        json_string(object, "kind", name);
    else
        json_number(object, "kind", (uint64_t)kind);
    json_number(object, "id", id);
    json_text(object, "name", text, size);
}

void json_damage(struct json_object *object, uint64_t offset, const struct tlz_damage *damage)
{
    json_number(object, "offset", offset);
    json_number(object, "bytes", damage->size);
    json_number(object, "missing_blocks", damage->blocks);
    json_string(object, "error", tlz_strerror(damage->error));
}

void json_unknown(struct json_object *object, const struct tlz_unknown *unknown)
{
    json_string(object, "kind", unknown->column ? "column" : "block");
    json_number(object, "number", unknown->number);
}

void json_end(struct json_object *object, const struct capture *capture)
{
    uint64_t ended_us;
    const char *reason;
    size_t size;

    json_string(object, "file", capture->name);
    json_bool(object, "clean_end", capture->end != NULL);
    if (!capture->end)
        return;
    if (tlz_metadata_number(capture->end, TLZ_META_ENDED_US, &ended_us))
        json_number(object, "ended_us", ended_us);
    reason = tlz_metadata_text(capture->end, TLZ_META_REASON, &size);
    if (reason)
        json_text(object, "reason", reason, size);
}

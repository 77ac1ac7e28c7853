/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/json_captures.h"

#include <stdint.h>

#include "report/sink/json_facts.h"

const struct json_limits json_captures_all = {SIZE_MAX, SIZE_MAX, SIZE_MAX};

static size_t at_most(size_t count, size_t most)
{
    return count < most ? count : most;
}

/* The list of a recording's names, as the value of a member. */
static void write_names(struct output *output, const struct recording *r, size_t most)
{
    struct json_object object;

    output_string(output, "[");
    for (size_t i = 0; i < at_most(r->name_count, most); i++) {
        output_string(output, i ? "," : "");
        json_open(&object, output);
        json_name(&object, r->names[i].kind, r->names[i].id, r->names[i].text, r->names[i].size);
        json_close(&object);
    }
    output_string(output, "]");
}

static void write_damage(struct output *output, const struct kept_damage *damage, size_t count)
{
    struct json_object object;

    output_string(output, "[");
    for (size_t i = 0; i < count; i++) {
        output_string(output, i ? "," : "");
        json_open(&object, output);
        json_damage(&object, damage[i].offset, &damage[i].damage);
        json_close(&object);
    }
    output_string(output, "]");
}

static void write_unknown(struct output *output, const struct tlz_unknown *unknown, size_t count)
{
    struct json_object object;

    output_string(output, "[");
    for (size_t i = 0; i < count; i++) {
        output_string(output, i ? "," : "");
        json_open(&object, output);
        json_unknown(&object, &unknown[i]);
        json_close(&object);
    }
    output_string(output, "]");
}

/* What was found in the file stands in its first recording: one that has thousands would say it as
 * often. */
void json_captures_recording(struct output *output, const struct capture *capture,
                             const struct recording *recording, const struct json_limits *limits)
{
    bool is_first = recording == capture->recordings[0];
    struct json_object object;

    json_open(&object, output);
    json_recording(&object, capture, recording, recording_column_count);
    json_key(&object, "names");
    write_names(output, recording, limits->names);
    json_key(&object, "damage");
    write_damage(output, capture->damage,
                 is_first ? at_most(capture->damage_kept, limits->damage) : 0);
    json_key(&object, "unknown");
    write_unknown(output, capture->unknown,
                  is_first ? at_most(capture->unknown_kept, limits->unknown) : 0);
    json_close(&object);
}

void json_captures_losses(struct output *output, const struct recording *r, const char **between)
{
    struct json_object object;

    for (size_t i = 0; i < r->loss_count; i++) {
        output_string(output, *between);
        json_open(&object, output);
        json_loss(&object, r, &r->losses[i]);
        json_close(&object);
        *between = ",\n";
    }
}

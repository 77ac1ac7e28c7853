/* SPDX-License-Identifier: BSD-2-Clause */
/* One row per recording: everything that the captures say of themselves, and what was found in
 * them.
 */
#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"
#include "report/view/view.h"

struct info {
    const struct view_plan *plan;
};

static void add_fields(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS])
{
    (void)plan;
    (void)fields;
}

static void add_all_fields(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS])
{
    (void)plan;
    for (int kind = 0; kind < TLZ_KINDS; kind++)
        fields[kind] = tlz_kinds[kind].fields;
}

static int info_open(void **ret_state, const struct view_plan *plan)
{
    struct info *info = calloc(1, sizeof *info);

    if (!info)
        return -ENOMEM;
    info->plan = plan;
    *ret_state = info;
    return 0;
}

static int info_rows(void *state, const struct rows *rows)
{
    (void)state;
    (void)rows;
    return 0;
}

static int write_recording(const struct view_plan *plan, const struct capture *capture,
                           const struct recording *recording)
{
    struct cell all[RECORDING_COLUMNS_MAX];
    struct cell *chosen = calloc(plan->cells, sizeof *chosen);
    int r;

    if (!chosen)
        return -ENOMEM;
    recording_cells(capture, recording, all);
    for (size_t i = 0; i < plan->cells; i++)
        chosen[i] = all[plan->choice[i]];
    r = sink_row(plan->sink, &(struct row){.cells = chosen});
    free(chosen);
    return r;
}

static int info_finish(void *state)
{
    const struct view_plan *plan = ((struct info *)state)->plan;
    int r = 0;

    for (size_t i = 0; i < plan->report.captures->count; i++) {
        const struct capture *capture = &plan->report.captures->capture[i];

        for (size_t j = 0; r == 0 && j < capture->recording_count; j++)
            r = write_recording(plan, capture, capture->recordings[j]);
    }
    return r;
}

const struct view_type view_info = {
    .name = "info",
    .option = "--info",
    .columns = recording_columns,
    .column_count = &recording_column_count,
    .kinds = KIND_BIT_ALL,
    .is_whole = true,
    .is_unread = true,
    .is_vertical = true,
    .add_fields = add_fields,
    .open = info_open,
    .rows = info_rows,
    .finish = info_finish,
    .free = free,
};

/* The same, with every byte and every value checked. */
const struct view_type view_verify = {
    .name = "verify",
    .option = "--verify",
    .columns = recording_columns,
    .column_count = &recording_column_count,
    .kinds = KIND_BIT_ALL,
    .is_whole = true,
    .is_check = true,
    .is_vertical = true,
    .add_fields = add_all_fields,
    .open = info_open,
    .rows = info_rows,
    .finish = info_finish,
    .free = free,
};

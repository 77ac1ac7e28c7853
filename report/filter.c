/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter.h"

void filter_close(struct filter *filter)
{
    number_list_free(&filter->pids);
    number_list_free(&filter->lports);
    number_list_free(&filter->rports);
}

bool filter_is_active(const struct filter *filter)
{
    return filter->pids.count > 0 || filter->lports.count > 0 || filter->rports.count > 0 ||
           filter->family != 0;
}

void filter_add_fields(const struct filter *filter, struct tlz_fieldset *fields)
{
    if (filter->pids.count > 0)
        tlz_fieldset_add(fields, TLZ_PID);
    if (filter->lports.count > 0)
        tlz_fieldset_add(fields, TLZ_LPORT);
    if (filter->rports.count > 0)
        tlz_fieldset_add(fields, TLZ_RPORT);
    if (filter->family != 0)
        tlz_fieldset_add(fields, TLZ_FAMILY);
}

/* Keeps of rows[0..count) those whose field is in the list; returns how many. */
static uint32_t keep_listed(const struct tlz_batch *batch, enum tlz_field field,
                            const struct number_list *list, uint32_t *rows, uint32_t count)
{
    const uint64_t *values = batch->column[field].u;
    uint32_t kept = 0;

    if (list->count == 0)
        return count;
    for (uint32_t i = 0; i < count; i++)
        if (tlz_batch_has(batch, field, rows[i]) && number_list_has(list, values[rows[i]]))
            rows[kept++] = rows[i];
    return kept;
}

uint32_t filter_apply(const struct filter *filter, const struct tlz_batch *batch, uint32_t *rows)
{
    uint64_t family_value = filter->family;
    struct number_list family = {.values = &family_value, .count = filter->family != 0};
    uint32_t count = batch->rows;

    for (uint32_t i = 0; i < count; i++)
        rows[i] = i;
    count = keep_listed(batch, TLZ_FAMILY, &family, rows, count);
    count = keep_listed(batch, TLZ_LPORT, &filter->lports, rows, count);
    count = keep_listed(batch, TLZ_RPORT, &filter->rports, rows, count);
    return keep_listed(batch, TLZ_PID, &filter->pids, rows, count);
}

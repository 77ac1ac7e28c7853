/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/time_plan.h"

#include <errno.h>
#include <stdlib.h>

#include "report/capture/recording.h"

/* What is found. */
struct finding {
    struct time_plan plan;
    uint32_t source; /* of the blocks before; 0 = none yet */
    uint32_t described;
    uint64_t last_us[TLZ_KINDS]; /* greatest time before */
    bool is_needed;
};

/* 1 to go on, 0 when it is known that none is needed, or -ENOMEM. */
static int add_blocks(struct finding *f, const struct tlz_item *item)
{
    const struct tlz_skipped *s = &item->skipped;

    if (!s->unread && f->described < 2)
        return 0;
    if (recording_grow(&f->plan.blocks, f->plan.count, sizeof *f->plan.blocks) < 0)
        return -ENOMEM;
    f->plan.blocks[f->plan.count++] = (struct planned_blocks){
        .offset = item->offset, .first_us = s->first_us, .is_one = s->blocks == 1};
    f->plan.sources = f->source && f->source != item->source ? 2 : f->plan.sources;
    f->is_needed |= f->plan.sources > 1 || s->first_us < f->last_us[s->kind];
    f->source = item->source;
    if (s->last_us > f->last_us[s->kind])
        f->last_us[s->kind] = s->last_us;
    return 1;
}

static int look_at(struct finding *f, const struct tlz_item *item)
{
    f->described += item->kind == TLZ_ITEM_SOURCE;
    return item->kind == TLZ_ITEM_SKIPPED ? add_blocks(f, item) : 1;
}

/* So that each tells of all behind it, too. */
static void sum_up(struct time_plan *plan)
{
    for (size_t i = plan->count; i-- > 1;)
        if (plan->blocks[i].first_us < plan->blocks[i - 1].first_us)
            plan->blocks[i - 1].first_us = plan->blocks[i].first_us;
}

static int find(struct finding *f, struct tlz_reader *reader)
{
    struct tlz_item item;
    int r = 1;

    tlz_reader_window(reader, 1, 0);
    while (r > 0 && (r = tlz_reader_next(reader, &item)) > 0)
        r = look_at(f, &item);
    return r == -ENOMEM ? r : 0;
}

int time_plan_open(struct time_plan *ret, const struct source_type *type, struct input *input)
{
    struct finding f = {.is_needed = false};
    struct tlz_reader *reader = NULL;
    struct tlz_input bytes;
    void *state;
    int r;

    *ret = (struct time_plan){0};
    if (type != &source_tlz || input->fd < 0 || !input_is_file(input) ||
        type->open(&bytes, &state, input) < 0 || !bytes.read_at)
        return 0;
    r = tlz_reader_open(&reader, &bytes);
    if (r == 0)
        r = find(&f, reader);
    tlz_reader_free(reader);
    input->bytes = 0;
    if (r == -ENOMEM || !f.is_needed) {
        time_plan_close(&f.plan);
        return r == -ENOMEM ? r : 0;
    }
    sum_up(&f.plan);
    *ret = f.plan;
    return 0;
}

void time_plan_close(struct time_plan *plan)
{
    free(plan->blocks);
    *plan = (struct time_plan){0};
}

uint64_t time_plan_behind(struct time_plan *plan, uint64_t offset)
{
    const struct planned_blocks *blocks = plan->blocks;

    while (plan->at + 1 < plan->count && blocks[plan->at + 1].offset <= offset)
        plan->at++;
    if (blocks[plan->at].offset > offset || !blocks[plan->at].is_one)
        return blocks[plan->at].first_us;
    return plan->at + 1 < plan->count ? blocks[plan->at + 1].first_us : UINT64_MAX;
}

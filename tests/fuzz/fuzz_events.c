/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz_events.h"

#include "fuzz.h"
#include "fuzz_row.h"

/* Takes off what was not asked for. */
static void keep_fields(struct tlz_row *row, const struct tlz_fieldset *fields)
{
    for (size_t i = 0; i < sizeof fields->bits / sizeof *fields->bits; i++)
        row->present.bits[i] &= fields->bits[i];
}

static void check_batch(const struct row_event *e, const struct tlz_batch *batch,
                        const struct tlz_fieldset *fields)
{
    assert(batch->source == e->source && batch->rows);
    assert(batch->clock.boot_us == e->clock.boot_us && batch->clock.real_us == e->clock.real_us);
    assert(batch->clock.uncertainty_us == e->clock.uncertainty_us);
    assert(batch->clock.status == e->clock.status);
    for (uint32_t row = 0; row < batch->rows; row++, e++) {
        struct tlz_row written = e->row, read;
        uint64_t us = row_unix_us(batch->kind, e);

        assert(us >= batch->time_min_us && us <= batch->time_max_us);
        tlz_batch_row(batch, row, &read);
        row_as_stored(batch->kind, &written);
        keep_fields(&written, fields);
        keep_fields(&read, fields);
        check_same_row(batch->kind, &written, &read);
    }
}

static void check_host(const struct event *e, const struct tlz_metadata *meta)
{
    size_t size = 0;
    const char *text = tlz_metadata_text(meta, TLZ_META_HOST, &size);

    assert(text && size == e->name.size && !memcmp(text, e->text, size));
}

static void check_name(const struct event *e, const struct tlz_name *name)
{
    assert(name->kind == e->name.kind && name->id == e->name.id && name->size == e->name.size);
    assert(!memcmp(name->text, e->text, name->size));
}

static void check_loss(const struct tlz_loss *a, const struct tlz_loss *b)
{
    assert(a->kind == b->kind && a->cause == b->cause && a->count == b->count);
    assert(a->from_us == b->from_us && a->to_us == b->to_us);
}

/* What is passed over is of that source and not in the window; how many rows it is. */
static size_t check_skipped(const struct row_event *e, const struct tlz_item *item,
                            const struct window *window)
{
    uint64_t first_us = UINT64_MAX, last_us = 0;

    assert(item->skipped.rows && item->skipped.blocks);
    for (uint64_t i = 0; i < item->skipped.rows; i++, e++) {
        uint64_t us = row_unix_us(item->skipped.kind, e);

        assert(e->source == item->source);
        assert(us < window->from_us || us > window->to_us);
        first_us = us < first_us ? us : first_us;
        last_us = us > last_us ? us : last_us;
    }
    assert(item->skipped.first_us == first_us && item->skipped.last_us == last_us);
    return item->skipped.rows;
}

size_t check_rows(const struct row_event *e, const struct tlz_item *item,
                  const struct tlz_fieldset *fields, const struct window *window)
{
    if (item->kind == TLZ_ITEM_SKIPPED)
        return check_skipped(e, item, window);
    check_batch(e, item->batch, fields);
    return item->batch->rows;
}

void check_event(const struct event *e, const struct tlz_item *item)
{
    assert(item->kind == e->kind && item->source == e->source);
    if (item->kind == TLZ_ITEM_LOSS)
        check_loss(&e->loss, &item->loss);
    else if (item->kind == TLZ_ITEM_NAME)
        check_name(e, &item->name);
    else
        check_host(e, item->meta);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz_events.h"

#include "fuzz.h"
#include "fuzz_session.h"

/* Takes off what was not asked for. */
static void keep_fields(struct tlz_row *session, const struct tlz_fieldset *fields)
{
    for (size_t i = 0; i < sizeof fields->bits / sizeof *fields->bits; i++)
        session->present.bits[i] &= fields->bits[i];
}

static void check_batch(const struct event *e, const struct tlz_batch *batch,
                        const struct tlz_fieldset *fields)
{
    assert(batch->source == e->source && batch->rows);
    assert(batch->clock.boot_us == e->clock.boot_us && batch->clock.real_us == e->clock.real_us);
    assert(batch->clock.uncertainty_us == e->clock.uncertainty_us);
    assert(batch->clock.status == e->clock.status);
    for (uint32_t row = 0; row < batch->rows; row++, e++) {
        struct tlz_row written = e->session, read;
        uint64_t close_us = event_unix_us(e);

        assert(e->kind == TLZ_ITEM_ROWS);
        assert(close_us >= batch->time_min_us && close_us <= batch->time_max_us);
        tlz_batch_row(batch, row, &read);
        session_as_stored(&written);
        keep_fields(&written, fields);
        keep_fields(&read, fields);
        check_same_session(&written, &read);
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
    assert(a->cause == b->cause && a->count == b->count);
    assert(a->from_us == b->from_us && a->to_us == b->to_us);
}

/* What is passed over is of that source and not in the window; how many sessions it is. */
static size_t check_skipped(const struct event *e, const struct tlz_item *item,
                            const struct window *window)
{
    uint64_t first_us = UINT64_MAX, last_us = 0;

    assert(item->skipped.rows && item->skipped.blocks);
    for (uint64_t i = 0; i < item->skipped.rows; i++, e++) {
        assert(e->kind == TLZ_ITEM_ROWS && e->source == item->source);
        assert(event_unix_us(e) < window->from_us || event_unix_us(e) > window->to_us);
        first_us = event_unix_us(e) < first_us ? event_unix_us(e) : first_us;
        last_us = event_unix_us(e) > last_us ? event_unix_us(e) : last_us;
    }
    assert(item->skipped.first_us == first_us && item->skipped.last_us == last_us);
    return item->skipped.rows;
}

size_t check_item(const struct event *e, const struct tlz_item *item,
                  const struct tlz_fieldset *fields, const struct window *window)
{
    if (item->kind == TLZ_ITEM_SKIPPED)
        return check_skipped(e, item, window);
    assert(item->kind == e->kind && item->source == e->source);
    if (tlz_item_has(item, TLZ_SESSIONS))
        check_batch(e, item->batch, fields);
    else if (item->kind == TLZ_ITEM_LOSS)
        check_loss(&e->loss, &item->loss);
    else if (item->kind == TLZ_ITEM_NAME)
        check_name(e, &item->name);
    else
        check_host(e, item->meta);
    return tlz_item_has(item, TLZ_SESSIONS) ? item->batch->rows : 1;
}
